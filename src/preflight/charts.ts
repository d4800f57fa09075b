/** Brings the charts that steps want to this machine, so that none is missing halfway. */
import { chartTitle } from "../charts/source.ts";
import { charts } from "../charts/store.ts";
import { Failure } from "../step/failure.ts";
import { type Check, type OfKind, ofKind, type PreflightContext } from "./check.ts";
import type { Finding } from "./finding.ts";

/** Each chart once, whatever the number of releases. */
export const checkCharts: Check = async (requirements, context) => {
  const wanted = new Map(
    ofKind(requirements, "chart").map((each) => [`${each.repository} ${each.name} ${each.version}`, each]),
  );
  return (await Promise.all([...wanted.values()].map((each) => checkChart(each, context)))).flat();
};

const from = {
  mirror: "in the mirror",
  cache: "in the cache",
  upstream: "fetched from its repository",
  folder: "here",
} as const;

const checkChart = async (
  { repository, name, version }: OfKind<"chart">,
  { use, signal }: PreflightContext,
): Promise<readonly Finding[]> => {
  const chart = { kind: "repository", repository, name, version } as const;
  const notices: string[] = [];
  try {
    const store = await use(charts);
    const local = await store.obtain(chart, { signal, notice: (message) => notices.push(message) });
    return [
      ...notices.map((message): Finding => ({ code: "P0662", severity: "warning", message })),
      { code: "P0660", severity: "ok", message: `chart ${name} ${local.version} is ${from[local.from]}` },
    ];
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "cancelled" || error.kind === "unexpected") throw error;
    const message = `chart ${chartTitle(chart)} can't be had: ${error.message}`;
    return [{ code: "P0661", severity: "blocker", message, hint: error.hint }];
  }
};
