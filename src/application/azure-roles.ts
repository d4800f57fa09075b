/**
 * Built-in roles of Azure with what they allow, from Azure's own definitions, as far as the steps' actions go:
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. From narrow to wide.
 */

export interface AzureRole {
  readonly name: string;
  /** GUID of the definition. */
  readonly id: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

const role = (
  name: string,
  id: string,
  actions: readonly string[],
  notActions: readonly string[] = [],
): AzureRole => ({ name, id, actions, notActions });

const clusters = "Microsoft.ContainerService/managedClusters";
const identities = "Microsoft.ManagedIdentity/userAssignedIdentities";
const groupsRead = "Microsoft.Resources/subscriptions/resourceGroups/read";

export const azureRoles: readonly AzureRole[] = [
  role("Azure Kubernetes Service Cluster User Role", "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", [
    `${clusters}/listClusterUserCredential/action`,
    `${clusters}/read`,
  ]),
  role("Azure Kubernetes Service Cluster Admin Role", "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", [
    `${clusters}/listClusterAdminCredential/action`,
    `${clusters}/accessProfiles/listCredential/action`,
    `${clusters}/read`,
    `${clusters}/runcommand/action`,
  ]),
  role("Azure Kubernetes Service Contributor Role", "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", [
    `${clusters}/read`,
    `${clusters}/write`,
    "Microsoft.Resources/deployments/*",
  ]),
  role("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830", [
    `${identities}/*/read`,
    `${identities}/*/assign/action`,
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    groupsRead,
    "Microsoft.Support/*",
  ]),
  role("Managed Identity Contributor", "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", [
    `${identities}/read`,
    `${identities}/write`,
    `${identities}/delete`,
    `${identities}/federatedIdentityCredentials/*`,
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    groupsRead,
    "Microsoft.Support/*",
  ]),
  role("DNS Zone Contributor", "befefa01-2a29-4197-83a8-272ff33ce314", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Network/dnsZones/*",
    "Microsoft.ResourceHealth/availabilityStatuses/read",
    "Microsoft.Resources/deployments/*",
    groupsRead,
    "Microsoft.Support/*",
  ]),
  role("Network Contributor", "4d97b98b-1d4f-4787-a291-c67834d212e7", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Network/*",
    "Microsoft.ResourceHealth/availabilityStatuses/read",
    "Microsoft.Resources/deployments/*",
    groupsRead,
    "Microsoft.Support/*",
  ]),
  role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ["*/read"]),
  role("Log Analytics Contributor", "92aaf0da-9dab-42b6-94a3-d43ce8d16293", [
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
  role("Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168", [
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "*/read",
    "Microsoft.Support/*",
  ]),
  role(
    "Contributor",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
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
  role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ["*"]),
];
