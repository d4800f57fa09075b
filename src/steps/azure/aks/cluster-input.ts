/** Input of `azure/aks-cluster`. */
import { z } from "zod";
import { regionInGroup, tagsInput } from "../../../families/arm/inputs.ts";
import { grantHandle, identityHandle, resourceGroupHandle, workspaceHandle } from "../../../step/handle.ts";
import { maintenanceInput } from "./maintenance.ts";
import { networkInput } from "./network.ts";
import { poolInput } from "./pool.ts";

const systemPool = poolInput.extend({
  name: poolInput.shape.name.default("system").describe("Name of the pool; `system` by default."),
  size: poolInput.shape.size
    .default("Standard_D4ds_v5")
    .describe(
      "VM size of the nodes; `Standard_D4ds_v5` by default. At least 2 vCPUs and 4 GB, and no B-series.",
    ),
});

const entra = z.object({
  adminGroups: z
    .array(z.string())
    .default([])
    .describe("Object ids of Entra groups whose members administer the cluster; none by default."),
  azureRbac: z
    .boolean()
    .default(true)
    .describe("Whether Azure role assignments say what a person may do in the cluster; true by default."),
});

export const clusterInput = z.object({
  group: resourceGroupHandle.describe("The group to make the cluster in."),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9]([-\w]{0,61}[a-zA-Z0-9])?$/)
    .describe("Name of the cluster, 1 to 63 letters, digits and `-_`."),
  location: regionInGroup,
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d+(\.\d+)?$/)
    .describe(
      "Kubernetes version: a minor (`1.35`, its newest patch) or an exact one (`1.35.4`). Goes up by one minor at a time.",
    ),
  dnsPrefix: z
    .string()
    .regex(/^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/)
    .optional()
    .describe(
      "First part of the API server's domain name; the cluster's name by default. It can't change later.",
    ),
  nodeResourceGroup: z
    .string()
    .regex(/^[-\w._()]{1,80}$/)
    .optional()
    .describe(
      "Name of the group that AKS makes for the machines; `MC_<group>_<name>_<location>` by default.",
    ),
  identity: identityHandle.describe("The managed identity that the cluster acts as."),
  grants: z
    .array(grantHandle)
    .default([])
    .describe(
      "Roles that the identity must hold before the cluster is made; they only order the steps. None by default.",
    ),
  systemPool: systemPool
    .default(systemPool.parse({}))
    .describe("The pool that the cluster's own pods run in; two nodes by default."),
  network: networkInput,
  rbac: z
    .boolean()
    .default(true)
    .describe("Whether Kubernetes RBAC is on; true by default. It can't change later."),
  entra: entra
    .optional()
    .describe(
      "Logins by Microsoft Entra; off by default, on with `access: entra`. It can't be turned off later.",
    ),
  access: z
    .enum(["admin", "user", "entra"])
    .default("admin")
    .describe(
      "How this pipeline logs in to the cluster: cluster admin (the default), cluster user, or a token of its own Entra login.",
    ),
  disableLocalAccounts: z
    .boolean()
    .default(false)
    .describe("Whether logins by certificate (`access: admin`) are off; false by default."),
  authorizedIpRanges: z
    .array(z.string().regex(/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/))
    .optional()
    .describe("Addresses that may reach the API server, as in `203.0.113.0/24`; any by default."),
  monitoring: workspaceHandle.optional().describe("Workspace for container insights; none by default."),
  upgradeChannel: z
    .enum(["none", "patch", "stable", "rapid", "node-image"])
    .default("none")
    .describe("Upgrades that AKS does by itself; none by default."),
  maintenanceWindow: maintenanceInput,
  tier: z
    .enum(["Free", "Standard", "Premium"])
    .default("Standard")
    .describe("Tier of the control plane: `Standard` (the default) has an uptime SLA, `Free` has none."),
  oidcIssuer: z
    .boolean()
    .default(true)
    .describe(
      "Whether the cluster issues tokens for workload identity; true by default. It can't be turned off later.",
    ),
  tags: tagsInput,
});
export type ClusterInput = z.output<typeof clusterInput>;

export const locationOf = ({ location, group }: Pick<ClusterInput, "location" | "group">): string =>
  location ?? group.location;

/** What AKS would choose, said explicitly, so that it is known before the cluster exists. */
export const nodeResourceGroupOf = (input: ClusterInput): string =>
  input.nodeResourceGroup ?? `MC_${input.group.name}_${input.name}_${locationOf(input)}`.slice(0, 80);
