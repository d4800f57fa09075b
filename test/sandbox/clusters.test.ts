import { listClusterAdminCredentials } from "@azure/arm-containerservice/api/managedClusters";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { clusterBody, clusterPath, makeGroup, openAzure, openSandbox, requestSandbox } from "./open.ts";

test("a cluster that ARM made answers to the kubeconfig that ARM hands out, until ARM removes it", async () => {
  const sandbox = await openSandbox({ kubernetes: "built-in" });
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  await azure.request("PUT", clusterPath, clusterBody());
  sandbox.control.releaseOperations();

  const { kubeconfigs } = await listClusterAdminCredentials(azure.containers, "rg", "clu");
  const config = new KubeConfig();
  config.loadFromString(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString());
  const server = new URL(config.getCurrentCluster()?.server ?? "");
  expect(server.origin).toBe(sandbox.url);
  const read = async (path: string) =>
    requestSandbox(sandbox, "GET", `${server.pathname}${path}`, {
      headers: { authorization: `Bearer ${config.getCurrentUser()?.token}` },
    });
  expect(await (await read("/version")).json()).toMatchObject({ gitVersion: "v1.35.4" });
  const node = { status: { nodeInfo: { kubeletVersion: "v1.35.4" } } };
  expect(await (await read("/api/v1/nodes")).json()).toMatchObject({ items: [node, node] });

  sandbox.control.fault({ kind: "stuck-operation", method: "DELETE" });
  await azure.request("DELETE", clusterPath);
  sandbox.control.releaseOperations();
  expect((await read("/api/v1/nodes")).status).toBe(404);
});

test("with local accounts off, an Entra login for AKS gets in and a local token does not", async () => {
  const sandbox = await openSandbox({ kubernetes: "built-in" });
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  await azure.request("PUT", clusterPath, clusterBody({ aadProfile: { managed: true } }));
  sandbox.control.releaseOperations();
  const { kubeconfigs } = await listClusterAdminCredentials(azure.containers, "rg", "clu");
  const config = new KubeConfig();
  config.loadFromString(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString());
  const path = `${new URL(config.getCurrentCluster()?.server ?? "").pathname}/api/v1/namespaces`;
  const read = async (token: string | undefined) =>
    (await requestSandbox(sandbox, "GET", path, { headers: { authorization: `Bearer ${token}` } })).status;
  const local = config.getCurrentUser()?.token;
  const entra = await azure.credential.getToken("6dae42f8-4368-4678-94ff-3960e28e3630/.default");
  const other = await azure.credential.getToken("https://management.azure.com/.default");
  expect([await read(local), await read(entra.token), await read(other.token)]).toEqual([200, 200, 401]);
  const off = { aadProfile: { managed: true }, disableLocalAccounts: true };
  expect((await azure.request("PUT", clusterPath, clusterBody(off))).status).toBe(200);
  expect([await read(local), await read(entra.token)]).toEqual([401, 200]);
});

test("an address that the cluster's cloud provider uses can't be deleted until the cluster is gone", async () => {
  const sandbox = await openSandbox({ kubernetes: "built-in" });
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  const address = "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip";
  const sku = { location: "westeurope", sku: { name: "Standard" } };
  await azure.request("PUT", address, { ...sku, properties: { publicIPAllocationMethod: "Static" } });
  const ip = (await azure.network.publicIPAddresses.get("rg", "ip")).ipAddress;
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  const cluster = await azure.request("PUT", clusterPath, clusterBody());
  sandbox.control.releaseOperations();
  const principalId = Reflect.get(Object(cluster.body.identity), "principalId");
  const roleDefinitionId =
    "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7";
  const grant =
    "/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555";
  await azure.request("PUT", grant, {
    properties: { principalId, roleDefinitionId, principalType: "ServicePrincipal" },
  });
  const { kubeconfigs } = await listClusterAdminCredentials(azure.containers, "rg", "clu");
  const config = new KubeConfig();
  config.loadFromString(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString());
  const base = `${new URL(config.getCurrentCluster()?.server ?? "").pathname}/api/v1/namespaces/default/services`;
  const headers = {
    authorization: `Bearer ${config.getCurrentUser()?.token}`,
    "content-type": "application/json",
  };
  const annotations = {
    "service.beta.kubernetes.io/azure-pip-name": "ip",
    "service.beta.kubernetes.io/azure-load-balancer-resource-group": "rg",
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", annotations },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  };
  await requestSandbox(sandbox, "POST", base, { headers, body: JSON.stringify(service) });
  let status: unknown;
  while (JSON.stringify(status ?? {}) === "{}") {
    const read = Object(await (await requestSandbox(sandbox, "GET", `${base}/web`, { headers })).json());
    status = Reflect.get(Object(read.status), "loadBalancer");
  }
  expect(status).toMatchObject({ ingress: [{ ip }] });
  const refused = await azure.request("DELETE", address);
  expect(refused.body.error).toMatchObject({ code: "PublicIPAddressCannotBeDeleted" });
  sandbox.control.fault({ kind: "stuck-operation", method: "DELETE" });
  await azure.request("DELETE", clusterPath);
  sandbox.control.releaseOperations();
  expect((await azure.request("DELETE", address)).status).toBe(202);
});
