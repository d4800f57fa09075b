import { expect, test } from "vitest";
import { z } from "zod";
import { clusterBody, clusterPath, makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

const identity = "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1";
const assignment =
  "/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/05c5a614-a7d6-4502-b150-c2fb455033ff";
const contributor = "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c";
const resource = z.looseObject({ properties: z.looseObject({}) });

test("an agent pool has its eTag among its properties, and it can be asked for as a condition", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody());
  const path = `${clusterPath}/agentPools/system`;
  const { body } = await azure.request("GET", path);
  expect(body).not.toHaveProperty("eTag");
  const { eTag } = resource.parse(body).properties;
  expect(eTag).toEqual(expect.any(String));
  const pool = { properties: { count: 3, mode: "System" } };
  expect(refusal(await azure.request("PUT", path, pool, { "if-match": "another" }))).toMatchObject({
    status: 412,
  });
  expect((await azure.request("PUT", path, pool, { "if-match": String(eTag) })).status).toBe(200);
});

test("an empty version of Kubernetes is AKS's own choice, of a cluster and of a pool", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const made = await azure.request("PUT", clusterPath, clusterBody({ kubernetesVersion: "" }));
  expect(made.status).toBe(201);
  const { kubernetesVersion } = resource.parse(made.body).properties;
  expect(kubernetesVersion).toMatch(/^1\.\d+/);
  const again = await azure.request("PUT", clusterPath, clusterBody({ kubernetesVersion: "" }));
  expect(resource.parse(again.body).properties).toMatchObject({ kubernetesVersion });
  const pool = { properties: { count: 1, vmSize: "Standard_D2s_v5", orchestratorVersion: "" } };
  const { body } = await azure.request("PUT", `${clusterPath}/agentPools/more`, pool);
  expect(resource.parse(body).properties.orchestratorVersion).toMatch(/^1\.\d+/);
});

test("an identity shows its tenant, principal and client, and is not shown when it is deleted", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const { body } = await azure.request("PUT", identity, { location: "westeurope" });
  expect(Object.keys(resource.parse(body).properties).sort()).toEqual([
    "clientId",
    "principalId",
    "tenantId",
  ]);
  expect(await azure.request("DELETE", identity)).toMatchObject({ status: 200, body: {} });
  expect((await azure.request("DELETE", identity)).status).toBe(204);
});

test("a role assignment says when and by whom it was made, and is shown when it is deleted", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const { body } = await azure.request("PUT", assignment, {
    properties: {
      roleDefinitionId: contributor,
      principalId: "ce2ce14e-85d7-4629-bdbc-454d0519d987",
      principalType: "ServicePrincipal",
    },
  });
  const { createdOn, updatedOn } = resource.parse(body).properties;
  expect(createdOn).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
  expect(updatedOn).toBe(createdOn);
  expect((await azure.request("DELETE", assignment)).body).toEqual(body);
});

test("the list of all resources has what every type has, and no type's own etag or zones", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody());
  await azure.request("PUT", "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip", {
    location: "westeurope",
    sku: { name: "Standard" },
    zones: ["1", "2", "3"],
    properties: { publicIPAllocationMethod: "Static" },
  });
  const { body } = await azure.request("GET", "/resourceGroups/rg/resources");
  const listed = z.object({ value: z.array(z.looseObject({ type: z.string() })) }).parse(body).value;
  expect(listed.map(({ type }) => type).sort()).toEqual([
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.Network/publicIPAddresses",
  ]);
  for (const entry of listed)
    for (const key of ["etag", "eTag", "zones", "properties"]) expect(entry).not.toHaveProperty(key);
});

test("a cluster shows the address that its leaving traffic has, and the same one after it is sent back", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody());
  const { body } = await azure.request("GET", clusterPath);
  const cluster = z.object({
    properties: z.object({
      networkProfile: z.object({
        loadBalancerProfile: z.object({ effectiveOutboundIPs: z.array(z.object({ id: z.string() })) }),
      }),
    }),
  });
  const shownBy = (shown: unknown) =>
    cluster.parse(shown).properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs;
  const [outbound] = shownBy(body);
  const address = await azure.request("GET", outbound?.id.replace(/^\/subscriptions\/[^/]+/, "") ?? "");
  expect(address).toMatchObject({
    status: 200,
    body: { properties: { publicIPAllocationMethod: "Static" } },
  });
  const again = await azure.request("PUT", clusterPath, body);
  expect(again.status).toBe(200);
  expect(shownBy((await azure.request("GET", clusterPath)).body)).toEqual([outbound]);
});

test("an add-on that is on shows the identity that AKS made for it", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const addonProfiles = { omsagent: { enabled: true }, azurepolicy: { enabled: false } };
  await azure.request("PUT", clusterPath, clusterBody({ addonProfiles }));
  const { body } = await azure.request("GET", clusterPath);
  expect(resource.parse(body).properties.addonProfiles).toEqual({
    omsagent: {
      enabled: true,
      identity: {
        resourceId: expect.stringMatching(/\/userAssignedIdentities\/omsagent-clu$/),
        clientId: expect.any(String),
        objectId: expect.any(String),
      },
    },
    azurepolicy: { enabled: false },
  });
});
