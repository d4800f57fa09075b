/**
 * What the server adds to an object after its defaults, and nobody owns: addresses, selectors, finalizers, and the
 * status that Go writes also where it is empty.
 */
import { at, copyOf, type JsonObject, listOf, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { child, fill } from "./pod.ts";
import { allocateService } from "./service.ts";
import { selectJob } from "./workloads.ts";

const statuses: Readonly<Record<string, JsonObject>> = {
  Namespace: { phase: "Active" },
  Pod: { phase: "Pending", qosClass: "BestEffort" },
  PersistentVolumeClaim: { phase: "Pending" },
  PersistentVolume: { phase: "Pending" },
  ResourceQuota: {},
  Deployment: {},
  ReplicaSet: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
  Job: {},
  CronJob: {},
  Ingress: { loadBalancer: {} },
  PodDisruptionBudget: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  HorizontalPodAutoscaler: { currentMetrics: null, desiredReplicas: 0 },
};

/** A definition before its names are looked at. */
const newDefinition = (object: JsonObject): JsonObject => ({
  conditions: null,
  acceptedNames: { plural: "", kind: "" },
  storedVersions: objectsOf(at(object, "spec", "versions"))
    .filter((version) => version.storage === true)
    .map((version) => version.name ?? ""),
});

/** Holds a claim until no pod uses it. */
export const claimProtection = "kubernetes.io/pvc-protection";

const protect = (metadata: JsonObject): void => {
  const finalizers = listOf(metadata.finalizers);
  if (!finalizers.includes(claimProtection)) metadata.finalizers = [...finalizers, claimProtection];
};

/** A copy of a defaulted object. `services`: those stored in the cluster, asked for only by Services. */
export const completed = (
  object: JsonObject,
  before: KubernetesObject | undefined,
  services: () => readonly KubernetesObject[],
): JsonObject => {
  const filled = copyOf(object);
  const kind = textOf(object.kind) ?? "";
  const status = statuses[kind];
  if (status !== undefined) fill(child(filled, "status"), copyOf(status));
  if (kind === "CustomResourceDefinition") fill(child(filled, "status"), newDefinition(filled));
  if (kind === "Namespace" && !before) fill(child(filled, "spec"), { finalizers: ["kubernetes"] });
  if (kind === "PersistentVolumeClaim" && !before) protect(child(filled, "metadata"));
  if (kind === "Service") allocateService(filled, before, services());
  if (kind === "Job") selectJob(filled);
  return filled;
};
