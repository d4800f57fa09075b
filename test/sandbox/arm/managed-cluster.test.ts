import {
  createOrUpdate,
  get,
  listClusterUserCredentials,
} from "@azure/arm-containerservice/api/managedClusters";
import { expect, test } from "vitest";
import { type Azure, clusterBody, clusterPath, makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

const refusalOf = async (azure: Azure, over: Record<string, unknown>): Promise<unknown> =>
  refusal(await azure.request("PUT", clusterPath, clusterBody(over)));

const pool = (over: Record<string, unknown> = {}) => ({
  name: "system",
  mode: "System",
  count: 2,
  vmSize: "Standard_D2s_v5",
  ...over,
});

/** Lets operations that end at once end. */
const settled = async (azure: Azure): Promise<void> => {
  let state: unknown = "Creating";
  while (state === "Creating" || state === "Updating" || state === "Upgrading") {
    state = (await get(azure.containers, "rg", "clu")).provisioningState;
  }
};

test("a creation answers 201 with an operation, and a write meanwhile is refused", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  const made = await azure.request("PUT", clusterPath, clusterBody());
  expect(made.status).toBe(201);
  expect(made.headers.get("retry-after")).toBe("0");
  const operation = `/${new URL(made.headers.get("azure-asyncoperation") ?? "").pathname}`;
  expect((await azure.request("GET", operation)).body).toMatchObject({ status: "InProgress" });
  expect((await azure.request("GET", clusterPath)).body).toMatchObject({
    properties: { provisioningState: "Creating" },
  });
  expect(refusal(await azure.request("PUT", clusterPath, clusterBody()))).toEqual({
    status: 409,
    code: "OperationNotAllowed",
  });
  sandbox.control.releaseOperations();
  expect((await azure.request("GET", operation)).body).toMatchObject({ status: "Succeeded" });
  expect((await get(azure.containers, "rg", "clu")).provisioningState).toBe("Succeeded");
});

test("a creation that fails says why, and leaves a failed cluster that a second PUT mends", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  const fault = { kind: "failed-operation", code: "AksCapacityHeavyUsage", message: "busy region" } as const;
  sandbox.control.fault({ ...fault, method: "PUT", path: "/managedClusters/" });
  const { dnsPrefix, ...given } = { dnsPrefix: "clu", location: "westeurope" };
  const body = {
    ...given,
    dnsPrefix,
    identity: { type: "SystemAssigned" as const },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5" }],
  };
  const options = { updateIntervalInMs: 1 };
  await expect(createOrUpdate(azure.containers, "rg", "clu", body, options)).rejects.toMatchObject({
    message: expect.stringContaining("busy region"),
  });
  expect((await get(azure.containers, "rg", "clu")).provisioningState).toBe("Failed");
  const mended = await createOrUpdate(azure.containers, "rg", "clu", body, options);
  expect(mended.provisioningState).toBe("Succeeded");
});

test("conditional headers hold: If-Match on another version, If-None-Match on what exists", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const body = clusterBody();
  expect((await azure.request("PUT", clusterPath, body, { "if-none-match": "*" })).status).toBe(201);
  await settled(azure);
  const twice = await azure.request("PUT", clusterPath, body, { "if-none-match": "*" });
  expect(refusal(twice)).toEqual({ status: 412, code: "EtagMismatch" });
  const { eTag } = await get(azure.containers, "rg", "clu");
  const stale = await azure.request("PUT", clusterPath, body, { "if-match": "other" });
  expect(refusal(stale)).toEqual({ status: 412, code: "EtagMismatch" });
  expect((await azure.request("PUT", clusterPath, body, { "if-match": eTag ?? "" })).status).toBe(200);
  expect((await get(azure.containers, "rg", "clu")).eTag).not.toBe(eTag);
});

test("what AKS refuses at creation is refused with its code", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  const network = (profile: Record<string, unknown>) => ({
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", ...profile },
  });
  const cases: readonly [Record<string, unknown>, string][] = [
    [{ kubernetesVersion: "1.20" }, "K8sVersionNotSupported"],
    [{ dnsPrefix: "-clu" }, "InvalidParameter"],
    [{ agentPoolProfiles: [] }, "InvalidParameter"],
    [{ agentPoolProfiles: [pool({ vmSize: "Standard_D3_nope" })] }, "BadRequest"],
    [{ agentPoolProfiles: [pool({ vmSize: "Standard_B2ms" })] }, "BadRequest"],
    [{ agentPoolProfiles: [pool({ vmSize: "Standard_DS1_v2" })] }, "SystemPoolSkuTooLow"],
    [{ agentPoolProfiles: [pool({ mode: "User" })] }, "InvalidParameter"],
    [{ agentPoolProfiles: [pool({ availabilityZones: ["4"] })] }, "AvailabilityZoneNotSupported"],
    [{ agentPoolProfiles: [pool({ count: 900 })] }, "ErrCode_InsufficientVCPUQuota"],
    [{ agentPoolProfiles: [pool({ orchestratorVersion: "1.36.3" })] }, "NodePoolMcVersionIncompatible"],
    [network({ networkPlugin: "kubenet" }), "InvalidParameter"],
    [network({ podCidr: "172.30.0.0/16" }), "InvalidParameter"],
    [network({ podCidr: "10.0.0.0/16" }), "InvalidParameter"],
    [network({ podCidr: "10.244.0.0" }), "CidrStringParseError"],
    [network({ serviceCidr: "10.1.0.0/16", dnsServiceIP: "10.0.0.10" }), "InvalidParameter"],
    [{ disableLocalAccounts: true }, "InvalidParameter"],
  ];
  for (const [over, code] of cases) {
    expect(await refusalOf(azure, over), JSON.stringify(over)).toEqual({ status: 400, code });
  }
  const { identity: _, ...anonymous } = clusterBody();
  expect(refusal(await azure.request("PUT", clusterPath, anonymous))).toEqual({
    status: 400,
    code: "InvalidParameter",
  });
  sandbox.control.registration("Microsoft.ContainerService", "NotRegistered");
  expect(await refusalOf(azure, {})).toEqual({ status: 409, code: "MissingSubscriptionRegistration" });
  expect(sandbox.control.inventory().resources).toEqual([]);
});

test("quota counts what other clusters use", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.quota("westeurope", "standardDSv5Family", 6);
  expect((await azure.request("PUT", clusterPath, clusterBody())).status).toBe(201);
  expect(refusal(await azure.request("PUT", `${clusterPath}2`, clusterBody()))).toEqual({
    status: 400,
    code: "ErrCode_InsufficientVCPUQuota",
  });
  const usages = await azure.request("GET", "/providers/Microsoft.Compute/locations/westeurope/usages");
  expect(usages.body.value).toContainEqual({
    unit: "Count",
    currentValue: 4,
    limit: 6,
    name: { value: "standardDSv5Family", localizedValue: "standardDSv5Family vCPUs" },
  });
});

test("versions go up one minor at a time, and fixed settings stay", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody({ kubernetesVersion: "1.34.6" }));
  await settled(azure);
  const skip = await azure.request("PUT", clusterPath, clusterBody({ kubernetesVersion: "1.36" }));
  expect(skip.body.error).toMatchObject({
    code: "OperationNotAllowed",
    message: expect.stringContaining(
      "Upgrading Kubernetes version 1.34.6 to 1.36.3 is not allowed. Available upgrades: [1.34.8 1.35.2 1.35.4]",
    ),
  });
  const up = await azure.request("PUT", clusterPath, clusterBody({ kubernetesVersion: "1.35.2" }));
  expect(up.body).toMatchObject({ properties: { provisioningState: "Upgrading" } });
  await settled(azure);
  expect(await refusalOf(azure, { kubernetesVersion: "1.34.8" })).toMatchObject({
    code: "OperationNotAllowed",
  });
  for (const over of [
    { dnsPrefix: "other" },
    { nodeResourceGroup: "other" },
    { networkProfile: { networkPlugin: "kubenet" } },
    { networkProfile: { podCidr: "10.100.0.0/16" } },
    { agentPoolProfiles: [pool({ vmSize: "Standard_D4s_v5" })] },
  ]) {
    expect(await refusalOf(azure, { kubernetesVersion: "1.35.2", ...over })).toEqual({
      status: 400,
      code: "PropertyChangeNotAllowed",
    });
  }
});

test("with local accounts off the admin's kubeconfig is refused, the user's asks Entra", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const body = clusterBody({ disableLocalAccounts: true, aadProfile: { managed: true } });
  await azure.request("PUT", clusterPath, body);
  await settled(azure);
  expect(refusal(await azure.request("POST", `${clusterPath}/listClusterAdminCredential`))).toEqual({
    status: 400,
    code: "BadRequest",
  });
  const { kubeconfigs } = await listClusterUserCredentials(azure.containers, "rg", "clu", { format: "exec" });
  expect(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString()).toContain("command: kubelogin");
});

test("a user-assigned identity must exist, and is shown with its principal", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const id = `/subscriptions/${azure.subscription}/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id`;
  const body = { ...clusterBody(), identity: { type: "UserAssigned", userAssignedIdentities: { [id]: {} } } };
  expect(refusal(await azure.request("PUT", clusterPath, body))).toMatchObject({
    code: "FailedIdentityOperation",
  });
  const identity = await azure.request("PUT", `/${id}`, { location: "westeurope" });
  expect((await azure.request("PUT", clusterPath, body)).status).toBe(201);
  await settled(azure);
  const shown = await get(azure.containers, "rg", "clu");
  expect(identity.body.properties).toMatchObject({
    principalId: shown.identity?.userAssignedIdentities?.[id]?.principalId,
  });
});

test("pools are made, scaled and removed on their own, but the last system pool stays", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody());
  await settled(azure);
  const user = `${clusterPath}/agentPools/user`;
  const made = await azure.request("PUT", user, {
    properties: { mode: "User", count: 1, vmSize: "Standard_D2s_v5" },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "user",
    properties: { provisioningState: "Creating", maxPods: 250 },
  });
  const names = async () =>
    (await get(azure.containers, "rg", "clu")).agentPoolProfiles?.map((entry) => entry.name);
  await settled(azure);
  expect(await names()).toEqual(["system", "user"]);
  let state: unknown;
  while (state !== "Succeeded") {
    const read = await azure.request("GET", user);
    state = Reflect.get(Object(read.body.properties), "provisioningState");
  }
  expect((await azure.request("DELETE", user)).status).toBe(202);
  while ((await azure.request("GET", user)).status !== 404) await settled(azure);
  expect(await names()).toEqual(["system"]);
  expect(refusal(await azure.request("DELETE", `${clusterPath}/agentPools/system`))).toMatchObject({
    status: 400,
  });
});
