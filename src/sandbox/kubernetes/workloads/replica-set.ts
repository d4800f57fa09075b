/** ReplicaSets: as many pods as they say. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, numberOf, textsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { isReady, makePod, manager, ownedBy, podFrom, podKind } from "./pods.ts";

export const reconcileReplicaSet = (api: ClusterApi, set: KubernetesObject): void => {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const wanted = numberOf(at(set, "spec", "replicas")) ?? 1;
  const pods = ownedBy(api, podKind, set);
  for (let count = pods.length; count < wanted; count++) {
    const draft = podFrom(set, { generateName: `${set.metadata.name}-` });
    if (!makePod(api, set, draft, "replicaset-controller")) break;
  }
  // Pods that are not ready go first.
  const surplus = [...pods]
    .sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, pods.length - wanted));
  for (const pod of surplus) {
    api.delete(nameOf(pod));
    api.emitEvent(
      set,
      "Normal",
      "SuccessfulDelete",
      `Deleted pod: ${pod.metadata.name}`,
      "replicaset-controller",
    );
  }
  const now = ownedBy(api, podKind, set);
  const ready = now.filter(isReady).length;
  const labels = Object.entries(textsOf(at(set, "spec", "template", "metadata", "labels")));
  const labeled = now.filter((pod) =>
    labels.every(([key, value]) => pod.metadata.labels?.[key] === value),
  ).length;
  api.setStatus(
    nameOf(set),
    (status, object) => ({
      ...status,
      replicas: now.length,
      fullyLabeledReplicas: labeled,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: object.metadata.generation ?? 1,
    }),
    manager,
  );
};
