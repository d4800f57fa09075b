/** Settings of `azure/aks-cluster`: where each is in AKS's model, what it shall be, and what changing it does. */
import type { Json } from "../../../clients/azure/client.ts";
import { tagsSetting } from "../../../families/arm/entries.ts";
import {
  at,
  isObject,
  listAt,
  type Model,
  textAt,
  textsAt,
  without,
  withValue,
} from "../../../families/arm/model.ts";
import { locationSetting, type Setting, sameSet, sameText } from "../../../families/arm/setting.ts";
import { type ClusterInput, nodeResourceGroupOf } from "./cluster-input.ts";
import { maintenanceSettings } from "./maintenance.ts";
import { networkSettings } from "./network.ts";
import { poolServerWritten, poolSettings } from "./pool.ts";
import { meetsVersion, upgradeEffect, upgradeReason } from "./version.ts";

/** Tag that says how the pipeline logs in: the handle's id holds it, and observing knows no input. */
export const accessTag = "provision-access";

const pools = "properties.agentPoolProfiles";

/** The cluster's own pool: the first for system pods that no `azure/aks-node-pool` step made. */
const ownPool = (model: Model): Model | undefined =>
  listAt(model, pools)
    .filter(isObject)
    .find(
      (pool) =>
        (pool.mode === "System" || pool.mode === undefined) &&
        textsAt(pool, "tags")["provision-type"] !== "azure/aks-node-pool",
    );

const withOwnPool = (model: Model, pool: Model): Model => {
  const own = ownPool(model);
  const others = listAt(model, pools);
  return withValue(
    model,
    pools,
    own ? others.map((item) => (item === own ? pool : item)) : [...others, pool],
  );
};

const systemPool = poolSettings<ClusterInput>({
  prefix: "systemPool.",
  pool: (input) => input.systemPool,
  version: ({ kubernetesVersion }) => kubernetesVersion,
  mode: () => "System",
  read: ownPool,
  write: withOwnPool,
  fixed: "refuse",
  fixedReason:
    "a pool can't change this in place: add a pool with `azure/aks-node-pool` and mode System, then make the cluster anew or leave this as it is",
});

const firstIdentity = (model: Model): string | undefined => {
  const identities = at(model, "identity.userAssignedIdentities");
  return isObject(identities) ? Object.keys(identities)[0] : undefined;
};

const entraProfile = ({ entra, access }: ClusterInput): Json | undefined => {
  if (!entra && access !== "entra") return undefined;
  return { adminGroups: [...(entra?.adminGroups ?? [])].sort(), azureRbac: entra?.azureRbac ?? true };
};

const readEntra = (model: Model): Json | undefined => {
  const profile = at(model, "properties.aadProfile");
  if (!isObject(profile) || profile.managed !== true) return undefined;
  const groups = listAt(profile, "adminGroupObjectIDs").filter((item) => typeof item === "string");
  return { adminGroups: groups.sort(), azureRbac: profile.enableAzureRBAC === true };
};

const writeEntra = (model: Model, value: Json): Model => {
  const profile = at(model, "properties.aadProfile");
  return withValue(model, "properties.aadProfile", {
    ...(isObject(profile) ? profile : {}),
    managed: true,
    enableAzureRBAC: at(value, "azureRbac"),
    adminGroupObjectIDs: at(value, "adminGroups"),
  });
};

/** The service has written the key of the add-on, and that of its workspace, in more than one case. */
const insights = (model: Model): readonly [string, Json | undefined] => {
  const addons = at(model, "properties.addonProfiles");
  const entries = isObject(addons) ? Object.entries(addons) : [];
  return entries.find(([name]) => name.toLowerCase() === "omsagent") ?? ["omsagent", undefined];
};

const readMonitoring = (model: Model): string | undefined => {
  const [, addon] = insights(model);
  if (at(addon, "enabled") !== true) return undefined;
  const config = Object.entries(textsAt(addon, "config"));
  return config.find(([name]) => name.toLowerCase() === "loganalyticsworkspaceresourceid")?.[1];
};

/** Other settings of the add-on (its way to log in, say) stay as they are. */
const writeMonitoring = (model: Model, workspace: Json): Model => {
  const [name, addon] = insights(model);
  const others = Object.entries(textsAt(addon, "config")).filter(
    ([key]) => key.toLowerCase() !== "loganalyticsworkspaceresourceid",
  );
  return withValue(model, `properties.addonProfiles.${name}`, {
    enabled: true,
    config: { ...Object.fromEntries(others), logAnalyticsWorkspaceResourceID: workspace },
  });
};

export const clusterSettings: readonly Setting<ClusterInput>[] = [
  locationSetting(),
  { path: "sku.name", at: "sku.name", desired: () => "Base", effect: "update", same: sameText },
  { path: "tier", at: "sku.tier", desired: ({ tier }) => tier, effect: "update", same: sameText },
  {
    path: "kubernetesVersion",
    desired: ({ kubernetesVersion }) => kubernetesVersion,
    effect: upgradeEffect,
    reason: upgradeReason,
    same: meetsVersion,
    read: (model) =>
      at(model, "properties.currentKubernetesVersion") ?? at(model, "properties.kubernetesVersion"),
    write: (model, version) => withValue(model, "properties.kubernetesVersion", version),
  },
  {
    path: "dnsPrefix",
    desired: ({ dnsPrefix, name }) => dnsPrefix ?? name.replaceAll("_", "-").slice(0, 54),
    effect: "replace",
  },
  { path: "nodeResourceGroup", desired: nodeResourceGroupOf, effect: "replace", same: sameText },
  {
    path: "identity",
    desired: ({ identity }) => identity.id,
    effect: "disrupt",
    same: sameText,
    read: firstIdentity,
    write: (model, id) =>
      withValue(model, "identity", { type: "UserAssigned", userAssignedIdentities: { [String(id)]: {} } }),
  },
  ...systemPool,
  ...networkSettings<ClusterInput>(),
  { path: "rbac", at: "properties.enableRBAC", desired: ({ rbac }) => rbac, effect: "replace" },
  { path: "entra", desired: entraProfile, effect: "update", read: readEntra, write: writeEntra },
  {
    path: "disableLocalAccounts",
    desired: ({ disableLocalAccounts }) => disableLocalAccounts,
    effect: "update",
    read: (model) => at(model, "properties.disableLocalAccounts") ?? false,
    write: (model, value) => withValue(model, "properties.disableLocalAccounts", value),
  },
  {
    path: "authorizedIpRanges",
    at: "properties.apiServerAccessProfile.authorizedIPRanges",
    desired: ({ authorizedIpRanges }) => authorizedIpRanges,
    effect: "update",
    // The service writes single addresses as ranges.
    same: (desired, actual) => sameSet(asRanges(desired), asRanges(actual)),
  },
  {
    path: "monitoring",
    desired: ({ monitoring }) => monitoring?.id,
    effect: "update",
    same: sameText,
    read: readMonitoring,
    write: writeMonitoring,
  },
  {
    path: "upgradeChannel",
    desired: ({ upgradeChannel }) => upgradeChannel,
    effect: "update",
    read: (model) => at(model, "properties.autoUpgradeProfile.upgradeChannel") ?? "none",
    write: (model, channel) => withValue(model, "properties.autoUpgradeProfile.upgradeChannel", channel),
  },
  {
    path: "oidcIssuer",
    desired: ({ oidcIssuer }) => oidcIssuer,
    effect: (desired) => (desired === true ? "update" : "refuse"),
    reason: "an OIDC issuer can't be turned off: leave `oidcIssuer: true`",
    read: (model) => at(model, "properties.oidcIssuerProfile.enabled") ?? false,
    write: (model, enabled) => withValue(model, "properties.oidcIssuerProfile.enabled", enabled),
  },
  ...maintenanceSettings<ClusterInput>(),
  { path: "access", at: `tags.${accessTag}`, desired: ({ access }) => access, effect: "update" },
  tagsSetting<ClusterInput>(),
];

const asRanges = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.map((range) => (String(range).includes("/") ? String(range) : `${range}/32`))
    : [];

const serverWritten = [
  "identity.principalId",
  "identity.tenantId",
  "properties.powerState",
  "properties.maxAgentPools",
  "properties.currentKubernetesVersion",
  "properties.fqdn",
  "properties.privateFQDN",
  "properties.azurePortalFQDN",
  "properties.resourceUID",
  "properties.status",
  "properties.networkProfile.loadBalancerProfile.effectiveOutboundIPs",
  "properties.networkProfile.natGatewayProfile.effectiveOutboundIPs",
  "properties.ingressProfile.webAppRouting.identity",
  "properties.oidcIssuerProfile.issuerURL",
];

/** What AKS alone writes is left out of a PUT; identities go by their ids alone. */
export const preparedCluster = (body: Model): Model => {
  const identities = at(body, "identity.userAssignedIdentities");
  const addons = at(body, "properties.addonProfiles");
  const addonIdentities = (isObject(addons) ? Object.keys(addons) : []).map(
    (name) => `properties.addonProfiles.${name}.identity`,
  );
  const kept = without(body, [...serverWritten, ...addonIdentities]);
  const profiles = listAt(kept, pools)
    .filter(isObject)
    .map((pool) => without(pool, poolServerWritten));
  const prepared = withValue(kept, pools, profiles);
  if (!isObject(identities)) return prepared;
  return withValue(
    prepared,
    "identity.userAssignedIdentities",
    Object.fromEntries(Object.keys(identities).map((id) => [id, {}])),
  );
};

/** Pools whose last operation failed, by name. */
export const failedPools = (model: Model): readonly string[] =>
  listAt(model, pools).flatMap((pool) => {
    const state = textAt(pool, "provisioningState") ?? "";
    return /failed|cancell?ed/i.test(state) ? [textAt(pool, "name") ?? ""] : [];
  });
