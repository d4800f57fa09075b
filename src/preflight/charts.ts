/** Brings the charts that steps want to this machine, so that none is missing halfway. */
import { chartTitle } from "../charts/source.ts";
import { charts } from "../charts/store.ts";
import { Failure } from "../step/failure.ts";
import type { Finding } from "../step/finding.ts";
import { type Check, type OfKind, ofKind, type PreflightContext, stepsOf } from "./check.ts";

/** Each chart once, whatever the number of releases. */
export const checkCharts: Check = async (asked, context) => {
  const groups = Map.groupBy(
    ofKind(asked, "chart"),
    ({ repository, name, version }) => `${repository} ${name} ${version}`,
  );
  const findings = await Promise.all([...groups.values()].map((group) => checkChart(group, context)));
  return findings.flat();
};

const from = {
  mirror: "in the mirror",
  cache: "in the cache",
  upstream: "fetched from its repository",
  folder: "here",
} as const;

/** One chart, asked for by any number of releases. */
const checkChart = async (
  asked: readonly OfKind<"chart">[],
  { use, signal }: PreflightContext,
): Promise<readonly Finding[]> => {
  const [first] = asked;
  if (!first) return [];
  const steps = stepsOf(asked);
  const { repository, name, version } = first;
  const chart = { kind: "repository", repository, name, version } as const;
  const notices: string[] = [];
  try {
    const store = await use(charts);
    const local = await store.obtain(chart, { signal, notice: (message) => notices.push(message) });
    return [
      ...notices.map((message): Finding => ({ code: "P0662", severity: "warning", steps, message })),
      {
        code: "P0660",
        severity: "ok",
        steps,
        message: `chart ${name} ${local.version} is ${from[local.from]}`,
      },
    ];
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "cancelled" || error.kind === "unexpected") throw error;
    const message = `chart ${chartTitle(chart)} can't be had: ${error.message}`;
    return [{ code: "P0661", severity: "blocker", steps, message, hint: error.hint }];
  }
};
