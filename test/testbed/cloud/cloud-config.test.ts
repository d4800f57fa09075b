/** What a cluster's cloud provider is told of its network and identity. */
import { expect, test } from "vitest";
import { cloudConfig } from "./cloud-config.ts";
import type { ManagedCluster } from "./sandbox-clusters.ts";

const group = (name: string): string => `/subscriptions/s/resourceGroups/${name}/providers/Microsoft.Network`;

const cluster: ManagedCluster = {
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/clu",
  tenant: "t",
  subscription: "s",
  location: "westeurope",
  nodeGroup: "MC_rg_clu_westeurope",
  identity: "client-of-identity",
  subnet: `${group("rg-network")}/virtualNetworks/vnet/subnets/nodes`,
  securityGroup: `${group("MC_rg_clu_westeurope")}/networkSecurityGroups/aks-agentpool-12345678-nsg`,
};

const configOf = (over: Partial<ManagedCluster> = {}): unknown =>
  JSON.parse(cloudConfig("https://127.0.0.1:1", { ...cluster, ...over }));

test("A subnet of the user's is found in its own group, the rest in the node resource group", () => {
  expect(configOf()).toMatchObject({
    resourceManagerEndpoint: "https://127.0.0.1:1",
    resourceGroup: "MC_rg_clu_westeurope",
    vnetResourceGroup: "rg-network",
    vnetName: "vnet",
    subnetName: "nodes",
    securityGroupName: "aks-agentpool-12345678-nsg",
    userAssignedIdentityID: "client-of-identity",
  });
});

test("A cluster with the system's identity names none", () => {
  expect(configOf({ identity: undefined })).not.toHaveProperty("userAssignedIdentityID");
});
