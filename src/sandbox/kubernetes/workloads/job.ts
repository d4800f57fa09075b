/** Jobs: pods that end, until enough have succeeded. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, numberOf, objectsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { conditionOf, isReady, makePod, manager, ownedBy, podFrom, podKind } from "./pods.ts";

const phase = (pod: KubernetesObject) => at(pod, "status", "phase");

export const reconcileJob = (api: ClusterApi, job: KubernetesObject): void => {
  if (job.metadata.deletionTimestamp !== undefined || at(job, "spec", "suspend") === true) return;
  if (conditionOf(job, "Complete") || conditionOf(job, "Failed")) return;
  const completions = numberOf(at(job, "spec", "completions")) ?? 1;
  const parallelism = numberOf(at(job, "spec", "parallelism")) ?? 1;
  const pods = ownedBy(api, podKind, job);
  const succeeded = pods.filter((pod) => phase(pod) === "Succeeded").length;
  const failed = pods.filter((pod) => phase(pod) === "Failed").length;
  const active = pods.length - succeeded - failed;
  const missing = Math.min(parallelism, completions - succeeded) - active;
  let made = 0;
  while (made < missing) {
    const draft = podFrom(job, { generateName: `${job.metadata.name}-` });
    if (!makePod(api, job, draft, "job-controller")) break;
    made++;
  }
  const now = timeText(api.pace.now());
  const done = succeeded >= completions;
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: "True",
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  api.setStatus(
    nameOf(job),
    (status) => ({
      ...status,
      startTime: status.startTime ?? now,
      active: done ? 0 : active + made,
      ready: pods.filter(isReady).length,
      succeeded,
      failed,
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(done
        ? {
            completionTime: now,
            conditions: [
              ...objectsOf(status.conditions),
              condition(
                "SuccessCriteriaMet",
                "CompletionsReached",
                "Reached expected number of succeeded pods",
              ),
              condition("Complete", "CompletionsReached", "Reached expected number of succeeded pods"),
            ],
          }
        : {}),
    }),
    manager,
  );
  if (!done) return;
  api.emitEvent(job, "Normal", "Completed", "Job completed", "job-controller");
  removeLater(api, job, api.pace.now());
};

/** A real cluster takes a moment to remove even a Job that may go at once, in milliseconds; its watchers need that. */
const sweep = 60_000;

/**
 * Removes a finished Job after its time to live. Where no time passes (a sandbox without delays) it stays, since
 * whoever waits for it would never see it finished.
 */
const removeLater = (api: ClusterApi, job: KubernetesObject, finished: number): void => {
  const kept = numberOf(at(job, "spec", "ttlSecondsAfterFinished"));
  if (kept === undefined) return;
  api.pace.after(kept * 1000 + sweep, () => {
    if (api.pace.now() - finished >= 1000) api.delete(nameOf(job), { uid: job.metadata.uid });
  });
};
