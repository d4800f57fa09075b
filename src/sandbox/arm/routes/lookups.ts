/** What preflight asks: VM sizes and their restrictions, quotas, Kubernetes versions. */
import type { Reply } from "../../http/call.ts";
import { computeUsages, networkUsages, type Usage } from "../catalogue/limits.ts";
import { allRegions, regionOf } from "../catalogue/regions.ts";
import { allSizes, type VmSize } from "../catalogue/sizes.ts";
import { allMinors, upgradesOf } from "../catalogue/versions.ts";
import { ArmError } from "../errors.ts";
import { holdersOf } from "../kinds/public-ip.ts";
import type { Route } from "./route.ts";

const showSku = (size: VmSize, location: string, zones: readonly string[]): Record<string, unknown> => ({
  resourceType: "virtualMachines",
  name: size.name,
  tier: "Standard",
  size: size.name.replace(/^Standard_/, ""),
  family: size.family,
  locations: [location],
  locationInfo: [{ location, zones, zoneDetails: [] }],
  capabilities: [
    { name: "vCPUs", value: String(size.cores) },
    { name: "vCPUsAvailable", value: String(size.cores) },
    { name: "MemoryGB", value: String(size.memory) },
    { name: "CpuArchitectureType", value: size.architecture },
    { name: "PremiumIO", value: "True" },
    { name: "EphemeralOSDiskSupported", value: "False" },
  ],
  restrictions: size.restricted
    ? [
        {
          type: "Location",
          values: [location],
          restrictionInfo: { locations: [location] },
          reasonCode: "NotAvailableForSubscription",
        },
      ]
    : [],
});

const usages = (values: readonly Usage[]): Reply => ({
  status: 200,
  body: {
    value: values.map((usage) => ({
      unit: "Count",
      currentValue: usage.current,
      limit: usage.limit,
      name: { value: usage.counter, localizedValue: usage.label },
    })),
  },
});

const checkLocation = (location: string): string => {
  const region = regionOf(location);
  if (!region) {
    throw new ArmError(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '${location}'.`,
    );
  }
  return region.name;
};

export const lookupRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/microsoft\.compute\/skus\/?$/i,
    answer: ({ call }) => {
      const location = /location\s+eq\s+'([^']+)'/i.exec(call.query.get("$filter") ?? "")?.[1];
      const regions = location === undefined ? allRegions() : [regionOf(location)];
      return {
        status: 200,
        body: {
          value: regions.flatMap((region) =>
            region ? allSizes().map((size) => showSku(size, region.name, region.zones)) : [],
          ),
        },
      };
    },
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/microsoft\.compute\/locations\/([^/]+)\/usages\/?$/i,
    answer: ({ core, parts }) => usages(computeUsages(core.arm, checkLocation(parts[1] ?? ""))),
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/microsoft\.network\/locations\/([^/]+)\/usages\/?$/i,
    answer: ({ core, parts }) => usages(networkUsages(core.arm, checkLocation(parts[1] ?? ""))),
  },
  {
    method: "GET",
    pattern:
      /^\/subscriptions\/([^/]+)\/providers\/microsoft\.network\/locations\/([^/]+)\/checkdnsnameavailability\/?$/i,
    answer: ({ core, parts, call }) => {
      const fqdn = `${call.query.get("domainNameLabel") ?? ""}.${checkLocation(parts[1] ?? "")}.cloudapp.azure.com`;
      return { status: 200, body: { available: holdersOf(core.arm, fqdn).length === 0 } };
    },
  },
  {
    method: "GET",
    pattern:
      /^\/subscriptions\/([^/]+)\/providers\/microsoft\.containerservice\/locations\/([^/]+)\/kubernetesversions\/?$/i,
    answer: ({ parts }) => {
      checkLocation(parts[1] ?? "");
      return {
        status: 200,
        body: {
          values: allMinors().map((minor) => ({
            version: minor.version,
            capabilities: { supportPlan: ["KubernetesOfficial", "AKSLongTermSupport"] },
            isDefault: minor.isDefault,
            isPreview: minor.isPreview,
            patchVersions: Object.fromEntries(
              minor.patches.map((patch) => [patch, { upgrades: upgradesOf(patch) }]),
            ),
          })),
        },
      };
    },
  },
];
