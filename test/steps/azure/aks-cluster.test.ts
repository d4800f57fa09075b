import { expect, test } from "vitest";
import { at, isObject, listAt, withValue } from "../../../src/families/arm/model.ts";
import aksCluster from "../../../src/steps/azure/aks-cluster.ts";
import { driveStep, testSite } from "../../fakes/drive-step.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { fakeAzure } from "../../families/arm/fake-azure.ts";

const group = {
  kind: "resource-group",
  id: "/subscriptions/sub/resourceGroups/rg",
  name: "rg",
  location: "westeurope",
};
const identity = {
  kind: "identity",
  id: `${group.id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi`,
  name: "mi",
  principalId: "principal",
  clientId: "client",
};
const id = `${group.id}/providers/Microsoft.ContainerService/managedClusters/clu`;
const basis = { group, name: "clu", kubernetesVersion: "1.35", identity };

const setUp = (input: object = {}) => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: quickClock() });
  return { cloud, context, step: driveStep(aksCluster, context, { ...basis, ...input }) };
};

test("a cluster is created only where none is, and every network choice is said", async () => {
  const { cloud, step } = setUp();
  await step.up();
  expect(cloud.conditions[0]).toEqual({ match: undefined, absent: true });
  expect(cloud.bodies[0]).toMatchObject({
    location: "westeurope",
    sku: { name: "Base", tier: "Standard" },
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity.id]: {} } },
    properties: {
      kubernetesVersion: "1.35",
      dnsPrefix: "clu",
      nodeResourceGroup: "MC_rg_clu_westeurope",
      enableRBAC: true,
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkPolicy: "cilium",
        networkDataplane: "cilium",
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
        dnsServiceIP: "10.0.0.10",
        loadBalancerSku: "standard",
        outboundType: "loadBalancer",
        loadBalancerProfile: { managedOutboundIPs: { count: 1 } },
      },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          type: "VirtualMachineScaleSets",
          osType: "Linux",
          vmSize: "Standard_D4ds_v5",
          count: 2,
          availabilityZones: ["1", "2", "3"],
        },
      ],
    },
  });
});

test("names, place and login are known before anything exists; what the server chooses is not", () => {
  const input = aksCluster.input.parse({ ...basis, access: "entra" });
  const ref = aksCluster.locate(input, testSite);
  expect(ref).toMatchObject({ id, within: { id: group.id } });
  const predicted = Object.fromEntries(
    Object.entries(aksCluster.predict).map(([name, of]) => [name, of(input, ref)]),
  );
  expect(predicted).toEqual({
    kind: "cluster",
    id: `${id}#entra`,
    name: "clu",
    resourceId: id,
    group: "rg",
    location: "westeurope",
    nodeResourceGroup: "MC_rg_clu_westeurope",
    principalId: "principal",
  });
});

test("with an autoscaler the number of nodes is never drift, and begins within the bounds", async () => {
  const { cloud, step } = setUp({ systemPool: { count: 9, autoscale: { minimum: 2, maximum: 4 } } });
  await step.up();
  expect(listAt(cloud.bodies[0], "properties.agentPoolProfiles")[0]).toMatchObject({
    count: 4,
    minCount: 2,
    maxCount: 4,
    enableAutoScaling: true,
  });
  const [pool] = listAt(cloud.resources.get(id.toLowerCase()), "properties.agentPoolProfiles");
  const scaled = isObject(pool) ? [{ ...pool, count: 3 }] : [];
  cloud.resources.set(
    id.toLowerCase(),
    withValue(cloud.resources.get(id.toLowerCase()) ?? {}, "properties.agentPoolProfiles", scaled),
  );
  expect(await step.changes()).toEqual([]);
});

test("a write that lost a race for the ETag is made anew from what is there then", async () => {
  const { cloud, context, step } = setUp();
  await step.up();
  let raced = false;
  cloud.beforeWrite = () => {
    if (raced) return;
    raced = true;
    cloud.resources.set(id.toLowerCase(), {
      ...withValue(cloud.resources.get(id.toLowerCase()) ?? {}, "properties.theirs", "kept"),
      eTag: "another",
    });
  };
  await driveStep(aksCluster, context, { ...basis, tier: "Free" }).up();
  expect(cloud.bodies.at(-1)).toMatchObject({ sku: { tier: "Free" }, properties: { theirs: "kept" } });
  expect(cloud.conditions.at(-1)).toEqual({ match: "another", absent: false });
});

test("what AKS alone writes is not sent back: a node image's version would ask for a rollback", async () => {
  const { cloud, context, step } = setUp();
  cloud.complete = (_, body) => {
    const pools = listAt(body, "properties.agentPoolProfiles")
      .filter(isObject)
      .map((pool) => ({ ...pool, nodeImageVersion: "AKSUbuntu-1", currentOrchestratorVersion: "1.35.1" }));
    return withValue(
      withValue(body, "properties.agentPoolProfiles", pools),
      "properties.currentKubernetesVersion",
      "1.35.1",
    );
  };
  await step.up();
  await driveStep(aksCluster, context, { ...basis, tier: "Free" }).up();
  const body = cloud.bodies.at(-1);
  expect(at(body, "properties.currentKubernetesVersion")).toBeUndefined();
  expect(at(body, "properties.agentPoolProfiles.0.nodeImageVersion")).toBeUndefined();
  expect(at(body, "properties.agentPoolProfiles.0.currentOrchestratorVersion")).toBeUndefined();
});

test("identities that AKS makes for its add-ons and for itself are not sent back", async () => {
  const { cloud, context, step } = setUp();
  const made = { resourceId: "/made", clientId: "c", objectId: "o" };
  const written = {
    "properties.addonProfiles": { omsagent: { enabled: true, identity: made } },
    "properties.ingressProfile.webAppRouting": { enabled: true, identity: made },
    "properties.networkProfile.natGatewayProfile": { effectiveOutboundIPs: [{ id: "/made" }] },
    "identity.principalId": "p",
    "identity.tenantId": "t",
  };
  cloud.complete = (_, body) =>
    Object.entries(written).reduce((model, [path, value]) => withValue(model, path, value), body);
  await step.up();
  await driveStep(aksCluster, context, { ...basis, tier: "Free" }).up();
  const body = cloud.bodies.at(-1);
  expect(at(body, "properties.addonProfiles")).toEqual({ omsagent: { enabled: true } });
  expect(at(body, "properties.ingressProfile.webAppRouting")).toEqual({ enabled: true });
  expect(at(body, "properties.networkProfile.natGatewayProfile")).toEqual({});
  expect(Object.keys(Object(at(body, "identity"))).sort()).toEqual(["type", "userAssignedIdentities"]);
});

test("a maintenance window is written to both schedules below the cluster, once", async () => {
  const { cloud, step } = setUp({ maintenanceWindow: { day: "Sunday", start: "02:00", hours: 6 } });
  await step.up();
  const below = `${id}/maintenanceConfigurations`;
  expect(cloud.writes).toEqual([
    `PUT ${id}`,
    `PUT ${below}/aksManagedAutoUpgradeSchedule`,
    `PUT ${below}/aksManagedNodeOSUpgradeSchedule`,
  ]);
  expect(cloud.bodies[1]).toEqual({
    properties: {
      maintenanceWindow: {
        schedule: { weekly: { intervalWeeks: 1, dayOfWeek: "Sunday" } },
        durationHours: 6,
        utcOffset: "+00:00",
        startTime: "02:00",
      },
    },
  });
  expect(await step.changes()).toEqual([]);
  await step.up();
  expect(cloud.writes).toHaveLength(3);
});

test("admin access to a cluster without local accounts is refused before the first write", async () => {
  const { cloud, step } = setUp({ disableLocalAccounts: true });
  await expect(step.up()).rejects.toMatchObject({ code: "P0823", kind: "rejected" });
  expect(cloud.writes).toEqual([]);
});

test("a stopped cluster, and one with a broken pool, are not ready, and waiting would not help", async () => {
  const { cloud, context, step } = setUp();
  await step.up();
  const input = aksCluster.input.parse(basis);
  const made = cloud.resources.get(id.toLowerCase()) ?? {};
  cloud.resources.set(id.toLowerCase(), withValue(made, "properties.powerState.code", "Stopped"));
  expect(await aksCluster.verify(context, step.ref, input)).toMatchObject({
    ready: false,
    reason: "the cluster is stopped",
    worthWaiting: false,
  });
  const broken = [{ name: "system", mode: "System", provisioningState: "Failed" }];
  cloud.resources.set(id.toLowerCase(), withValue(made, "properties.agentPoolProfiles", broken));
  expect(await aksCluster.verify(context, step.ref, input)).toMatchObject({
    ready: false,
    worthWaiting: false,
  });
});

test("preflight is told of everything that a cluster needs", () => {
  const input = aksCluster.input.parse({ ...basis, systemPool: { count: 3 } });
  expect(aksCluster.requires?.(input)).toEqual(
    expect.arrayContaining([
      { kind: "provider", namespace: "Microsoft.ContainerService" },
      {
        kind: "permission",
        action: "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
        scope: group.id,
      },
      {
        kind: "vm-size",
        location: "westeurope",
        size: "Standard_D4ds_v5",
        count: 3,
        zones: ["1", "2", "3"],
        cluster: id,
      },
      { kind: "kubernetes-version", location: "westeurope", version: "1.35" },
      { kind: "public-ip", location: "westeurope", count: 1 },
    ]),
  );
});
