/** The ARM operations that the sandbox plays: path, version, and the SDK models of their bodies. */
import { apiVersions } from "../../../src/clients/azure/api-versions.ts";
import { type Check, openSdkPackage } from "./sdk-package.ts";

/** Each is the package whose models are of the version that is sent; the workspaces' is the nearest that there is. */
const packages = {
  containerService: ["@azure/arm-containerservice", "readers"],
  subscriptions: ["arm-subscriptions-2022-12-01", "readers"],
  resources: ["arm-resources-2021-04-01", "mappers"],
  authorization: ["arm-authorization-2022-04-01", "mappers"],
  identities: ["arm-msi-2023-01-31", "mappers"],
  workspaces: ["arm-operationalinsights-2022-10-01", "mappers"],
  network: ["arm-network-2024-05-01", "mappers"],
  compute: ["arm-compute-2021-07-01", "mappers"],
  computeUsage: ["arm-compute-2024-07-01", "mappers"],
} as const;

export type Area = keyof typeof packages;

export interface Operation {
  readonly area: Area;
  readonly method: string;
  readonly pattern: RegExp;
  /** Model of what is sent. */
  readonly request?: string;
  /** Model of each answer by its status; null where there is no body. */
  readonly answers: Readonly<Record<number, string | null>>;
}

const placeholder = /\{[^}]+\}/g;

const operation = (area: Area, call: string, answers: Operation["answers"], request?: string): Operation => {
  const [method = "", path = ""] = call.split(" ");
  const pattern = path.replaceAll(".", "\\.").replaceAll("{scope}", ".+").replaceAll(placeholder, "[^/]+");
  return {
    area,
    method,
    pattern: new RegExp(`^${pattern}$`, "i"),
    answers,
    ...(request === undefined ? {} : { request }),
  };
};

const subscription = "/subscriptions/{subscriptionId}";
const group = `${subscription}/resourceGroups/{resourceGroupName}`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const pool = `${cluster}/agentPools/{agentPoolName}`;
const maintenance = `${cluster}/maintenanceConfigurations/{configName}`;
const address = `${group}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}`;
const network = `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`;
const balancer = `${group}/providers/Microsoft.Network/loadBalancers/{loadBalancerName}`;
const securityGroup = `${group}/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}`;
const linkService = `${group}/providers/Microsoft.Network/privateLinkServices/{serviceName}`;
const scaleSet = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/{vmScaleSetName}`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;
const federated = `${identity}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`;
const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`;
const assignments = "{scope}/providers/Microsoft.Authorization/roleAssignments";
const definitions = "{scope}/providers/Microsoft.Authorization/roleDefinitions";
const tags = "{scope}/providers/Microsoft.Resources/tags/default";
const region = "locations/{location}";

/** What the network's provider does with each of its types. */
const crud = (area: Area, path: string, model: string): readonly Operation[] => [
  operation(area, `GET ${path}`, { 200: model }),
  operation(area, `PUT ${path}`, { 200: model, 201: model }, model),
  operation(area, `DELETE ${path}`, { 200: null, 202: null, 204: null }),
];

const collectionOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

const lists: readonly Operation[] = [
  operation("network", `GET ${collectionOf(address)}`, { 200: "PublicIPAddressListResult" }),
  operation("network", `GET ${collectionOf(network)}`, { 200: "VirtualNetworkListResult" }),
  operation("network", `GET ${collectionOf(balancer)}`, { 200: "LoadBalancerListResult" }),
  operation("network", `GET ${collectionOf(securityGroup)}`, { 200: "NetworkSecurityGroupListResult" }),
  operation("network", `GET ${collectionOf(linkService)}`, { 200: "PrivateLinkServiceListResult" }),
  operation("identities", `GET ${collectionOf(identity)}`, { 200: "UserAssignedIdentitiesListResult" }),
  operation("computeUsage", `GET ${collectionOf(scaleSet)}`, { 200: "VirtualMachineScaleSetListResult" }),
  operation("containerService", `GET ${collectionOf(cluster)}`, { 200: "_ManagedClusterListResult" }),
];

/** The statuses are those of the service's published description of the operation. */
export const operations: readonly Operation[] = [
  operation("subscriptions", "GET /subscriptions", { 200: "_SubscriptionListResult" }),
  operation("subscriptions", `GET ${subscription}`, { 200: "Subscription" }),
  operation("resources", `GET ${subscription}/providers`, { 200: "ProviderListResult" }),
  operation("resources", `GET ${subscription}/providers/{namespace}`, { 200: "Provider" }),
  operation("resources", `POST ${subscription}/providers/{namespace}/register`, { 200: "Provider" }),
  operation("resources", `GET ${subscription}/resources`, { 200: "ResourceListResult" }),
  operation("resources", `GET ${subscription}/resourceGroups`, { 200: "ResourceGroupListResult" }),
  operation("resources", `GET ${group}/resources`, { 200: "ResourceListResult" }),
  operation("resources", `GET ${group}`, { 200: "ResourceGroup" }),
  operation("resources", `PUT ${group}`, { 200: "ResourceGroup", 201: "ResourceGroup" }, "ResourceGroup"),
  operation("resources", `PATCH ${group}`, { 200: "ResourceGroup" }, "ResourceGroupPatchable"),
  operation("resources", `DELETE ${group}`, { 200: null, 202: null }),
  operation("resources", `GET ${tags}`, { 200: "TagsResource" }),
  operation("resources", `PUT ${tags}`, { 200: "TagsResource" }, "TagsResource"),
  operation("resources", `PATCH ${tags}`, { 200: "TagsResource" }, "TagsPatchResource"),
  operation("authorization", "GET {scope}/providers/Microsoft.Authorization/permissions", {
    200: "PermissionGetResult",
  }),
  operation("authorization", `GET ${definitions}`, { 200: "RoleDefinitionListResult" }),
  operation("authorization", `GET ${definitions}/{roleDefinitionId}`, { 200: "RoleDefinition" }),
  operation("authorization", `GET ${assignments}`, { 200: "RoleAssignmentListResult" }),
  operation("authorization", `GET ${assignments}/{name}`, { 200: "RoleAssignment" }),
  operation(
    "authorization",
    `PUT ${assignments}/{name}`,
    { 200: "RoleAssignment", 201: "RoleAssignment" },
    "RoleAssignmentCreateParameters",
  ),
  operation("authorization", `DELETE ${assignments}/{name}`, { 200: "RoleAssignment", 204: null }),
  operation("identities", `GET ${identity}`, { 200: "Identity" }),
  operation("identities", `PUT ${identity}`, { 200: "Identity", 201: "Identity" }, "Identity"),
  operation("identities", `DELETE ${identity}`, { 200: null, 204: null }),
  operation("identities", `GET ${federated}`, { 200: "FederatedIdentityCredential" }),
  operation(
    "identities",
    `PUT ${federated}`,
    { 200: "FederatedIdentityCredential", 201: "FederatedIdentityCredential" },
    "FederatedIdentityCredential",
  ),
  operation("identities", `DELETE ${federated}`, { 200: null, 204: null }),
  operation("workspaces", `GET ${workspace}`, { 200: "Workspace" }),
  operation("workspaces", `PUT ${workspace}`, { 200: "Workspace", 201: "Workspace", 202: null }, "Workspace"),
  operation("workspaces", `DELETE ${workspace}`, { 200: null, 202: null, 204: null }),
  operation("network", `GET ${subscription}/providers/Microsoft.Network/${region}/usages`, {
    200: "UsagesListResult",
  }),
  operation("network", `GET ${subscription}/providers/Microsoft.Network/${region}/CheckDnsNameAvailability`, {
    200: "DnsNameAvailabilityResult",
  }),
  operation("network", `GET ${network}/subnets/{subnetName}`, { 200: "Subnet" }),
  operation("network", `PUT ${network}/subnets/{subnetName}`, { 200: "Subnet", 201: "Subnet" }, "Subnet"),
  ...crud("network", address, "PublicIPAddress"),
  ...crud("network", network, "VirtualNetwork"),
  ...crud("network", balancer, "LoadBalancer"),
  ...crud("network", `${balancer}/backendAddressPools/{backendAddressPoolName}`, "BackendAddressPool"),
  ...crud("network", securityGroup, "NetworkSecurityGroup"),
  ...crud("network", linkService, "PrivateLinkService"),
  operation("computeUsage", `GET ${scaleSet}`, { 200: "VirtualMachineScaleSet" }),
  ...lists,
  operation("compute", `GET ${subscription}/providers/Microsoft.Compute/skus`, { 200: "ResourceSkusResult" }),
  operation("computeUsage", `GET ${subscription}/providers/Microsoft.Compute/${region}/usages`, {
    200: "ListUsagesResult",
  }),
  operation(
    "containerService",
    `GET ${subscription}/providers/Microsoft.ContainerService/${region}/kubernetesVersions`,
    { 200: "KubernetesVersionListResult" },
  ),
  operation("containerService", `GET ${cluster}`, { 200: "ManagedCluster" }),
  operation(
    "containerService",
    `PUT ${cluster}`,
    { 200: "ManagedCluster", 201: "ManagedCluster" },
    "ManagedCluster",
  ),
  operation("containerService", `PATCH ${cluster}`, { 200: "ManagedCluster" }, "TagsObject"),
  operation("containerService", `DELETE ${cluster}`, { 202: null, 204: null }),
  operation("containerService", `POST ${cluster}/listClusterAdminCredential`, { 200: "CredentialResults" }),
  operation("containerService", `POST ${cluster}/listClusterUserCredential`, { 200: "CredentialResults" }),
  operation("containerService", `GET ${cluster}/upgradeProfiles/default`, {
    200: "ManagedClusterUpgradeProfile",
  }),
  operation("containerService", `GET ${cluster}/availableAgentPoolVersions`, {
    200: "AgentPoolAvailableVersions",
  }),
  operation("containerService", `GET ${cluster}/agentPools`, { 200: "_AgentPoolListResult" }),
  operation("containerService", `GET ${pool}`, { 200: "AgentPool" }),
  operation("containerService", `PUT ${pool}`, { 200: "AgentPool", 201: "AgentPool" }, "AgentPool"),
  operation("containerService", `DELETE ${pool}`, { 202: null, 204: null }),
  operation("containerService", `GET ${maintenance}`, { 200: "MaintenanceConfiguration" }),
  operation(
    "containerService",
    `PUT ${maintenance}`,
    { 200: "MaintenanceConfiguration", 201: "MaintenanceConfiguration" },
    "MaintenanceConfiguration",
  ),
  operation("containerService", `DELETE ${maintenance}`, { 200: null, 204: null }),
];

/** The version that is sent to an area. */
export const versionOf = (area: Area): string => apiVersions[area];

export const openPackages = async (): Promise<Readonly<Record<Area, Check>>> => {
  const open = (area: Area): Promise<Check> => {
    const [name, layout] = packages[area];
    return openSdkPackage(name, layout);
  };
  return {
    containerService: await open("containerService"),
    subscriptions: await open("subscriptions"),
    resources: await open("resources"),
    authorization: await open("authorization"),
    identities: await open("identities"),
    workspaces: await open("workspaces"),
    network: await open("network"),
    compute: await open("compute"),
    computeUsage: await open("computeUsage"),
  };
};
