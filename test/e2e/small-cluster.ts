/** The smallest pipeline with a cluster, for tests that are about something else: group, identity, cluster. */

/** `more`: further steps, indented by two. */
export const smallCluster = (name: string, more = ""): string => `name: ${name}
steps:
  group:
    uses: azure/resource-group
    with: { name: rg-${name}, location: westeurope }
  identity:
    uses: azure/managed-identity
    with: { group: "\${{ steps.group.outputs }}", name: ${name}-identity }
  grant:
    uses: azure/role-assignment
    with: { identity: "\${{ steps.identity.outputs }}", scope: "\${{ steps.group.outputs }}", role: Network Contributor }
  cluster:
    uses: azure/aks-cluster
    with:
      group: \${{ steps.group.outputs }}
      name: ${name}
      kubernetesVersion: "1.35"
      identity: \${{ steps.identity.outputs }}
      grants: ["\${{ steps.grant.outputs }}"]
      systemPool: { size: Standard_D4ds_v5, count: 1 }
${more}`;
