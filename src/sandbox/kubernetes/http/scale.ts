/** `/scale` of workloads: replicas alone, as an autoscaling/v1 Scale. */
import { at, type JsonObject, numberOf, textsOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";

export const scaleOf = (object: KubernetesObject): JsonObject => {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(textsOf(at(object, "spec", "selector", "matchLabels")));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // Nobody's wish for none is left out, as Go leaves out zeros.
    spec: numberOf(at(object, "spec", "replicas"))
      ? { replicas: numberOf(at(object, "spec", "replicas")) }
      : {},
    status: {
      replicas: numberOf(at(object, "status", "replicas")) ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(","),
    },
  };
};
