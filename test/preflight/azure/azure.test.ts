/** Preflight of Azure against the sandbox's ARM: each blocker by its code, each list asked once. */
import { expect, test } from "vitest";
import { apiVersions } from "../../../src/clients/azure/api-versions.ts";
import { checkAzure } from "../../../src/preflight/azure/azure.ts";
import type { Asked } from "../../../src/preflight/check.ts";
import { Failure } from "../../../src/step/failure.ts";
import type { Requirement } from "../../../src/step/requirement.ts";
import aksCluster from "../../../src/steps/azure/aks-cluster.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { openSandboxContext } from "../../steps/azure/sandbox-context.ts";

/** Each is a step's of its own: `one`, `two`. */
const asked = (requirements: readonly Requirement[]): readonly Asked[] =>
  requirements.map((requirement, index) => ({
    ...requirement,
    step: ["one", "two"][index] ?? `step ${index}`,
  }));

const open = async () => {
  const azure = await openSandboxContext();
  const group = `/subscriptions/${azure.client.subscription}/resourceGroups/rg`;
  /** Each as its code and the steps that are told. */
  const blockers = async (requirements: readonly Requirement[]): Promise<readonly string[]> =>
    (await checkAzure(azure.context, asked(requirements)))
      .filter(({ severity }) => severity === "blocker")
      .map(({ code, steps }) => [code, ...steps].join(" "));
  return { ...azure, group, blockers };
};

const size = (more: object = {}): Requirement => ({
  kind: "vm-size",
  location: "westeurope",
  size: "Standard_D4ds_v5",
  count: 2,
  zones: ["1", "2", "3"],
  ...more,
});

test("what a cluster needs is there in a fresh subscription, and each list is read once", async () => {
  const { context, control, group } = await open().then((azure) => ({
    ...azure,
    control: azure.sandbox.control,
  }));
  const input = aksCluster.input.parse({
    group: { kind: "resource-group", id: group, name: "rg", location: "westeurope" },
    name: "clu",
    kubernetesVersion: "1.35",
    identity: { kind: "identity", id: `${group}/x`, name: "x", principalId: "p", clientId: "c" },
  });
  const needed = aksCluster.requires?.(input) ?? [];
  control.clearRequests();
  const findings = await checkAzure(context, asked([...needed, ...needed]));
  expect(findings.filter(({ severity }) => severity !== "ok")).toEqual([]);
  expect(findings.length).toBeGreaterThan(5);
  const paths = control
    .requests()
    .entries.filter(({ service }) => service === "arm")
    .map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});

test("a provider that is not registered", async () => {
  const { sandbox, blockers } = await open();
  const needed: Requirement[] = [{ kind: "provider", namespace: "Microsoft.ContainerService" }];
  expect(await blockers(needed)).toEqual([]);
  sandbox.control.registration("Microsoft.ContainerService", "NotRegistered");
  expect(await blockers(needed)).toEqual(["P0603 one"]);
});

test("an action that the login may not do, on the nearest scope there is", async () => {
  const { sandbox, group, blockers } = await open();
  const needed: Requirement[] = [
    { kind: "permission", action: "Microsoft.Authorization/roleAssignments/write", scope: group },
    {
      kind: "permission",
      action: "Microsoft.Resources/subscriptions/resourceGroups/write",
      scope: "/resourceGroups/rg",
    },
  ];
  sandbox.control.loginRoles(["Owner"]);
  expect(await blockers(needed)).toEqual([]);
  sandbox.control.loginRoles(["Contributor"]);
  expect(await blockers(needed)).toEqual(["P0605 one"]);
  sandbox.control.loginRoles(["Reader"]);
  expect(await blockers(needed)).toEqual(["P0605 one", "P0605 two"]);
});

test("vCPUs beyond the quota of the family, pools of one cluster taken together", async () => {
  const { sandbox, blockers } = await open();
  sandbox.control.quota("westeurope", "cores", 12);
  expect(await blockers([size()])).toEqual([]);
  expect(await blockers([size(), size({ count: 3 })])).toEqual(["P0615 one two"]);
});

test("a quota is told to the steps that take a share of it, and to nobody else", async () => {
  const { sandbox, context } = await open();
  sandbox.control.quota("westeurope", "standardDDSv5Family", 1);
  const two = asked([size(), size({ size: "Standard_D2s_v3" })]);
  const quotas = (await checkAzure(context, two)).filter(({ code }) => code === "P0614" || code === "P0615");
  expect(quotas.map(({ code, steps }) => [code, ...steps].join(" "))).toEqual([
    "P0615 one",
    "P0614 two",
    "P0614 one two",
  ]);
});

test("a size that the region does not have, and a zone it is not in", async () => {
  const { blockers } = await open();
  expect(await blockers([size({ size: "Standard_Nothing" })])).toEqual(["P0611 one"]);
  expect(await blockers([size({ zones: ["7"] })])).toEqual(["P0613 one"]);
});

test("a Kubernetes version that the region does not offer, with those it does", async () => {
  const { context } = await open();
  const [finding] = await checkAzure(context, [
    { step: "one", kind: "kubernetes-version", location: "westeurope", version: "1.12" },
  ]);
  expect(finding).toMatchObject({
    code: "P0621",
    severity: "blocker",
    steps: ["one"],
    hint: expect.stringContaining("1.35"),
  });
});

test("addresses beyond the quota", async () => {
  const { sandbox, blockers } = await open();
  sandbox.control.quota("westeurope", "StandardSkuPublicIpAddresses", 1);
  expect(await blockers([{ kind: "public-ip", location: "westeurope", count: 1 }])).toEqual([]);
  expect(await blockers([{ kind: "public-ip", location: "westeurope", count: 2 }])).toEqual(["P0631 one"]);
});

test("a DNS label that another address has, but not one that the address itself has already", async () => {
  const { client, group, blockers } = await open();
  const id = (name: string) => `${group}/providers/Microsoft.Network/publicIPAddresses/${name}`;
  const label = (address: string): Requirement => ({
    kind: "dns-label",
    location: "westeurope",
    label: "shop",
    address: id(address),
  });
  expect(await blockers([label("first")])).toEqual([]);
  const { signal } = new AbortController();
  const { network, resources } = apiVersions;
  await client.put(group, resources, { location: "westeurope" }, {}, signal);
  const body = {
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { publicIPAllocationMethod: "Static", dnsSettings: { domainNameLabel: "shop" } },
  };
  await client.put(id("first"), network, body, {}, signal);
  expect(await blockers([label("first")])).toEqual([]);
  expect(await blockers([label("second")])).toEqual(["P0633 one"]);
});

test("requirements of other clouds open no client", async () => {
  const context = fakeContext({});
  expect(await checkAzure(context, [{ step: "one", kind: "tool", tool: "helm", atLeast: "3.0.0" }])).toEqual(
    [],
  );
});

test("a check that can't be made is told to the steps that ask for it, and to no others", async () => {
  const refused = new Failure({ kind: "forbidden", code: "AuthorizationFailed", message: "may not list" });
  const azure = {
    subscription: "s",
    list: () => Promise.reject(refused),
    kubernetesVersions: async () => [{ minor: "1.35", patches: ["1.35.4"], preview: false }],
  };
  const findings = await checkAzure(fakeContext({ azure }), [
    { step: "ip", kind: "provider", namespace: "Microsoft.Network" },
    { step: "cluster", kind: "kubernetes-version", location: "westeurope", version: "1.35" },
  ]);
  expect(findings).toMatchObject([
    { code: "P0600", severity: "warning", steps: ["ip"] },
    { code: "P0620", severity: "ok", steps: ["cluster"] },
  ]);
});

test("a login that is missing is a finding, not an error", async () => {
  const failure = new Failure({
    kind: "unauthenticated",
    code: "CredentialUnavailableError",
    message: "no login",
    hint: "`az login`",
  });
  const context = { signal: new AbortController().signal, use: () => Promise.reject(failure) };
  const needed: Asked[] = [{ step: "ip", kind: "provider", namespace: "Microsoft.Network" }];
  expect(await checkAzure(context, needed)).toEqual([
    {
      code: "P0600",
      severity: "blocker",
      steps: ["ip"],
      message: "Azure could not be asked: no login",
      hint: "`az login`",
    },
  ]);
});
