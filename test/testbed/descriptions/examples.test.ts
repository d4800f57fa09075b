/** The recorded examples of Azure's descriptions: the sandbox's answers have the shape of those that are recorded. */
import { expect, test } from "vitest";
import { isDescribed, openPublished, unlessDescribed } from "./described.ts";
import { differenceOf, fitted, pathOf, readExample } from "./examples.ts";
import { versionOf } from "./operations.ts";
import { openPlainAzure } from "./plain-azure.ts";

test("a difference is a key that is lacking or a value of another type, in lists too", () => {
  const example = { id: "/a", properties: { list: [{ name: "a", size: 1 }], none: null, text: "t" } };
  const ours = { id: "/b", more: 1, properties: { list: [{ name: "b" }], none: "n", text: ["t"] } };
  expect(differenceOf(example, ours)).toEqual({
    lacking: ["/properties/list[]/size"],
    unlike: ["/properties/text: string, not array"],
  });
  expect(differenceOf(example, example)).toEqual({ lacking: [], unlike: [] });
});

test("an example is made to fit: the sandbox's subscription, and a region that it plays", () => {
  const body = { location: "location1", properties: { id: "/subscriptions/subid/resourceGroups/rg" } };
  expect(fitted(body, "/subscriptions/ours")).toEqual({
    location: "eastus",
    properties: { id: "/subscriptions/ours/resourceGroups/rg" },
  });
  const path = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/A.B/cs/{name}";
  const example = { parameters: { resourceGroupName: "rg1", name: "c1" }, responses: {} };
  expect(pathOf(path, example)).toBe("/resourceGroups/rg1/providers/A.B/cs/c1");
});

const made = {
  network: ["publicIPAddresses", "virtualNetworks", "loadBalancers", "networkSecurityGroups"].map(
    (type) => `/providers/Microsoft.Network/${type}/n`,
  ),
  identities: ["/providers/Microsoft.ManagedIdentity/userAssignedIdentities/n"],
  workspaces: ["/providers/Microsoft.OperationalInsights/workspaces/n"],
  authorization: ["/providers/Microsoft.Authorization/roleAssignments/n"],
  containerService: ["/providers/Microsoft.ContainerService/managedClusters/n"],
} as const;
const areas = ["network", "identities", "workspaces", "authorization", "containerService"] as const;

test.skipIf(!isDescribed("azure"))(
  `what is made as in an example is answered in its shape${unlessDescribed("azure")}`,
  async ({ annotate }) => {
    const { find } = await openPublished("azure");
    const unlike: string[] = [];
    let compared = 0;
    for (const [area, path] of areas.flatMap((area) => made[area].map((path) => [area, path] as const))) {
      const version = versionOf(area);
      const described = find("PUT", `/subscriptions/s/resourceGroups/g${path}`, version);
      if (!described) continue;
      const lacking = new Map<string, number>();
      const refused = new Set<string>();
      for (const file of described.examples) {
        await using azure = await openPlainAzure();
        const example = await readExample(file);
        const group = `/resourceGroups/${String(example.parameters.resourceGroupName ?? "rg1")}`;
        await azure.ask("PUT", group, versionOf("resources"), { location: "eastus" });
        const at = pathOf(described.path, {
          ...example,
          parameters: { scope: group.slice(1), ...example.parameters },
        });
        if (described.body === undefined) throw new Error(`${described.operationId} has no body`);
        const body = fitted(example.parameters[described.body], azure.subscription);
        const { status, answer } = await azure.ask("PUT", at, version, body);
        const recorded = (example.responses[status] ?? example.responses[200])?.body;
        if (status >= 400 || recorded === undefined) {
          refused.add(JSON.stringify(answer).slice(0, 160));
          continue;
        }
        compared++;
        const difference = differenceOf(recorded, answer);
        for (const key of difference.lacking) lacking.set(key, (lacking.get(key) ?? 0) + 1);
        unlike.push(...difference.unlike.map((text) => `${described.operationId} ${text}`));
      }
      const said = [...lacking].map(([key, times]) => `${key} (${times})`).join(", ");
      await annotate(`${described.operationId} ${described.version} lacks: ${said || "nothing"}`);
      if (refused.size > 0) await annotate(`${described.operationId} refused: ${[...refused].join("; ")}`);
    }
    await annotate(`${compared} answers compared`);
    expect(unlike).toEqual([]);
  },
);
