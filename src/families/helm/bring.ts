/** Brings a release to the chart and values that are wanted, from whatever state it is in. */

import type { ChartSource } from "../../charts/source.ts";
import { charts } from "../../charts/store.ts";
import type { HelmClient, JsonObject } from "../../clients/helm/client.ts";
import { helm } from "../../clients/helm/helm.ts";
import { type Release, releaseHistory } from "../../clients/helm/release.ts";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import type { Verdict } from "../../step/step.ts";
import { ensureNamespace } from "../kubernetes/namespace.ts";
import { makeCrds } from "./crds.ts";
import { descriptionOf, releaseLabels } from "./marks.ts";
import { clusterOf, type Place, placeOf } from "./observed.ts";
import { lastGood, recover } from "./recovery.ts";

export interface Wanted {
  readonly chart: ChartSource;
  /** Milliseconds. */
  readonly timeout: number;
  readonly wait: boolean;
  /** The values, once the namespace is there and what the release refers to can be written beside it. */
  values(client: KubernetesClient): Promise<JsonObject>;
  /** What the step itself says of the release as it is, whatever Helm says. */
  judge(client: KubernetesClient, release: Release): Promise<Verdict>;
}

export const bring = async (context: StepContext, ref: Ref, wanted: Wanted): Promise<void> => {
  const place = placeOf(ref);
  const [client, tool, store] = await Promise.all([
    clusterOf(context, ref),
    context.use(helm(place.cluster)),
    context.use(charts),
  ]);
  // First of all, so that a chart that can't be had changes nothing.
  const chart = await store.obtain(wanted.chart, {
    signal: context.signal,
    notice: (message) => context.report({ kind: "notice", message }),
  });
  await recover(context, client, tool, place, wanted.timeout);
  await ensureNamespace(context, client, place.namespace, ref);
  const values = await wanted.values(client);
  const before = (await releaseHistory(client, place.namespace, place.release))[0]?.revision ?? 0;
  const skipCrds = await makeCrds(context, client, ref, await store.crds(chart));
  context.report({ kind: "waiting", reason: `Helm to install ${chart.name} ${chart.version}` });
  await context.fence();
  try {
    await tool.upgradeInstall({
      release: place.release,
      namespace: place.namespace,
      chart: chart.path,
      values,
      timeout: wanted.timeout,
      wait: wanted.wait,
      skipCrds,
      labels: releaseLabels(context.owner, ref, chart.digest),
      description: descriptionOf(wanted.chart),
      signal: context.signal,
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw await afterFailure(context, client, tool, place, wanted, before, error);
  }
};

/** The Failure with what a person would look for next, after the release was brought back to what worked. */
const afterFailure = async (
  context: StepContext,
  client: KubernetesClient,
  tool: HelmClient,
  place: Place,
  wanted: Pick<Wanted, "timeout" | "judge">,
  before: number,
  failure: Failure,
): Promise<Failure> => {
  const history = await releaseHistory(client, place.namespace, place.release);
  const [newest] = history;
  // Refused before anything was written: there is nothing to go back from.
  if (newest?.status !== "failed" || newest.revision <= before) return failure;
  // Taken before the rollback, which removes the very pods that would tell.
  const verdict = await wanted.judge(client, await newest.read());
  const told = verdict.ready ? [] : [verdict.reason, ...(verdict.evidence ?? [])];
  const revision = lastGood(history);
  const outcome =
    revision === undefined
      ? "nothing was deployed before that it could go back to"
      : await goBack(context, tool, place, wanted.timeout, revision);
  return new Failure(
    {
      kind: failure.kind,
      code: failure.code,
      message: `${failure.message}; ${outcome}`,
      // Helm 3 waits for an address by itself, and then knows only that its time is up.
      hint: (verdict.ready ? undefined : verdict.hint) ?? failure.hint,
      resource: failure.resource,
      evidence: [...failure.evidence, ...told],
    },
    { cause: failure },
  );
};

const goBack = async (
  context: StepContext,
  tool: HelmClient,
  { namespace, release }: Place,
  timeout: number,
  revision: number,
): Promise<string> => {
  await context.fence();
  try {
    await tool.rollback({ namespace, release, timeout, revision, signal: context.signal });
    return `rolled back to revision ${revision}, which was deployed last`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `and going back to revision ${revision} failed too: ${error.message}`;
  }
};
