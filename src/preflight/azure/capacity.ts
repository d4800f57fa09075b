/** Whether a region offers the machines: the size itself, its zones, and vCPUs left in the quota. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import type { AzureClient } from "../../clients/azure/client.ts";
import type { Finding } from "../../step/finding.ts";
import { type OfKind, stepsOf } from "../check.ts";
import { readUsages, remaining, type Usage } from "./usage.ts";

type SizeAsked = OfKind<"vm-size">;

const sku = z.object({
  name: z.string(),
  resourceType: z.string(),
  family: z.string().optional(),
  capabilities: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  locationInfo: z.array(z.object({ location: z.string(), zones: z.array(z.string()).nullish() })).nullish(),
  restrictions: z
    .array(
      z.object({
        type: z.string(),
        reasonCode: z.string().optional(),
        restrictionInfo: z.object({ zones: z.array(z.string()).nullish() }).nullish(),
      }),
    )
    .nullish(),
});
type Sku = z.output<typeof sku>;

const cluster = z.object({
  properties: z.object({
    agentPoolProfiles: z
      .array(z.object({ vmSize: z.string().optional(), count: z.number().optional() }))
      .nullish(),
  }),
});

/** vCPUs to come, of one VM family or of all. */
interface Demand {
  readonly family: string | undefined;
  readonly cores: number;
  readonly steps: readonly string[];
}

export const checkSizes = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly SizeAsked[],
): Promise<readonly Finding[]> => {
  const locations = Map.groupBy(asked, ({ location }) => location);
  const findings = await Promise.all(
    [...locations].map(([location, group]) => checkRegion(client, signal, location, group)),
  );
  return findings.flat();
};

const checkRegion = async (
  client: AzureClient,
  signal: AbortSignal,
  location: string,
  asked: readonly SizeAsked[],
): Promise<readonly Finding[]> => {
  const root = `/subscriptions/${client.subscription}/providers/Microsoft.Compute`;
  const [skus, usages] = await Promise.all([
    client.list(`${root}/skus`, apiVersions.compute, sku, signal, { $filter: `location eq '${location}'` }),
    readUsages(client, signal, `${root}/locations/${location}/usages`, apiVersions.computeUsage),
  ]);
  const sizes = new Map(
    skus
      .filter(({ resourceType }) => resourceType.toLowerCase() === "virtualmachines")
      .map((entry) => [entry.name.toLowerCase(), entry]),
  );
  const offered = asked.map((each) => checkSize(each, sizes.get(each.size.toLowerCase())));
  const demands = await Promise.all(byCluster(asked).map((group) => demandOf(client, signal, group, sizes)));
  return [...offered, ...checkQuota(location, demands.flat(), usages)];
};

/** Whether the region has the size, for this subscription and in these zones. Pure. */
const checkSize = ({ size, location, zones, step }: SizeAsked, found: Sku | undefined): Finding => {
  const steps = [step];
  const list = `az vm list-skus --location ${location} --size ${size} --zone --all`;
  if (!found) {
    return {
      code: "P0611",
      severity: "blocker",
      steps,
      message: `${location} has no VM size ${size}`,
      hint: `See what it has: \`az vm list-skus --location ${location} --resource-type virtualMachines --output table\`.`,
    };
  }
  const restrictions = found.restrictions ?? [];
  if (restrictions.some(({ type }) => type.toLowerCase() === "location")) {
    return {
      code: "P0612",
      severity: "blocker",
      steps,
      message: `${size} is not open to this subscription in ${location}`,
      hint: `See \`${list}\`, and choose another size or region, or ask for access.`,
    };
  }
  const closed = new Set(restrictions.flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []));
  const open = (found.locationInfo ?? [])
    .flatMap((info) => info.zones ?? [])
    .filter((zone) => !closed.has(zone));
  const missing = zones.filter((zone) => !open.includes(zone));
  if (missing.length === 0) {
    return {
      code: "P0610",
      severity: "ok",
      steps,
      message: `${size} is offered in ${location}${zones.length > 0 ? `, zones ${zones.join(", ")}` : ""}`,
    };
  }
  const rest = open.length > 0 ? `it is in ${[...open].sort().join(", ")}` : "set `zones: []`";
  return {
    code: "P0613",
    severity: "blocker",
    steps,
    message: `${size} is not offered in zone ${missing.join(", ")} of ${location}`,
    hint: `Change \`zones\` (${rest}), or the size: \`${list}\`.`,
  };
};

/** Pools of one cluster together: machines that run there already are not asked for again. */
const byCluster = (asked: readonly SizeAsked[]): readonly (readonly SizeAsked[])[] => [
  ...Map.groupBy(asked, ({ cluster: id, size }) => `${id ?? ""} ${size}`.toLowerCase()).values(),
];

const demandOf = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly SizeAsked[],
  sizes: ReadonlyMap<string, Sku>,
): Promise<readonly Demand[]> => {
  const [first] = asked;
  const found = first && sizes.get(first.size.toLowerCase());
  if (!found) return [];
  const wanted = asked.reduce((sum, { count }) => sum + count, 0);
  const running = first.cluster === undefined ? 0 : await nodesOf(client, signal, first.cluster, first.size);
  const cores = Number(found.capabilities?.find(({ name }) => name === "vCPUs")?.value ?? 0);
  const missing = Math.max(0, wanted - running);
  return missing === 0 ? [] : [{ family: found.family, cores: missing * cores, steps: stepsOf(asked) }];
};

const nodesOf = async (
  client: AzureClient,
  signal: AbortSignal,
  id: string,
  size: string,
): Promise<number> => {
  const found = await client.get(id, apiVersions.containerService, cluster, signal);
  return (found?.properties.agentPoolProfiles ?? [])
    .filter(({ vmSize }) => vmSize?.toLowerCase() === size.toLowerCase())
    .reduce((sum, { count = 0 }) => sum + count, 0);
};

/** Family and total quota of a region. Pure. */
const checkQuota = (
  location: string,
  demands: readonly Demand[],
  usages: readonly Usage[],
): readonly Finding[] => {
  const families = Map.groupBy(demands, ({ family }) => family ?? "");
  const quotas: readonly (readonly [string, readonly Demand[]])[] = [...families, ["cores", demands]];
  return quotas.flatMap(([family, group]): readonly Finding[] => {
    const usage = usages.find(({ name }) => name.toLowerCase() === family.toLowerCase());
    const cores = group.reduce((sum, demand) => sum + demand.cores, 0);
    if (!usage || cores === 0) return [];
    const left = remaining(usage);
    const steps = [...new Set(group.flatMap((demand) => demand.steps))];
    const message = `${cores} more vCPUs of ${usage.label} in ${location}, ${left} are left of ${usage.limit}`;
    if (cores <= left) return [{ code: "P0614", severity: "ok", steps, message }];
    return [
      {
        code: "P0615",
        severity: "blocker",
        steps,
        message,
        hint: "Ask for more under Quotas in the Azure portal, or choose another size, a lower count or another region.",
      },
    ];
  });
};
