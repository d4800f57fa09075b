/** What AKS refuses of a managed cluster as a whole, and of changes to it. */
import { clusterLimit } from "../catalogue/limits.ts";
import { compareVersions, minorsApart, resolveVersion, upgradesOf } from "../catalogue/versions.ts";
import { ArmError, badRequest, propertyChangeNotAllowed } from "../errors.ts";
import type { Write } from "../kind.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPool, checkQuota } from "./check-pools.ts";
import { mergedPools, wantedVersion } from "./complete.ts";
import { type Cluster, clusterType, type NamedPool } from "./schema.ts";

const invalid = (target: string, message: string): ArmError =>
  badRequest("InvalidParameter", message, target);
const rules = "Please see https://aka.ms/aks-naming-rules for more details.";

const checkNames = ({ name, body }: Write<Cluster>): void => {
  if (!/^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(name)) {
    throw invalid("resourceName", `The value of parameter resourceName is invalid. ${rules}`);
  }
  const prefix = body.properties.dnsPrefix;
  if (prefix === undefined || !/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,52}[a-zA-Z0-9])?$/.test(prefix)) {
    throw invalid("dnsPrefix", `The value of parameter dnsPrefix is invalid. ${rules}`);
  }
  const nodes = body.properties.nodeResourceGroup;
  if (nodes !== undefined && !/^[-\w._()]{1,80}$/.test(nodes)) {
    throw invalid("nodeResourceGroup", `The value of parameter nodeResourceGroup is invalid. ${rules}`);
  }
};

const checkIdentity = ({ arm, body, caller }: Write<Cluster>): void => {
  const { identity, properties } = body;
  if (!identity && !properties.servicePrincipalProfile) {
    throw invalid(
      "servicePrincipalProfile.clientId",
      "Required parameter servicePrincipalProfile.clientId is missing (null).",
    );
  }
  if (!identity) return;
  if (!["SystemAssigned", "UserAssigned", "None"].includes(identity.type)) {
    throw invalid("identity.type", `The identity type '${identity.type}' is not supported.`);
  }
  const ids = Object.keys(identity.userAssignedIdentities ?? {});
  if (identity.type !== "UserAssigned") return;
  if (ids.length !== 1) {
    throw invalid(
      "identity.userAssignedIdentities",
      "Exactly one user assigned identity is required for identity type 'UserAssigned'.",
    );
  }
  for (const id of ids) {
    if (!arm.find(id)) {
      throw badRequest(
        "FailedIdentityOperation",
        `Identity operation for resource failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${id}' was not found."}}'.'`,
      );
    }
    const action = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    if (!arm.allowed(caller, action, id)) {
      throw new ArmError(
        403,
        "LinkedAuthorizationFailed",
        `The client '${arm.settings.client}' with object id '${caller}' has permission to perform action '${clusterType}/write' on scope; however, it does not have permission to perform action '${action}' on the linked scope(s) '${id}' or the linked scope(s) are invalid.`,
      );
    }
  }
};

const checkVersion = ({ name, body, before }: Write<Cluster>): void => {
  const wanted = body.properties.kubernetesVersion;
  if (wanted === undefined) return;
  const current = before?.properties.currentKubernetesVersion;
  if (current !== undefined && (wanted === current || wanted === before?.properties.kubernetesVersion))
    return;
  const version = resolveVersion(wanted);
  if (version === undefined) {
    throw badRequest(
      "K8sVersionNotSupported",
      `Managed cluster ${name} is on version ${wanted} which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
    );
  }
  if (current === undefined) return;
  const target = wantedVersion(wanted, current);
  const available = `Available upgrades: [${upgradesOf(current).join(" ")}]. Please see https://aka.ms/aks-supported-k8s-ver for version details.`;
  if (compareVersions(target, current) < 0) {
    throw badRequest(
      "OperationNotAllowed",
      `Downgrading Kubernetes version ${current} to ${target} is not allowed. ${available}`,
    );
  }
  if (minorsApart(current, target) > 1) {
    throw badRequest(
      "OperationNotAllowed",
      `Upgrading Kubernetes version ${current} to ${target} is not allowed. ${available}`,
    );
  }
};

const fixedNetwork = [
  "networkPlugin",
  "podCidr",
  "serviceCidr",
  "dnsServiceIP",
  "loadBalancerSku",
  "outboundType",
] as const;

const checkChanges = ({ body, before }: Write<Cluster>): void => {
  if (!before) return;
  const given = body.properties;
  const present = before.properties;
  for (const property of ["dnsPrefix", "nodeResourceGroup"] as const) {
    if (given[property] !== undefined && given[property] !== present[property]) {
      throw propertyChangeNotAllowed(property);
    }
  }
  for (const property of fixedNetwork) {
    const wanted = given.networkProfile?.[property];
    const actual = present.networkProfile?.[property];
    if (wanted != null && wanted.toLowerCase() !== actual?.toLowerCase()) {
      throw propertyChangeNotAllowed(`networkProfile.${property}`);
    }
  }
  if (given.enableRBAC != null && given.enableRBAC !== present.enableRBAC) {
    throw propertyChangeNotAllowed("enableRBAC");
  }
  const mode = given.networkProfile?.networkPluginMode;
  const hadMode = present.networkProfile?.networkPluginMode;
  if (given.networkProfile && hadMode === "overlay" && mode !== undefined && mode !== "overlay") {
    throw propertyChangeNotAllowed("networkProfile.networkPluginMode");
  }
};

const same = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();

/** Changes that a pool does not take. */
export const checkPoolChange = (pool: NamedPool, before: NamedPool | undefined): void => {
  if (!before) return;
  if (pool.vmSize !== undefined && pool.vmSize.toLowerCase() !== before.vmSize?.toLowerCase()) {
    throw propertyChangeNotAllowed("properties.vmSize");
  }
  if (pool.osType !== undefined && pool.osType !== before.osType) {
    throw propertyChangeNotAllowed("properties.osType");
  }
  if (pool.maxPods !== undefined && pool.maxPods !== before.maxPods) {
    throw propertyChangeNotAllowed("properties.maxPods");
  }
  if (pool.availabilityZones && !same(pool.availabilityZones, before.availabilityZones ?? [])) {
    throw propertyChangeNotAllowed("properties.availabilityZones");
  }
};

const checkPools = (write: Write<Cluster>): void => {
  const { arm, body, before } = write;
  const given = body.properties.agentPoolProfiles ?? [];
  const present = before?.properties.agentPoolProfiles ?? [];
  if (given.length === 0 && !before) {
    throw invalid("agentPoolProfiles", "Required parameter agentPoolProfiles is missing (null).");
  }
  if (new Set(given.map((pool) => pool.name)).size < given.length) {
    throw invalid("agentPoolProfiles", "Agent pool names must be unique within a cluster.");
  }
  const pools = mergedPools(given, present);
  if (!pools.some((pool) => pool.mode === "System")) {
    throw invalid("agentPoolProfiles", "Must define at least one system pool.");
  }
  const current = before?.properties.currentKubernetesVersion;
  const wanted = body.properties.kubernetesVersion;
  const version = wanted === undefined ? (current ?? "") : wantedVersion(wanted, current);
  for (const pool of given)
    checkPoolChange(
      pool,
      present.find((other) => other.name === pool.name),
    );
  for (const pool of pools) checkPool(pool, body.location, version === "" ? "9.9.9" : version);
  checkQuota(arm, body.location, pools, present);
};

/** Throws the first refusal of a creation or an update. */
export const checkCluster = (write: Write<Cluster>): void => {
  const { arm, body, before } = write;
  if (before) checkChanges(write);
  checkNames({
    ...write,
    body: before ? { ...body, properties: { ...before.properties, ...body.properties } } : body,
  });
  if (!before) {
    const limit = clusterLimit(arm);
    if (arm.ofType(clusterType).length >= limit) {
      throw badRequest(
        "ManagedClusterCountExceedsQuotaLimit",
        `The number of managed clusters in this subscription has reached its limit of ${limit}.`,
      );
    }
    checkIdentity(write);
    checkNetwork(arm, body);
  }
  checkVersion(write);
  checkPools(write);
  if (
    body.properties.disableLocalAccounts &&
    !(body.properties.aadProfile ?? before?.properties.aadProfile)
  ) {
    throw invalid(
      "disableLocalAccounts",
      "disableLocalAccounts can only be set with AKS-managed Microsoft Entra integration.",
    );
  }
};
