/**
 * The file that `--cloud-config` names, as AKS writes it for a cluster on a standard load balancer
 * (https://cloud-provider-azure.sigs.k8s.io/install/configs/), and the variables of the cluster's managed identity.
 */
import { identityVariables } from "../../../src/sandbox/arm/identity-endpoint.ts";
import type { ManagedCluster, SandboxAccess } from "./sandbox-clusters.ts";

/** `/subscriptions/S/resourceGroups/G/providers/P/type/NAME/subtype/NAME2` → group and names. */
const partsOf = (id: string): { readonly group: string; readonly names: readonly string[] } => {
  const parts = id.split("/");
  return { group: parts[4] ?? "", names: parts.slice(7).filter((_, index) => index % 2 === 1) };
};

/** Pure. JSON. */
export const cloudConfig = (url: string, cluster: ManagedCluster): string => {
  const subnet = partsOf(cluster.subnet);
  return JSON.stringify(
    {
      // Another name than that of an entry of the ARM's metadata would lead to the public cloud.
      cloud: "AzurePublicCloud",
      resourceManagerEndpoint: url,
      tenantId: cluster.tenant,
      subscriptionId: cluster.subscription,
      useManagedIdentityExtension: true,
      ...(cluster.identity === undefined ? {} : { userAssignedIdentityID: cluster.identity }),
      useInstanceMetadata: false,
      resourceGroup: cluster.nodeGroup,
      location: cluster.location,
      vmType: "vmss",
      disableAvailabilitySetNodes: true,
      vnetName: subnet.names[0],
      vnetResourceGroup: subnet.group,
      subnetName: subnet.names[1],
      securityGroupName: partsOf(cluster.securityGroup).names[0],
      securityGroupResourceGroup: cluster.nodeGroup,
      loadBalancerSku: "Standard",
      maximumLoadBalancerRuleCount: 250,
      disableOutboundSNAT: true,
      // The nodes are simulated: no network interface of a scale set could be put into a pool.
      loadBalancerBackendPoolConfigurationType: "nodeIP",
    },
    undefined,
    2,
  );
};

/** Of the process; the identity's header is a secret. */
export const cloudVariables = (
  sandbox: SandboxAccess,
  cluster: ManagedCluster,
): Readonly<Record<string, string>> => ({
  ...identityVariables(sandbox.url, sandbox.controlToken, cluster.id),
  SSL_CERT_FILE: sandbox.authorityFile,
});
