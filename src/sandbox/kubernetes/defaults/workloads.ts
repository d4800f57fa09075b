/** Defaults of the workload kinds (`pkg/apis/apps/v1/defaults.go`, `batch/v1/defaults.go`). */
import { isObject, type JsonObject, objectOf, objectsOf, sameJson } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { child, defaultPodSpec, fill } from "./pod.ts";

const template = (holder: JsonObject): void => {
  const made = child(holder, "template");
  child(made, "metadata");
  defaultPodSpec(child(made, "spec"));
};

export const defaultTemplate = (object: JsonObject): void => template(object);

export const defaultDeployment = (object: JsonObject): void => {
  const spec = child(object, "spec");
  template(spec);
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = child(spec, "strategy");
  fill(strategy, { type: "RollingUpdate" });
  if (strategy.type === "RollingUpdate") {
    fill(child(strategy, "rollingUpdate"), { maxUnavailable: "25%", maxSurge: "25%" });
  }
};

export const defaultReplicaSet = (object: JsonObject): void => {
  const spec = child(object, "spec");
  template(spec);
  fill(spec, { replicas: 1 });
};

export const defaultStatefulSet = (object: JsonObject): void => {
  const spec = child(object, "spec");
  template(spec);
  fill(spec, { podManagementPolicy: "OrderedReady", replicas: 1, revisionHistoryLimit: 10 });
  const strategy = child(spec, "updateStrategy");
  fill(strategy, { type: "RollingUpdate" });
  if (strategy.type === "RollingUpdate") fill(child(strategy, "rollingUpdate"), { partition: 0 });
  fill(child(spec, "persistentVolumeClaimRetentionPolicy"), { whenDeleted: "Retain", whenScaled: "Retain" });
  for (const claim of objectsOf(spec.volumeClaimTemplates)) {
    fill(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
    fill(child(claim, "spec"), { volumeMode: "Filesystem" });
    fill(child(claim, "status"), { phase: "Pending" });
  }
};

/** Counts the changes of a template, as `metadata.generation` did not once. */
const templateGeneration = "deprecated.daemonset.template.generation";

export const defaultDaemonSet = (object: JsonObject, before: KubernetesObject | undefined): void => {
  const spec = child(object, "spec");
  template(spec);
  const known = Number(before?.metadata.annotations?.[templateGeneration] ?? "0");
  const same = before && sameJson(objectOf(before.spec).template, spec.template);
  const annotations = child(child(object, "metadata"), "annotations");
  annotations[templateGeneration] = String(same ? known : known + 1);
  fill(spec, { revisionHistoryLimit: 10 });
  const strategy = child(spec, "updateStrategy");
  fill(strategy, { type: "RollingUpdate" });
  if (strategy.type === "RollingUpdate")
    fill(child(strategy, "rollingUpdate"), { maxUnavailable: 1, maxSurge: 0 });
};

export const defaultJob = (object: JsonObject): void => {
  const spec = child(object, "spec");
  template(spec);
  if (spec.completions === undefined && spec.parallelism === undefined) fill(spec, { completions: 1 });
  fill(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: isObject(spec.podFailurePolicy) ? "Failed" : "TerminatingOrFailed",
    manualSelector: false,
  });
};

/** A Job that makes its own selector gets it, and its template the labels, from the Job's uid. */
export const selectJob = (object: JsonObject): void => {
  const spec = child(object, "spec");
  if (spec.manualSelector === true || spec.selector !== undefined) return;
  const { uid, name } = objectOf(object.metadata);
  if (uid === undefined || name === undefined) return;
  spec.selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  const labels = child(child(child(spec, "template"), "metadata"), "labels");
  fill(labels, {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  });
};

export const defaultCronJob = (object: JsonObject): void => {
  const spec = child(object, "spec");
  const job = child(spec, "jobTemplate");
  child(job, "metadata");
  template(child(job, "spec"));
  fill(spec, {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
};

/** A pod's own defaults, beyond those of templates. */
export const defaultPod = (object: JsonObject): void => {
  const spec = child(object, "spec");
  defaultPodSpec(spec);
  fill(spec, {
    enableServiceLinks: true,
    serviceAccountName: "default",
    serviceAccount: "default",
    preemptionPolicy: "PreemptLowerPriority",
    priority: 0,
  });
  for (const container of [...objectsOf(spec.initContainers), ...objectsOf(spec.containers)]) {
    const resources = child(container, "resources");
    if (isObject(resources.limits)) fill(child(resources, "requests"), resources.limits);
  }
};
