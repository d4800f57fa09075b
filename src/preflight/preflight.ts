/**
 * Asks for everything that the steps of a plan need, before the first write: each kind of requirement goes to those
 * who know it, all at the same time, and every finding is told.
 */
import type { Finding } from "../step/finding.ts";
import { type Asked, type Check, type Kind, type PreflightContext, stepsOf } from "./check.ts";

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
    return (asked, context) => checkAzure(context, asked);
  },
  cloudflare: async () => (await import("./cloudflare.ts")).checkCloudflare,
  tools: async () => (await import("./tools.ts")).checkTools,
  charts: async () => (await import("./charts.ts")).checkCharts,
};

/**
 * Findings by weight, blockers first and what is well last; what several steps are told alike is one finding. Wrong credentials, missing rights and
 * services that don't answer are findings; it throws only where the signal aborts, or for a bug of ours.
 */
export const checkRequirements = async (
  asked: readonly Asked[],
  context: PreflightContext,
): Promise<readonly Finding[]> => {
  context.signal.throwIfAborted();
  const groups = Map.groupBy(asked, ({ kind }) => knownBy[kind]);
  const findings = await Promise.all(
    [...groups].map(async ([name, group]) => (await load[name]())(group, context)),
  );
  return together(findings.flat(), stepsOf(asked)).toSorted(
    (a, b) => weights.indexOf(a.severity) - weights.indexOf(b.severity),
  );
};

const weights: readonly Finding["severity"][] = ["blocker", "warning", "ok"];

/** `order`: of the steps. */
const together = (findings: readonly Finding[], order: readonly string[]): readonly Finding[] => {
  const rank = new Map(order.map((step, index) => [step, index]));
  const place = (step: string) => rank.get(step) ?? order.length;
  const alike = Map.groupBy(findings, ({ code, severity, message, hint }) =>
    JSON.stringify([code, severity, message, hint]),
  );
  return [...alike.values()].flatMap((group) => {
    const steps = [...new Set(group.flatMap((each) => each.steps))].sort((a, b) => place(a) - place(b));
    return group.slice(0, 1).map((first) => ({ ...first, steps }));
  });
};
