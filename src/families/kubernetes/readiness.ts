/** Whether an object does what it is there for, by its status: workloads run, Jobs ended well, conditions say Ready. */
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { Verdict } from "../../step/step.ts";
import { isEntries } from "./draft.ts";
import { conditionOf, eventsOf, logLinesOf } from "./evidence.ts";
import { shownName } from "./object-id.ts";

type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly reason: string; readonly worthWaiting: boolean };

const ready: Readiness = { ready: true };
const waiting = (reason: string): Readiness => ({ ready: false, reason, worthWaiting: true });
const failed = (reason: string): Readiness => ({ ready: false, reason, worthWaiting: false });

const numberAt = (value: unknown, key: string): number | undefined => {
  const found = isEntries(value) ? value[key] : undefined;
  return typeof found === "number" ? found : undefined;
};

/** The controller has not looked at the newest settings yet. */
const isBehind = (object: KubernetesObject): boolean => {
  const observed = numberAt(object.status, "observedGeneration");
  return observed !== undefined && observed < (object.metadata.generation ?? 0);
};

const replicated = (object: KubernetesObject): Readiness => {
  const wanted = numberAt(object.spec, "replicas") ?? 1;
  const updated = numberAt(object.status, "updatedReplicas") ?? 0;
  const available = numberAt(object.status, "availableReplicas") ?? 0;
  const progress = conditionOf(object, "Progressing");
  if (numberAt(object.status, "observedGeneration") === undefined || isBehind(object))
    return waiting("its controller has not seen it yet");
  if (progress?.reason === "ProgressDeadlineExceeded") return failed(progress.message);
  if (updated < wanted) return waiting(`${updated} of ${wanted} replicas are up to date`);
  return available < wanted ? waiting(`${available} of ${wanted} replicas are available`) : ready;
};

const daemon = (object: KubernetesObject): Readiness => {
  const wanted = numberAt(object.status, "desiredNumberScheduled");
  const updated = numberAt(object.status, "updatedNumberScheduled") ?? 0;
  const available = numberAt(object.status, "numberAvailable") ?? 0;
  if (wanted === undefined || isBehind(object)) return waiting("its controller has not seen it yet");
  const least = Math.min(updated, available);
  return least < wanted ? waiting(`${least} of ${wanted} pods are up to date and available`) : ready;
};

const job = (object: KubernetesObject): Readiness => {
  const failure = conditionOf(object, "Failed");
  if (failure?.status === "True") return failed(failure.message || failure.reason);
  return conditionOf(object, "Complete")?.status === "True" ? ready : waiting("it has not completed yet");
};

const unseen = waiting("its controller has not seen the newest settings yet");

/**
 * By the convention that most controllers keep: the condition Ready, and Stalled where trying again is useless. What
 * they say of older settings is never taken for more, nor is `observedGeneration: -1`, a default that many definitions
 * have for the time before a controller writes any condition.
 */
const conditioned = (object: KubernetesObject): Readiness => {
  const generation = object.metadata.generation ?? 0;
  const stalled = conditionOf(object, "Stalled");
  const isStalled = stalled?.status === "True";
  if (isStalled && (stalled.observedGeneration ?? (isBehind(object) ? -1 : generation)) >= generation)
    return failed(stalled.message || stalled.reason);
  if (isBehind(object)) return unseen;
  const condition = conditionOf(object, "Ready");
  if (!condition) return ready;
  if ((condition.observedGeneration ?? generation) < generation) return unseen;
  return condition.status === "True"
    ? ready
    : waiting(condition.message || condition.reason || "not Ready yet");
};

export const readinessOf = (object: KubernetesObject): Readiness => {
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet":
      return replicated(object);
    case "DaemonSet":
      return daemon(object);
    case "Job":
      return job(object);
    case "CustomResourceDefinition":
      return conditionOf(object, "Established")?.status === "True"
        ? ready
        : waiting("it is not established yet");
    default:
      return conditioned(object);
  }
};

/** The label selector of a workload's pods. */
export const podSelectorOf = (object: KubernetesObject): string | undefined => {
  const selector = isEntries(object.spec) ? object.spec.selector : undefined;
  const labels = isEntries(selector) ? selector.matchLabels : undefined;
  if (!isEntries(labels)) return undefined;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
};

/** The verdict for several objects: the first that is not ready, with its events and the last lines of its pods. */
export const verdictOf = async (
  client: KubernetesClient,
  objects: readonly KubernetesObject[],
): Promise<Verdict> => {
  const judged = objects.map((object) => ({ object, readiness: readinessOf(object) }));
  const open = judged.flatMap(({ object, readiness }) => (readiness.ready ? [] : [{ object, ...readiness }]));
  const first = open.find((one) => !one.worthWaiting) ?? open[0];
  if (!first) return { ready: true, detail: `${objects.length} objects` };
  const { kind, apiVersion, metadata } = first.object;
  const name = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
  const selector = podSelectorOf(first.object);
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return {
    ready: false,
    reason: `${shownName(name)}: ${first.reason}${more}`,
    worthWaiting: first.worthWaiting,
    evidence: [
      ...(await eventsOf(client, name)),
      ...(selector && metadata.namespace ? await logLinesOf(client, metadata.namespace, selector) : []),
    ],
  };
};
