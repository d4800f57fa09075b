/** Every Azure step, through its contract and the real SDK, against the sandbox's ARM. */
import { expect, test } from "vitest";
import { armFamily } from "../../../src/families/arm/family.ts";
import { compareFields } from "../../../src/plan/compare.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import aksCluster from "../../../src/steps/azure/aks-cluster.ts";
import aksNodePool from "../../../src/steps/azure/aks-node-pool.ts";
import existingGroup from "../../../src/steps/azure/existing-resource-group.ts";
import workspace from "../../../src/steps/azure/log-analytics-workspace.ts";
import managedIdentity from "../../../src/steps/azure/managed-identity.ts";
import publicIp from "../../../src/steps/azure/public-ip.ts";
import resourceGroup from "../../../src/steps/azure/resource-group.ts";
import roleAssignment from "../../../src/steps/azure/role-assignment.ts";
import { openSandboxContext, type SandboxContext } from "./sandbox-context.ts";

/** What the runner does with one step of a pipeline. */
const run = <Output extends Outputs>(
  { context, site }: SandboxContext,
  id: string,
  step: Step<unknown, Output, unknown>,
  given: unknown,
) => {
  const input = step.input.parse(given);
  const ref = step.locate(input, site);
  const own = { ...context, owner: { pipeline: "demo", instance: "clu-demo", step: id } };
  const changes = async (): Promise<readonly string[]> => {
    const observed = await step.observe(own, ref);
    const actual = observed.state === "present" ? observed.actual : undefined;
    return compareFields(step.fields(input, actual), actual !== undefined).changes.map(
      ({ path, effect }) => `${path}: ${effect}`,
    );
  };
  const output = async (): Promise<Output> => {
    const observed = await step.observe(own, ref);
    if (observed.state !== "present") throw new Error(`${ref.id} is ${observed.state}`);
    return observed.output;
  };
  return {
    ref,
    changes,
    output,
    up: async (): Promise<Output> => {
      await step.apply(own, ref, input, await step.observe(own, ref));
      expect(await step.verify(own, ref, input)).toMatchObject({ ready: true });
      return output();
    },
    destroy: () => step.destroy(own, ref),
    predicted: () =>
      Object.fromEntries(Object.entries(step.predict).map(([name, of]) => [name, of?.(input, ref)])),
  };
};

const clusterInput = (world: Awaited<ReturnType<typeof everything>>, more: object = {}) => ({
  group: world.group,
  name: "clu",
  kubernetesVersion: "1.34",
  identity: world.identity,
  grants: [world.grant],
  monitoring: world.logs,
  ...more,
});

/** All that a cluster rests on. */
const everything = async (azure: SandboxContext) => {
  const group = await run(azure, "group", resourceGroup, { name: "rg", location: "westeurope" }).up();
  const ip = await run(azure, "ip", publicIp, { group, name: "ip", dnsLabel: "demo-clu" }).up();
  const identity = await run(azure, "identity", managedIdentity, { group, name: "clu-identity" }).up();
  const grant = await run(azure, "grant", roleAssignment, {
    identity,
    scope: group,
    role: "Network Contributor",
  }).up();
  const logs = await run(azure, "logs", workspace, { group, name: "clu-logs", retention: 60 }).up();
  return { group, ip, identity, grant, logs };
};

test("group, address, identity, role and workspace come up, and a second look shows no change", async () => {
  const azure = await openSandboxContext();
  const { group, ip, identity, grant, logs } = await everything(azure);
  expect(ip).toMatchObject({
    address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
    fqdn: "demo-clu.westeurope.cloudapp.azure.com",
    group: "rg",
  });
  expect(grant).toMatchObject({
    principalId: identity.principalId,
    scope: group.id,
    role: "Network Contributor",
  });
  const steps = [
    run(azure, "group", resourceGroup, { name: "rg", location: "westeurope" }),
    run(azure, "ip", publicIp, { group, name: "ip", dnsLabel: "demo-clu" }),
    run(azure, "identity", managedIdentity, { group, name: "clu-identity" }),
    run(azure, "grant", roleAssignment, { identity, scope: group, role: "Network Contributor" }),
    run(azure, "logs", workspace, { group, name: "clu-logs", retention: 60 }),
  ];
  azure.sandbox.control.clearRequests();
  for (const step of steps) {
    expect(await step.changes()).toEqual([]);
    await step.up();
    expect(await step.output()).toMatchObject(step.predicted());
  }
  expect(
    azure.sandbox.control
      .requests()
      .entries.filter(({ service, method }) => service === "arm" && method !== "GET"),
  ).toEqual([]);
  const found = await armFamily.discover(azure.context, azure.site, []);
  expect(found.map(({ owner, ref }) => `${owner.step} ${ref.type} ${ref.id.toLowerCase()}`).sort()).toEqual(
    [group, ip, identity, grant, logs]
      .map(
        ({ id }, index) =>
          `${steps[index] && ["group", "ip", "identity", "grant", "logs"][index]} ${steps[index]?.ref.type} ${id.toLowerCase()}`,
      )
      .sort(),
  );
  expect(logs.name).toBe("clu-logs");
});

test("a look-up gives the same handle as the step that made the group, and never writes", async () => {
  const azure = await openSandboxContext();
  const group = await run(azure, "group", resourceGroup, { name: "rg", location: "westeurope" }).up();
  const lookUp = run(azure, "found", existingGroup, { name: "rg" });
  expect(await lookUp.output()).toEqual(group);
  await lookUp.destroy();
  expect(await lookUp.output()).toEqual(group);
});

test("a cluster comes up as asked, changes nothing the second time, and logs in", async () => {
  const azure = await openSandboxContext();
  const world = await everything(azure);
  const cluster = run(azure, "cluster", aksCluster, clusterInput(world));
  const made = await cluster.up();
  expect(made).toMatchObject(cluster.predicted());
  expect(made).toMatchObject({
    id: `${cluster.ref.id}#admin`,
    nodeResourceGroup: "MC_rg_clu_westeurope",
    kubernetesVersion: expect.stringMatching(/^1\.34\.\d+$/),
    fqdn: expect.stringContaining("clu"),
    principalId: world.identity.principalId,
  });
  expect(await cluster.changes()).toEqual([]);
  azure.sandbox.control.clearRequests();
  await cluster.up();
  expect(azure.sandbox.control.requests().entries.filter(({ method }) => method === "PUT")).toEqual([]);
});

test("an upgrade by one minor goes control plane first, then the pool; by two it is refused", async () => {
  const azure = await openSandboxContext();
  const world = await everything(azure);
  await run(azure, "cluster", aksCluster, clusterInput(world)).up();
  const two = run(azure, "cluster", aksCluster, clusterInput(world, { kubernetesVersion: "1.36" }));
  expect(await two.changes()).toContain("kubernetesVersion: refuse");
  const one = run(azure, "cluster", aksCluster, clusterInput(world, { kubernetesVersion: "1.35" }));
  expect(await one.changes()).toEqual([
    "kubernetesVersion: disrupt",
    "systemPool.kubernetesVersion: disrupt",
  ]);
  azure.sandbox.control.clearRequests();
  expect(await one.up()).toMatchObject({ kubernetesVersion: expect.stringMatching(/^1\.35\./) });
  expect(azure.sandbox.control.requests().entries.filter(({ method }) => method === "PUT")).toHaveLength(2);
  expect(await one.changes()).toEqual([]);
});

test("scaling, autoscaling and authorised addresses are changed in place; what can't be is said", async () => {
  const azure = await openSandboxContext();
  const world = await everything(azure);
  await run(azure, "cluster", aksCluster, clusterInput(world)).up();
  const scaled = run(
    azure,
    "cluster",
    aksCluster,
    clusterInput(world, {
      systemPool: { count: 1, autoscale: { minimum: 3, maximum: 5 } },
      authorizedIpRanges: ["203.0.113.7"],
      access: "user",
    }),
  );
  expect(await scaled.changes()).toEqual([
    "systemPool.autoscale: update",
    "authorizedIpRanges: update",
    "access: update",
  ]);
  expect(await scaled.up()).toMatchObject({ id: `${scaled.ref.id}#user` });
  expect(await scaled.changes()).toEqual([]);
  const other = run(
    azure,
    "cluster",
    aksCluster,
    clusterInput(world, {
      systemPool: { size: "Standard_D8ds_v5" },
      network: { podCidr: "10.200.0.0/16" },
      dnsPrefix: "x",
    }),
  );
  expect(await other.changes()).toEqual(
    expect.arrayContaining(["dnsPrefix: replace", "systemPool.size: refuse", "network.podCidr: replace"]),
  );
});

test("a further pool is made, relabelled in place and removed; the cluster's own settings do not see it", async () => {
  const azure = await openSandboxContext();
  const world = await everything(azure);
  const cluster = run(azure, "cluster", aksCluster, clusterInput(world));
  const handle = await cluster.up();
  const input = {
    cluster: handle,
    name: "work",
    size: "Standard_D4ds_v5",
    count: 1,
    taints: ["a=b:NoSchedule"],
  };
  const pool = run(azure, "pool", aksNodePool, { ...input, labels: { tier: "x" } });
  expect(await pool.up()).toMatchObject(pool.predicted());
  expect(await pool.changes()).toEqual([]);
  expect(await cluster.changes()).toEqual([]);
  const relabelled = run(azure, "pool", aksNodePool, { ...input, labels: { tier: "y" } });
  expect(await relabelled.changes()).toEqual(["labels: update"]);
  await relabelled.up();
  const found = await armFamily.discover(azure.context, azure.site, []);
  expect(
    found
      .filter(({ ref }) => /cluster|pool/.test(ref.type))
      .map(({ owner }) => owner.step)
      .sort(),
  ).toEqual(["cluster", "pool"]);
  await pool.destroy();
  expect(
    (await armFamily.discover(azure.context, azure.site, [])).some(({ owner }) => owner.step === "pool"),
  ).toBe(false);
});

test("destroying in the other order leaves nothing behind", async () => {
  const azure = await openSandboxContext();
  const world = await everything(azure);
  const cluster = run(azure, "cluster", aksCluster, clusterInput(world));
  await cluster.up();
  await cluster.destroy();
  await run(azure, "grant", roleAssignment, {
    identity: world.identity,
    scope: world.group,
    role: "Network Contributor",
  }).destroy();
  await run(azure, "group", resourceGroup, { name: "rg", location: "westeurope" }).destroy();
  const { groups, resources } = azure.sandbox.control.inventory();
  expect({ groups, resources }).toEqual({ groups: [], resources: [] });
});
