/**
 * Asks for everything that the steps of a plan need, before the first write: each kind of requirement goes to those
 * who know it, all at the same time, and every finding is told.
 */
import type { Requirement } from "../step/requirement.ts";
import type { Check, Kind, PreflightContext } from "./check.ts";
import type { Finding } from "./finding.ts";

/** Who knows a kind. Their code is loaded only where somebody requires something of theirs. */
const knownBy: Readonly<Record<Kind, "azure" | "cloudflare" | "tools" | "charts">> = {
  provider: "azure",
  permission: "azure",
  "vm-size": "azure",
  "kubernetes-version": "azure",
  "public-ip": "azure",
  "dns-label": "azure",
  "cloudflare-zone": "cloudflare",
  tool: "tools",
  chart: "charts",
};

const load: Readonly<Record<(typeof knownBy)[Kind], () => Promise<Check>>> = {
  azure: async () => {
    const { checkAzure } = await import("./azure/azure.ts");
    return (requirements, context) => checkAzure(context, requirements);
  },
  cloudflare: async () => (await import("./cloudflare.ts")).checkCloudflare,
  tools: async () => (await import("./tools.ts")).checkTools,
  charts: async () => (await import("./charts.ts")).checkCharts,
};

/**
 * Findings in the order of those who know, blockers and what is well alike. Wrong credentials, missing rights and
 * services that don't answer are findings; it throws only where the signal aborts, or for a bug of ours.
 */
export const checkRequirements = async (
  requirements: readonly Requirement[],
  context: PreflightContext,
): Promise<readonly Finding[]> => {
  context.signal.throwIfAborted();
  const groups = Map.groupBy(requirements, ({ kind }) => knownBy[kind]);
  const findings = await Promise.all(
    [...groups].map(async ([name, group]) => (await load[name]())(group, context)),
  );
  return findings.flat();
};
