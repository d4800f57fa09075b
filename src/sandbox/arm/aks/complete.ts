/** What AKS adds to a cluster's representation: defaults, its FQDN, its identities, its node resource group. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { compareVersions, defaultVersion, resolveVersion } from "../catalogue/versions.ts";
import type { Arm, Write } from "../kind.ts";
import { derivedGuid } from "../kinds/derived-guid.ts";
import type { Cluster, NamedPool, Network } from "./schema.ts";

/** The patch that a cluster of `current` gets when `wanted` is asked for: a minor alone never moves it within it. */
export const wantedVersion = (wanted: string, current: string | undefined): string => {
  if (current !== undefined && (wanted === current || current.startsWith(`${wanted}.`))) return current;
  return resolveVersion(wanted) ?? wanted;
};

const withoutNull = <Value extends object>(value: Value): Value => {
  const copy = { ...value };
  for (const name of Object.keys(copy)) {
    if (Reflect.get(copy, name) === null || Reflect.get(copy, name) === undefined)
      Reflect.deleteProperty(copy, name);
  }
  return copy;
};

/** Given pools over those that are there; a pool that is not named stays. */
export const mergedPools = (
  given: readonly NamedPool[],
  present: readonly NamedPool[],
): readonly NamedPool[] => {
  const kept = present.filter((pool) => !given.some((other) => other.name === pool.name));
  const written = given.map((pool) => {
    const before = present.find((other) => other.name === pool.name);
    const merged = { ...before, ...withoutNull(pool) };
    if (pool.enableAutoScaling !== false) return merged;
    const { minCount: _, maxCount: __, ...fixed } = merged;
    return fixed;
  });
  return [...written, ...kept];
};

/** A pool with what AKS fills in. `controlPlane`: the version that a pool without one of its own gets. */
export const completePool = (pool: NamedPool, controlPlane: string, network: Network): NamedPool => {
  const current = pool.currentOrchestratorVersion;
  const version = pool.orchestratorVersion
    ? wantedVersion(pool.orchestratorVersion, current)
    : (current ?? controlPlane);
  const overlay = network.networkPluginMode === "overlay";
  return {
    count: 1,
    mode: "User",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    osSKU: "Ubuntu",
    osDiskSizeGB: 128,
    osDiskType: "Managed",
    kubeletDiskType: "OS",
    maxPods: overlay ? 250 : network.networkPlugin === "kubenet" ? 110 : 30,
    scaleDownMode: "Delete",
    enableNodePublicIP: false,
    enableFIPS: false,
    upgradeSettings: { maxSurge: "10%", maxUnavailable: "0" },
    powerState: { code: "Running" },
    enableAutoScaling: false,
    ...withoutNull(pool),
    orchestratorVersion: pool.orchestratorVersion ?? version,
    currentOrchestratorVersion: version,
    nodeImageVersion: "AKSUbuntu-2204gen2containerd-202611.02.0",
    eTag: randomBytes(8).toString("hex"),
  };
};

const completeNetwork = (given: Network | undefined, present: Network | undefined): Network => {
  const plugin = given?.networkPlugin ?? present?.networkPlugin ?? "azure";
  const noneGiven = given?.networkPlugin === undefined && present === undefined;
  const flat =
    plugin === "azure" && !noneGiven && (given?.networkPluginMode ?? present?.networkPluginMode) == null;
  const pods = given?.podCidr ?? present?.podCidr ?? "10.244.0.0/16";
  const services = given?.serviceCidr ?? present?.serviceCidr ?? "10.0.0.0/16";
  return {
    networkPlugin: "azure",
    ...(noneGiven ? { networkPluginMode: "overlay" } : {}),
    networkPolicy: "none",
    networkDataplane: "azure",
    loadBalancerSku: "standard",
    outboundType: "loadBalancer",
    ipFamilies: ["IPv4"],
    loadBalancerProfile: { managedOutboundIPs: { count: 1 }, backendPoolType: "nodeIPConfiguration" },
    dnsServiceIP: "10.0.0.10",
    ...present,
    ...withoutNull(given ?? {}),
    ...(flat ? {} : { podCidr: pods, podCidrs: [pods] }),
    serviceCidr: services,
    serviceCidrs: [services],
  };
};

const identityProperties = z.looseObject({ principalId: z.string(), clientId: z.string() });

/** The identity that the cluster acts as, with what ARM shows of it. */
const completeIdentity = (arm: Arm, id: string, identity: Cluster["identity"]): Cluster["identity"] => {
  if (identity?.type === "SystemAssigned") {
    return {
      type: identity.type,
      principalId: derivedGuid(id, "system-assigned"),
      tenantId: arm.settings.tenant,
    };
  }
  if (identity?.type !== "UserAssigned") return identity;
  const entries = Object.keys(identity.userAssignedIdentities ?? {}).map((name) => {
    const known = identityProperties.safeParse(arm.find(name)?.body.properties);
    return [
      name,
      known.success ? { principalId: known.data.principalId, clientId: known.data.clientId } : {},
    ];
  });
  return { type: identity.type, userAssignedIdentities: Object.fromEntries(entries) };
};

export const completeCluster = (write: Write<Cluster>): Cluster => {
  const { arm, id, name, group, body, before } = write;
  const present = before?.properties;
  const given = withoutNull(body.properties);
  const current = present?.currentKubernetesVersion;
  const wanted = given.kubernetesVersion ?? present?.kubernetesVersion ?? defaultVersion();
  const version = wantedVersion(wanted, current);
  const network = completeNetwork(given.networkProfile, present?.networkProfile);
  const fqdn =
    present?.fqdn ?? `${given.dnsPrefix}-${randomBytes(4).toString("hex")}.hcp.${body.location}.azmk8s.io`;
  const nodes =
    present?.nodeResourceGroup ??
    given.nodeResourceGroup ??
    `MC_${group}_${name}_${body.location}`.slice(0, 80);
  const access = given.apiServerAccessProfile ?? present?.apiServerAccessProfile;
  const oidc = given.oidcIssuerProfile ?? present?.oidcIssuerProfile;
  return {
    ...before,
    ...body,
    sku: { name: "Base", tier: "Free", ...before?.sku, ...body.sku },
    ...(body.identity || before?.identity
      ? { identity: completeIdentity(arm, id, body.identity ?? before?.identity) }
      : {}),
    properties: {
      enableRBAC: true,
      disableLocalAccounts: false,
      supportPlan: "KubernetesOfficial",
      maxAgentPools: 100,
      powerState: { code: "Running" },
      servicePrincipalProfile: { clientId: "msi" },
      ...present,
      ...given,
      kubernetesVersion: wanted,
      currentKubernetesVersion:
        current !== undefined && compareVersions(version, current) < 0 ? current : version,
      nodeResourceGroup: nodes,
      fqdn,
      azurePortalFQDN: fqdn.replace(".hcp.", ".portal.hcp."),
      resourceUID: derivedGuid(id, "cluster").replaceAll("-", "").slice(0, 24),
      networkProfile: network,
      ...(access?.authorizedIPRanges
        ? {
            apiServerAccessProfile: {
              ...access,
              // AKS shows a single address as a range.
              authorizedIPRanges: access.authorizedIPRanges.map((range) =>
                range.includes("/") ? range : `${range}/32`,
              ),
            },
          }
        : {}),
      ...(oidc
        ? {
            oidcIssuerProfile: oidc.enabled
              ? {
                  ...oidc,
                  issuerURL: `https://${body.location}.oic.prod-aks.azure.com/${arm.settings.tenant}/${derivedGuid(id, "issuer")}/`,
                }
              : oidc,
          }
        : {}),
      agentPoolProfiles: mergedPools(given.agentPoolProfiles ?? [], present?.agentPoolProfiles ?? []).map(
        (pool) => completePool(pool, version, network),
      ),
    },
  };
};
