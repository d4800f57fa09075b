/** The roles that a login needs, from the pipeline alone; and that the bootstrap pipelines give just these. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { accessOf, type Grant } from "../../src/application/access.ts";
import { azureRoles } from "../../src/application/azure-roles.ts";
import { createRequest } from "../../src/application/request.ts";
import { checkPipeline } from "../../src/language/check.ts";
import { resolveInputs } from "../../src/language/inputs.ts";
import { Hole, type Value } from "../../src/language/value.ts";
import { plannedOutputs } from "../../src/plan/outputs.ts";
import { resolveStep } from "../../src/plan/resolve.ts";
import { allows } from "../../src/preflight/azure/permission.ts";
import { registry } from "../../src/registry/registry.ts";
import type { Request } from "../../src/run/prepare.ts";
import { allRoles, roleByName } from "../../src/sandbox/arm/catalogue/roles.ts";
import { builtInRoles, roleGuid } from "../../src/steps/azure/role-definitions.ts";

const open = async (text: string, given: Readonly<Record<string, string>> = {}): Promise<Request> => {
  const { pipeline, diagnostics } = checkPipeline(text, { file: "p.yaml", manifest: registry.manifest });
  if (!pipeline) throw new Error(JSON.stringify(diagnostics));
  const values = Object.entries(given).map(([name, value]) => [name, { value, from: "test" }] as const);
  return createRequest({
    text,
    pipeline,
    registry,
    inputs: resolveInputs(pipeline, new Map(values)).inputs,
    secret: (name) => new Hole([{ kind: "secret", name }], true),
    subscription: "sub",
    tenant: undefined,
    toolVersion: "0",
    offline: true,
  });
};
const openFile = async (file: string, given: Readonly<Record<string, string>>) =>
  open(await readFile(new URL(`../../pipelines/${file}`, import.meta.url), "utf8"), given);

const mainPipeline = () => openFile("aks-nginx-flux.yaml", { domain: "example.com" });
const id = "23609cc8-ca30-4d7d-a018-0a285693d227";
const bootstraps = [
  ["bootstrap-github.yaml", { repository: "octo/shop" }],
  ["bootstrap-azure-devops.yaml", { "organization-id": id, "service-connection-id": id }],
] as const;

const assignmentInput = z.object({
  scope: z.object({ id: z.string() }),
  role: z.string(),
  mayAssign: z.array(z.string()).optional(),
});

/** The roles that a pipeline's own steps assign, and where. */
const assignedBy = ({ setting, graph }: Request): readonly Omit<Grant, "steps">[] => {
  const outputs = new Map<string, Value>();
  return graph.order.flatMap((step) => {
    const declaration = setting.pipeline.steps.get(step);
    if (!declaration) return [];
    const resolved = resolveStep(setting, declaration, (of) => outputs.get(of));
    outputs.set(step, plannedOutputs(resolved, "create", undefined));
    if (declaration.uses !== "azure/role-assignment") return [];
    const { scope, role, mayAssign } = assignmentInput.parse(resolved.input);
    return [{ scope: scope.id, role, mayAssign }];
  });
};

const sorted = (grants: readonly Omit<Grant, "steps">[]) =>
  grants.map(({ scope, role, mayAssign }) => JSON.stringify([scope, role, mayAssign ?? "anything"])).sort();

test("the main pipeline needs to make groups, and to give its cluster one role", async () => {
  const access = accessOf(await mainPipeline());
  expect(access.grants).toEqual([
    {
      scope: "/subscriptions/sub",
      role: "Role Based Access Control Administrator",
      mayAssign: ["Network Contributor"],
      steps: ["grant"],
    },
    {
      scope: "/subscriptions/sub",
      role: "Contributor",
      mayAssign: undefined,
      steps: ["ip-group", "group", "ip", "identity", "logs", "grant", "cluster"],
    },
  ]);
  expect(access).toMatchObject({ uncovered: [], unknown: [] });
  expect(access.permissions.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      "Microsoft.Resources/subscriptions/resourceGroups/delete",
      "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
      "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
      "Microsoft.OperationalInsights/workspaces/sharedkeys/read",
    ]),
  );
});

test.each(bootstraps)(
  "%s gives the roles that the main pipeline needs: no more, no less",
  async (file, given) => {
    const needed = accessOf(await mainPipeline()).grants;
    expect(sorted(assignedBy(await openFile(file, given)))).toEqual(sorted(needed));
  },
);

const inGroup = (step: string) => `
name: small
steps:
  group: { uses: azure/existing-resource-group, with: { name: rg } }
${step}`;

test("in a group that is there, narrow roles on that group are enough", async () => {
  const address = await open(
    inGroup(`  ip: { uses: azure/public-ip, with: { group: "\${{ steps.group.outputs }}", name: ip } }\n`),
  );
  expect(accessOf(address).grants).toEqual([
    {
      scope: "/subscriptions/sub/resourceGroups/rg",
      role: "Network Contributor",
      mayAssign: undefined,
      steps: ["group", "ip"],
    },
  ]);
  const logs = await open(
    inGroup(
      `  logs: { uses: azure/log-analytics-workspace, with: { group: "\${{ steps.group.outputs }}", name: logs } }\n`,
    ),
  );
  expect(accessOf(logs).grants.map(({ role }) => role)).toEqual(["Log Analytics Contributor"]);
});

test("a role on something that the pipeline makes in a group is given on the group", async () => {
  const request = await open(
    inGroup(`  ip: { uses: azure/public-ip, with: { group: "\${{ steps.group.outputs }}", name: ip } }
  identity: { uses: azure/managed-identity, with: { group: "\${{ steps.group.outputs }}", name: id1 } }
  grant:
    uses: azure/role-assignment
    with: { identity: "\${{ steps.identity.outputs }}", scope: "\${{ steps.ip.outputs }}", role: Network Contributor }
`),
  );
  const { grants } = accessOf(request);
  expect(new Set(grants.map(({ scope }) => scope))).toEqual(
    new Set(["/subscriptions/sub/resourceGroups/rg"]),
  );
  expect(grants.map(({ role, mayAssign }) => [role, mayAssign])).toEqual([
    ["Managed Identity Contributor", undefined],
    ["Network Contributor", undefined],
    ["Role Based Access Control Administrator", ["Network Contributor"]],
  ]);
});

test("a scope that only a run can tell is said to be unknown", async () => {
  const request = await open(`
name: later
inputs: { x: { type: string, default: a } }
steps:
  group: { uses: azure/resource-group, with: { name: rg, location: westeurope } }
  logs: { uses: azure/log-analytics-workspace, with: { group: "\${{ steps.group.outputs }}", name: logs } }
  other:
    uses: azure/existing-resource-group
    with: { name: "\${{ steps.logs.outputs.customerId }}" }
`);
  expect(accessOf(request).unknown).toEqual(["other"]);
});

test("no role that is computed could be left out or be a narrower one", async () => {
  const { grants, permissions } = accessOf(await mainPipeline());
  for (const { role } of grants) {
    const others = azureRoles.filter(
      ({ name }) => name !== role && grants.some((grant) => grant.role === name),
    );
    expect(permissions.every(({ action }) => allows(others, action))).toBe(false);
  }
});

test("the tables of roles say the same: ids, and what each allows of the steps' actions", async () => {
  for (const { name, id: guid } of azureRoles) {
    if (Object.hasOwn(builtInRoles, name)) expect(roleGuid(name)).toBe(guid);
    expect(roleByName(name)?.id).toBe(guid);
  }
  const { permissions } = accessOf(await mainPipeline());
  for (const role of azureRoles) {
    const sandboxed = allRoles().filter(({ id: guid }) => guid === role.id);
    for (const { action } of permissions)
      expect([role.name, action, allows(sandboxed, action)]).toEqual([
        role.name,
        action,
        allows([role], action),
      ]);
  }
});
