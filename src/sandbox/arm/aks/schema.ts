/** What the sandbox knows of a managed cluster's and an agent pool's representation; unknown fields are kept. */
import { z } from "zod";

/** An empty version is none: AKS chooses, as in its own examples. */
const version = z.string().transform((text) => (text === "" ? undefined : text));

export const poolSchema = z.looseObject({
  count: z.int().optional(),
  vmSize: z.string().optional(),
  mode: z.enum(["System", "User", "Gateway"]).optional(),
  type: z.string().optional(),
  osType: z.string().optional(),
  osSKU: z.string().optional(),
  maxPods: z.int().optional(),
  availabilityZones: z.array(z.string()).nullish(),
  enableAutoScaling: z.boolean().nullish(),
  minCount: z.int().nullish(),
  maxCount: z.int().nullish(),
  orchestratorVersion: version.nullish(),
  currentOrchestratorVersion: z.string().optional(),
  vnetSubnetID: z.string().nullish(),
  provisioningState: z.string().optional(),
  eTag: z.string().optional(),
});

export const namedPoolSchema = poolSchema.extend({ name: z.string() });

const networkSchema = z.looseObject({
  networkPlugin: z.string().optional(),
  networkPluginMode: z.string().nullish(),
  networkPolicy: z.string().nullish(),
  networkDataplane: z.string().nullish(),
  loadBalancerSku: z.string().optional(),
  outboundType: z.string().optional(),
  podCidr: z.string().nullish(),
  serviceCidr: z.string().nullish(),
  dnsServiceIP: z.string().nullish(),
});

export const clusterSchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.looseObject({ name: z.string().optional(), tier: z.string().optional() }).optional(),
  identity: z
    .looseObject({
      type: z.string(),
      userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
      principalId: z.string().optional(),
    })
    .optional(),
  properties: z.looseObject({
    kubernetesVersion: version.optional(),
    currentKubernetesVersion: z.string().optional(),
    dnsPrefix: z.string().optional(),
    fqdn: z.string().optional(),
    nodeResourceGroup: z.string().optional(),
    enableRBAC: z.boolean().nullish(),
    disableLocalAccounts: z.boolean().nullish(),
    apiServerAccessProfile: z.looseObject({ authorizedIPRanges: z.array(z.string()).nullish() }).nullish(),
    aadProfile: z
      .looseObject({ managed: z.boolean().nullish(), enableAzureRBAC: z.boolean().nullish() })
      .nullish(),
    servicePrincipalProfile: z.looseObject({ clientId: z.string() }).optional(),
    oidcIssuerProfile: z.looseObject({ enabled: z.boolean().nullish() }).nullish(),
    networkProfile: networkSchema.optional(),
    agentPoolProfiles: z.array(namedPoolSchema).optional(),
  }),
});

export type Cluster = z.infer<typeof clusterSchema>;
export type Pool = z.infer<typeof poolSchema>;
export type NamedPool = z.infer<typeof namedPoolSchema>;
export type Network = z.infer<typeof networkSchema>;

export const clusterType = "Microsoft.ContainerService/managedClusters";
export const poolType = `${clusterType}/agentPools`;
