/** Built-in roles with their real ids and actions: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

const role = (
  id: string,
  name: string,
  actions: readonly string[],
  notActions: readonly string[] = [],
  dataActions: readonly string[] = [],
): Role => ({ id, name, actions, notActions, dataActions });

const aks = "Microsoft.ContainerService/managedClusters";

const roles: readonly Role[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", ["*"]),
  role(
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Contributor",
    ["*"],
    [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
      "Microsoft.Blueprint/blueprintAssignments/write",
      "Microsoft.Blueprint/blueprintAssignments/delete",
      "Microsoft.Compute/galleries/share/action",
      "Microsoft.Purview/consents/write",
      "Microsoft.Purview/consents/delete",
      "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      "Microsoft.Subscription/cancel/action",
      "Microsoft.Subscription/enable/action",
    ],
  ),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", ["*/read"]),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", [
    "*/read",
    "Microsoft.Authorization/*",
    "Microsoft.Support/*",
  ]),
  role("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", [
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "*/read",
    "Microsoft.Support/*",
  ]),
  role("4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Network/*",
    "Microsoft.ResourceHealth/availabilityStatuses/read",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
  ]),
  role("befefa01-2a29-4197-83a8-272ff33ce314", "DNS Zone Contributor", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Network/dnsZones/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
  role("e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", "Managed Identity Contributor", [
    "Microsoft.ManagedIdentity/userAssignedIdentities/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/write",
    "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/*",
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
  role("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator", [
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
  role("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", [
    "Microsoft.ContainerRegistry/registries/pull/read",
  ]),
  role(
    "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Secrets User",
    [],
    [],
    [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  ),
  role("0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", "Azure Kubernetes Service Cluster Admin Role", [
    `${aks}/listClusterAdminCredential/action`,
    `${aks}/accessProfiles/listCredential/action`,
    `${aks}/read`,
    `${aks}/runcommand/action`,
  ]),
  role("4abbcc35-e782-43d8-92c5-2d3f1bd2253f", "Azure Kubernetes Service Cluster User Role", [
    `${aks}/listClusterUserCredential/action`,
    `${aks}/read`,
  ]),
  role("ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", "Azure Kubernetes Service Contributor Role", [
    `${aks}/read`,
    `${aks}/write`,
    "Microsoft.Resources/deployments/*",
  ]),
  role("b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b", "Azure Kubernetes Service RBAC Cluster Admin", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    `${aks}/listClusterUserCredential/action`,
  ]),
  role("92aaf0da-9dab-42b6-94a3-d43ce8d16293", "Log Analytics Contributor", [
    "*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Insights/diagnosticSettings/*",
    "Microsoft.OperationalInsights/*",
    "Microsoft.OperationsManagement/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourcegroups/deployments/*",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Support/*",
  ]),
  role("3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher", [
    "Microsoft.Insights/Register/Action",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
];

export const allRoles = (): readonly Role[] => roles;

/** A role by its GUID, or by an id that ends in it. */
export const roleById = (id: string): Role | undefined =>
  roles.find((entry) => id.toLowerCase().endsWith(entry.id));

export const roleByName = (name: string): Role | undefined =>
  roles.find((entry) => entry.name.toLowerCase() === name.toLowerCase());

const covers = (pattern: string, action: string): boolean => {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`, "i").test(action);
};

/** Whether a role allows a management action: an action covers it and no notAction does. */
export const allows = (entry: Role, action: string): boolean =>
  entry.actions.some((pattern) => covers(pattern, action)) &&
  !entry.notActions.some((pattern) => covers(pattern, action));
