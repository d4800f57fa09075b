/** Built-in roles by name: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const builtInRoles = {
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  Contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
  "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
  "Azure Kubernetes Service Contributor Role": "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
  "Azure Kubernetes Service Cluster User Role": "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  "Azure Kubernetes Service Cluster Admin Role": "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
  "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  "Log Analytics Contributor": "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
} as const;

/** The GUID of a built-in role's name; anything else is taken for a GUID itself. */
export const roleGuid = (role: string): string =>
  Object.entries(builtInRoles).find(([name]) => name === role)?.[1] ?? role.toLowerCase();

const actions = "Microsoft.Authorization/roleAssignments";

/**
 * A condition for a role that assigns roles: it may write and delete assignments of these roles alone, and to service
 * principals alone. https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 */
export const onlyTheseRoles = (roles: readonly string[]): string => {
  const guids = [...new Set(roles.map(roleGuid))].sort().join(", ");
  const limited = (action: "write" | "delete", source: "Request" | "Resource"): string =>
    [
      `((!(ActionMatches{'${actions}/${action}'}))`,
      `OR (@${source}[${actions}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${guids}}`,
      `AND @${source}[${actions}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`,
    ].join(" ");
  return `${limited("write", "Request")} AND ${limited("delete", "Resource")}`;
};
