import type { ManagedCluster } from "@azure/arm-containerservice";
import {
  $delete as deleteCluster,
  get as getCluster,
  listClusterAdminCredentials,
  createOrUpdate as putCluster,
} from "@azure/arm-containerservice/api/managedClusters";
import { $delete as deleteGroup, createOrUpdate as putGroup } from "@azure/arm-resources/api/resourceGroups";
import { expect, test } from "vitest";
import { notingKubernetes, openAzure, openSandbox } from "./open.ts";

const fast = { updateIntervalInMs: 1 };

const cluster = (over: Partial<ManagedCluster> = {}): ManagedCluster => ({
  location: "westeurope",
  dnsPrefix: "clu",
  kubernetesVersion: "1.35",
  identity: { type: "SystemAssigned" },
  agentPoolProfiles: [
    { name: "system", mode: "System", count: 2, vmSize: "Standard_D2s_v5", type: "VirtualMachineScaleSets" },
  ],
  networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay" },
  ...over,
});

test("a group, an address and a cluster are made, read and removed by the real SDKs", async () => {
  const kubernetes = notingKubernetes();
  const sandbox = await openSandbox({ kubernetes: { world: kubernetes } });
  const azure = openAzure(sandbox);
  const group = await putGroup(azure.resources, "rg-clu", { location: "westeurope", tags: { a: "b" } });
  expect(group.properties?.provisioningState).toBe("Succeeded");

  const address = await azure.network.publicIPAddresses.createOrUpdate(
    "rg-clu",
    "clu-ip",
    {
      location: "westeurope",
      sku: { name: "Standard" },
      publicIPAllocationMethod: "Static",
      zones: ["1", "2", "3"],
    },
    fast,
  );
  expect(address.ipAddress).toMatch(/^(20|51)\.\d+\.\d+\.\d+$/);
  expect(address.provisioningState).toBe("Succeeded");

  const made = await putCluster(azure.containers, "rg-clu", "clu", cluster(), fast);
  expect(made).toMatchObject({
    provisioningState: "Succeeded",
    currentKubernetesVersion: "1.35.4",
    nodeResourceGroup: "MC_rg-clu_clu_westeurope",
    networkProfile: { networkPluginMode: "overlay", podCidr: "10.244.0.0/16", loadBalancerSku: "standard" },
  });
  expect(made.fqdn).toMatch(/^clu-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/);
  expect(made.identityProfile?.kubeletidentity?.objectId).toBeDefined();
  expect([...kubernetes.clusters.values()]).toMatchObject([{ name: "clu", version: "1.35.4" }]);

  const credentials = await listClusterAdminCredentials(azure.containers, "rg-clu", "clu");
  expect(Buffer.from(credentials.kubeconfigs?.[0]?.value ?? []).toString()).toContain("clusters");

  await deleteCluster(azure.containers, "rg-clu", "clu", fast);
  expect(kubernetes.clusters.size).toBe(0);
  await expect(getCluster(azure.containers, "rg-clu", "clu")).rejects.toMatchObject({ statusCode: 404 });
  expect(sandbox.control.inventory().groups).toEqual(["rg-clu"]);
  await deleteGroup(azure.resources, "rg-clu", fast);
  expect(sandbox.control.inventory()).toMatchObject({ groups: [], resources: [], operations: [] });
});
