/** Quotas: what a region of the subscription may hold, and what is used there now. */
import { z } from "zod";
import type { Arm } from "../kind.ts";
import { normalRegion } from "./regions.ts";
import { allSizes, sizeOf } from "./sizes.ts";

export interface Usage {
  /** `cores`, a VM family, `StandardSkuPublicIpAddresses`. */
  readonly counter: string;
  readonly label: string;
  readonly current: number;
  readonly limit: number;
}

const defaults = { cores: 200, family: 100, publicIps: 100, clusters: 100 };

/** The key of a limit in the state. */
export const limitKey = (location: string, counter: string): string =>
  `${normalRegion(location)}/${counter.toLowerCase()}`;

const limitOf = (arm: Arm, location: string, counter: string, otherwise: number): number =>
  arm.state.limits[limitKey(location, counter)] ?? otherwise;

const cluster = z.looseObject({
  location: z.string(),
  properties: z.looseObject({
    agentPoolProfiles: z.array(
      z.looseObject({ count: z.number().default(0), vmSize: z.string().default("") }),
    ),
  }),
});

/** vCPUs that clusters use in a region: those of one family, or all. */
export const coresUsed = (arm: Arm, location: string, family?: string): number => {
  let cores = 0;
  for (const resource of arm.ofType("Microsoft.ContainerService/managedClusters")) {
    const parsed = cluster.safeParse(resource.body);
    if (!parsed.success || normalRegion(parsed.data.location) !== normalRegion(location)) continue;
    for (const pool of parsed.data.properties.agentPoolProfiles) {
      const size = sizeOf(pool.vmSize);
      if (size && (family === undefined || size.family === family)) cores += size.cores * pool.count;
    }
  }
  return cores;
};

export const familyUsage = (arm: Arm, location: string, family: string): Usage => ({
  counter: family,
  label: `${family} vCPUs`,
  current: coresUsed(arm, location, family),
  limit: limitOf(arm, location, family, defaults.family),
});

export const coresUsage = (arm: Arm, location: string): Usage => ({
  counter: "cores",
  label: "Total Regional vCPUs",
  current: coresUsed(arm, location),
  limit: limitOf(arm, location, "cores", defaults.cores),
});

export const publicIpUsage = (arm: Arm, location: string): Usage => ({
  counter: "StandardSkuPublicIpAddresses",
  label: "Public IPv4 Addresses - Standard",
  current: arm
    .ofType("Microsoft.Network/publicIPAddresses")
    .filter((resource) => normalRegion(String(resource.body.location)) === normalRegion(location)).length,
  limit: limitOf(arm, location, "StandardSkuPublicIpAddresses", defaults.publicIps),
});

/** Clusters are counted in the subscription, not in a region. */
export const clusterLimit = (arm: Arm): number => arm.state.limits["/managedclusters"] ?? defaults.clusters;

export const computeUsages = (arm: Arm, location: string): readonly Usage[] => [
  coresUsage(arm, location),
  ...[...new Set(allSizes().map((size) => size.family))].map((family) => familyUsage(arm, location, family)),
];

export const networkUsages = (arm: Arm, location: string): readonly Usage[] => {
  const addresses = publicIpUsage(arm, location);
  return [
    addresses,
    { ...addresses, counter: "PublicIPAddresses", label: "Public IP Addresses", limit: 1000 },
    { ...addresses, counter: "StaticPublicIPAddresses", label: "Static Public IP Addresses" },
  ];
};
