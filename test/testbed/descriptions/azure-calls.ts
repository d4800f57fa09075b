/**
 * What the main pipeline does not ask of ARM, with bodies as short as those of the published examples: other kinds,
 * defaults of what is left out, tags, single agent pools, maintenance, refusals.
 */
import type { Area } from "./operations.ts";

export interface Asked {
  readonly area: Area;
  /** Method and path below the subscription. */
  readonly call: string;
  readonly body?: unknown;
}

const group = "/resourceGroups/rg1";
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/clustername1`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/identityName`;
const network = `${group}/providers/Microsoft.Network/virtualNetworks/test-vnet`;
const address = `${group}/providers/Microsoft.Network/publicIPAddresses/test-ip`;
const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/oiautorest6685`;
const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/05c5a614-a7d6-4502-b150-c2fb455033ff`;
const nodes = "/resourceGroups/MC_rg1_clustername1_eastus/providers";
const balancer = `${group}/providers/Microsoft.Network/loadBalancers/lb`;
const securityGroup = `${group}/providers/Microsoft.Network/networkSecurityGroups/testnsg`;
const tags = "/providers/Microsoft.Resources/tags/default";

const given = (area: Area, call: string, body?: unknown): Asked => ({
  area,
  call,
  ...(body === undefined ? {} : { body }),
});

/** In this order; `{subscription}` in a body is the id of the sandbox's. */
export const azureCalls: readonly Asked[] = [
  given("resources", `PUT ${group}`, { location: "eastus" }),
  given("resources", `PUT ${group}`, { location: "eastus", tags: { tag1: "value1" } }),
  given("resources", `PATCH ${group}`, { tags: { tag1: "value2" } }),
  given("resources", "PUT /resourceGroups/rg2", { location: "nowhere" }),
  given("resources", "GET /providers/Microsoft.ContainerService"),
  given("resources", "POST /providers/Microsoft.ContainerService/register"),
  given("network", `PUT ${address}`, { location: "eastus" }),
  given("network", `PUT ${address}`, {
    location: "eastus",
    sku: { name: "Standard", tier: "Regional" },
    properties: {
      publicIPAllocationMethod: "Static",
      idleTimeoutInMinutes: 10,
      publicIPAddressVersion: "IPv4",
      dnsSettings: { domainNameLabel: "dnslbl" },
    },
  }),
  given("network", `GET ${address}`),
  given(
    "network",
    "GET /providers/Microsoft.Network/locations/eastus/CheckDnsNameAvailability?domainNameLabel=testdns",
  ),
  given("network", `PUT ${network}`, {
    location: "eastus",
    properties: {
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [{ name: "test-1", properties: { addressPrefix: "10.0.0.0/24" } }],
    },
  }),
  given("network", `GET ${network}`),
  given("network", `PUT ${network}/subnets/subnet1`, { properties: { addressPrefix: "10.0.1.0/24" } }),
  given("network", `GET ${network}/subnets/subnet1`),
  given("network", `PUT ${balancer}`, {
    location: "eastus",
    sku: { name: "Standard" },
    properties: {
      frontendIPConfigurations: [
        { name: "fe-lb", properties: { publicIPAddress: { id: `{subscription}${address}` } } },
      ],
      backendAddressPools: [{ name: "be-lb" }],
      loadBalancingRules: [
        {
          name: "rulelb",
          properties: {
            frontendIPConfiguration: { id: `{subscription}${balancer}/frontendIPConfigurations/fe-lb` },
            backendAddressPool: { id: `{subscription}${balancer}/backendAddressPools/be-lb` },
            probe: { id: `{subscription}${balancer}/probes/probe-lb` },
            protocol: "Tcp",
            frontendPort: 80,
            backendPort: 80,
            enableFloatingIP: true,
            idleTimeoutInMinutes: 15,
            loadDistribution: "Default",
          },
        },
      ],
      probes: [
        {
          name: "probe-lb",
          properties: { protocol: "Tcp", port: 80, intervalInSeconds: 15, numberOfProbes: 2 },
        },
      ],
    },
  }),
  given("network", `GET ${balancer}`),
  given("network", `GET ${balancer}/backendAddressPools/be-lb`),
  given("network", `PUT ${balancer}/backendAddressPools/be-lb`, {
    properties: {
      loadBalancerBackendAddresses: [
        {
          name: "address1",
          properties: { virtualNetwork: { id: `{subscription}${network}` }, ipAddress: "10.0.0.4" },
        },
      ],
    },
  }),
  given("network", `GET ${address}`),
  given("network", `PUT ${securityGroup}`, {
    location: "eastus",
    properties: {
      securityRules: [
        {
          name: "rule1",
          properties: {
            protocol: "*",
            sourceAddressPrefix: "*",
            destinationAddressPrefix: "*",
            access: "Allow",
            destinationPortRange: "80",
            sourcePortRange: "*",
            priority: 130,
            direction: "Inbound",
          },
        },
      ],
    },
  }),
  given("network", `GET ${securityGroup}`),
  given("network", `DELETE ${securityGroup}`),
  given("network", `DELETE ${balancer}`),
  given("identities", `PUT ${identity}`, { location: "eastus", tags: { key1: "value1" } }),
  given("identities", `PUT ${identity}/federatedIdentityCredentials/ficResourceName`, {
    properties: {
      audiences: ["api://AzureADTokenExchange"],
      issuer: "https://oidc.prod-aks.azure.com/IssuerGUID",
      subject: "system:serviceaccount:ns:svcaccount",
    },
  }),
  given("identities", `GET ${identity}/federatedIdentityCredentials/ficResourceName`),
  given("workspaces", `PUT ${workspace}`, {
    location: "eastus",
    properties: { sku: { name: "PerGB2018" }, retentionInDays: 30 },
    tags: { tag1: "val1" },
  }),
  given("workspaces", `GET ${workspace}`),
  given("resources", `PATCH ${workspace}${tags}`, {
    operation: "Merge",
    properties: { tags: { tag2: "val2" } },
  }),
  given("resources", `PUT ${workspace}${tags}`, { properties: { tags: { tag3: "val3" } } }),
  given("authorization", `GET ${group}/providers/Microsoft.Authorization/roleDefinitions`),
  given("authorization", `PUT ${assignment}`, {
    properties: {
      roleDefinitionId:
        "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
      principalId: "ce2ce14e-85d7-4629-bdbc-454d0519d987",
      principalType: "ServicePrincipal",
    },
  }),
  given("authorization", `GET ${assignment}`),
  given("authorization", `DELETE ${assignment}`),
  given("authorization", `DELETE ${assignment}`),
  given("containerService", `PUT ${cluster}`, {
    location: "eastus",
    identity: { type: "SystemAssigned" },
    properties: {
      agentPoolProfiles: [
        {
          name: "nodepool1",
          type: "VirtualMachineScaleSets",
          count: 3,
          mode: "System",
          osType: "Linux",
          vmSize: "Standard_D2s_v5",
        },
      ],
      dnsPrefix: "dnsprefix1",
      kubernetesVersion: "",
      linuxProfile: { adminUsername: "azureuser", ssh: { publicKeys: [{ keyData: "keydata" }] } },
      networkProfile: {
        loadBalancerProfile: { managedOutboundIPs: { count: 2 } },
        loadBalancerSku: "standard",
        outboundType: "loadBalancer",
      },
      securityProfile: { workloadIdentity: { enabled: true } },
      oidcIssuerProfile: { enabled: true },
    },
    sku: { name: "Base", tier: "Free" },
    tags: { tier: "production" },
  }),
  given("containerService", `GET ${cluster}`),
  given("containerService", `GET ${group}/providers/Microsoft.ContainerService/managedClusters`),
  given("network", `GET ${nodes}/Microsoft.Network/loadBalancers`),
  given("network", `GET ${nodes}/Microsoft.Network/networkSecurityGroups`),
  given("network", `GET ${nodes}/Microsoft.Network/privateLinkServices`),
  given("network", `GET ${nodes}/Microsoft.Network/publicIPAddresses`),
  given("network", `GET ${nodes}/Microsoft.Network/virtualNetworks`),
  given("identities", `GET ${nodes}/Microsoft.ManagedIdentity/userAssignedIdentities`),
  given("computeUsage", `GET ${nodes}/Microsoft.Compute/virtualMachineScaleSets`),
  given("containerService", `PATCH ${cluster}`, { tags: { tier: "testing" } }),
  given("containerService", `GET ${cluster}/upgradeProfiles/default`),
  given("containerService", `GET ${cluster}/availableAgentPoolVersions`),
  given("containerService", `POST ${cluster}/listClusterUserCredential`),
  given("containerService", `PUT ${cluster}/agentPools/agentpool1`, {
    properties: {
      count: 3,
      mode: "User",
      osType: "Linux",
      vmSize: "Standard_D2s_v5",
      orchestratorVersion: "",
      nodeLabels: { key1: "val1" },
    },
  }),
  given("containerService", `GET ${cluster}/agentPools/agentpool1`),
  given("containerService", `DELETE ${cluster}/agentPools/agentpool1`),
  given("containerService", `PUT ${cluster}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule`, {
    properties: {
      maintenanceWindow: {
        schedule: { relativeMonthly: { intervalMonths: 3, weekIndex: "First", dayOfWeek: "Monday" } },
        durationHours: 10,
        utcOffset: "+05:30",
        startDate: "2030-01-01",
        startTime: "08:30",
      },
    },
  }),
  given("containerService", `GET ${cluster}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule`),
  given("containerService", `DELETE ${cluster}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule`),
  given("containerService", `DELETE ${cluster}`),
  given("identities", `DELETE ${identity}/federatedIdentityCredentials/ficResourceName`),
  given("identities", `DELETE ${identity}`),
  given("identities", `DELETE ${identity}`),
  given("network", `DELETE ${network}`),
  given("network", `DELETE ${address}`),
  given("network", `DELETE ${address}`),
  given("workspaces", `DELETE ${workspace}`),
  given("resources", `DELETE ${group}`),
];
