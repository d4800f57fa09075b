/** What AKS refuses of agent pools, alone and together: names, sizes, zones, counts, versions, quota. */
import { coresUsage, familyUsage } from "../catalogue/limits.ts";
import { regionOf } from "../catalogue/regions.ts";
import { sizeOf, type VmSize } from "../catalogue/sizes.ts";
import { compareVersions, resolveVersion } from "../catalogue/versions.ts";
import { badRequest } from "../errors.ts";
import type { Arm } from "../kind.ts";
import type { NamedPool } from "./schema.ts";

const invalid = (field: string, message: string) =>
  badRequest("InvalidParameter", message, `agentPoolProfile.${field}`);

const checkSize = (pool: NamedPool, location: string): VmSize => {
  const size = sizeOf(pool.vmSize ?? "");
  if (!size || size.restricted) {
    throw badRequest(
      "BadRequest",
      `The VM size of ${pool.vmSize ?? ""} is not allowed in your subscription in location '${location}'. For more details, please visit https://aka.ms/cpu-quota`,
    );
  }
  if (pool.mode !== "System") return size;
  if (size.cores < 2 || size.memory < 4) {
    throw badRequest(
      "SystemPoolSkuTooLow",
      `System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: ${pool.name}.`,
    );
  }
  if (size.burstable) {
    throw badRequest(
      "BadRequest",
      `VM size '${size.name}' of the B series is not supported for system node pools. Nodepool name: ${pool.name}.`,
    );
  }
  return size;
};

const checkZones = (pool: NamedPool, location: string): void => {
  const wanted = pool.availabilityZones ?? [];
  const offered = regionOf(location)?.zones ?? [];
  if (wanted.length > 0 && offered.length === 0) {
    throw badRequest(
      "AvailabilityZoneNotSupported",
      `Availability zone is not supported in region ${location}.`,
      "agentPoolProfile.availabilityZone",
    );
  }
  const unknown = wanted.filter((zone) => !offered.includes(zone));
  if (unknown.length > 0) {
    throw badRequest(
      "AvailabilityZoneNotSupported",
      `The zone(s) '${unknown.join(",")}' for resource '${pool.name}' is not supported. The supported zones for location '${location}' are '${offered.join(",")}'`,
      "agentPoolProfile.availabilityZone",
    );
  }
};

const checkCounts = (pool: NamedPool): void => {
  const count = pool.count ?? 1;
  const least = pool.mode === "System" ? 1 : 0;
  if (count < least || count > 1000) {
    throw invalid(
      "count",
      `The value of parameter agentPoolProfile.count is invalid: ${count}. It must be between ${least} and 1000.`,
    );
  }
  const { minCount, maxCount } = pool;
  if (!pool.enableAutoScaling) {
    if (minCount != null || maxCount != null) {
      throw invalid("minCount", "minCount and maxCount can only be set with enableAutoScaling.");
    }
    return;
  }
  if (minCount == null || maxCount == null || minCount < least || maxCount < minCount || maxCount > 1000) {
    throw invalid(
      "minCount",
      `minCount and maxCount must be set with enableAutoScaling, ${least} <= minCount <= maxCount <= 1000.`,
    );
  }
};

const checkVersion = (pool: NamedPool, controlPlane: string): void => {
  if (!pool.orchestratorVersion) return;
  const version = resolveVersion(pool.orchestratorVersion);
  if (version === undefined && pool.orchestratorVersion !== pool.currentOrchestratorVersion) {
    throw badRequest(
      "AgentPoolK8sVersionNotSupported",
      `Version ${pool.orchestratorVersion} is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region. For more information, please check https://aka.ms/supported-version-list`,
    );
  }
  if (
    version !== undefined &&
    pool.orchestratorVersion.split(".").length === 3 &&
    compareVersions(version, controlPlane) > 0
  ) {
    throw badRequest(
      "NodePoolMcVersionIncompatible",
      `Node pool version ${version} and control plane version ${controlPlane} are incompatible. Node pool version cannot be newer than control plane version. For more information, please check https://aka.ms/version-skew-policy`,
    );
  }
};

/** Throws the first refusal of one pool. */
export const checkPool = (pool: NamedPool, location: string, controlPlane: string): void => {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(pool.name)) {
    throw invalid(
      "name",
      `The value of parameter agentPoolProfile.name '${pool.name}' is invalid. Please see https://aka.ms/aks-naming-rules for more details.`,
    );
  }
  checkSize(pool, location);
  checkZones(pool, location);
  checkCounts(pool);
  checkVersion(pool, controlPlane);
};

/** Throws 400 where the pools, put in the place of `before`, use more vCPUs than the region has left. */
export const checkQuota = (
  arm: Arm,
  location: string,
  pools: readonly NamedPool[],
  before: readonly NamedPool[],
): void => {
  const more = new Map<string, number>();
  const add = (list: readonly NamedPool[], sign: 1 | -1): void => {
    for (const pool of list) {
      const size = sizeOf(pool.vmSize ?? "");
      if (size) more.set(size.family, (more.get(size.family) ?? 0) + sign * size.cores * (pool.count ?? 1));
    }
  };
  add(pools, 1);
  add(before, -1);
  let total = 0;
  for (const [family, cores] of more) {
    total += cores;
    const usage = familyUsage(arm, location, family);
    const left = usage.limit - usage.current;
    if (cores > 0 && cores > left) throw insufficient(cores, left, `family ${family}`, location);
  }
  const regional = coresUsage(arm, location);
  const left = regional.limit - regional.current;
  if (total > 0 && total > left) throw insufficient(total, left, "total regional vCPUs", location);
};

const insufficient = (requested: number, left: number, what: string, location: string) =>
  badRequest(
    "ErrCode_InsufficientVCPUQuota",
    `Insufficient vcpu quota requested ${requested}, remaining ${Math.max(0, left)} for ${what} for region ${location}. Surge nodes would also consume vcpu quota. Please consider use smaller vm size, reduce node count or maxSurge, or request a quota increase. For more details, please refer to https://aka.ms/aks/vcpu-quota`,
  );
