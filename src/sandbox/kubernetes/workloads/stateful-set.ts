/** StatefulSets: numbered pods with claims of their own; a new template replaces the pods. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, numberOf, objectOf, objectsOf, textOf, textsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { hashOf, isReady, makePod, manager, ownedBy, podFrom, podKind } from "./pods.ts";

const revisionLabel = "controller-revision-hash";

const makeClaims = (api: ClusterApi, set: KubernetesObject, pod: string): JsonObject[] => {
  const namespace = set.metadata.namespace ?? "default";
  return objectsOf(at(set, "spec", "volumeClaimTemplates")).map((template) => {
    const volume = textOf(at(template, "metadata", "name")) ?? "data";
    const metadata = {
      name: `${volume}-${pod}`,
      namespace,
      labels: textsOf(at(set, "spec", "selector", "matchLabels")),
    };
    if (!api.get({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: metadata.name })) {
      api.create(
        { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: objectOf(template.spec) },
        manager,
      );
    }
    return { name: volume, persistentVolumeClaim: { claimName: metadata.name } };
  });
};

export const reconcileStatefulSet = (api: ClusterApi, set: KubernetesObject): void => {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const { name } = set.metadata;
  const wanted = numberOf(at(set, "spec", "replicas")) ?? 1;
  const revision = `${name}-${hashOf(objectOf(at(set, "spec", "template")))}`;
  const names = Array.from({ length: wanted }, (_, index) => `${name}-${index}`);
  for (const pod of ownedBy(api, podKind, set)) {
    const stale = pod.metadata.labels?.[revisionLabel] !== revision;
    if (stale || !names.includes(pod.metadata.name)) api.delete(nameOf(pod));
  }
  for (const [index, pod] of names.entries()) {
    if (api.get({ ...podKind, namespace: set.metadata.namespace, name: pod })) continue;
    const volumes = [
      ...objectsOf(at(set, "spec", "template", "spec", "volumes")),
      ...makeClaims(api, set, pod),
    ];
    const labels = {
      [revisionLabel]: revision,
      "statefulset.kubernetes.io/pod-name": pod,
      "apps.kubernetes.io/pod-index": String(index),
    };
    const subdomain = textOf(at(set, "spec", "serviceName"));
    const spec = {
      hostname: pod,
      ...(subdomain ? { subdomain } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    };
    const draft = podFrom(set, { name: pod }, { labels, spec });
    makePod(
      api,
      set,
      draft,
      "statefulset-controller",
      () => `create Pod ${pod} in StatefulSet ${name} successful`,
    );
  }
  const pods = ownedBy(api, podKind, set);
  const ready = pods.filter(isReady).length;
  api.setStatus(
    nameOf(set),
    (status, object) => ({
      ...status,
      observedGeneration: object.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: pods.length,
      updatedReplicas: pods.length,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    }),
    manager,
  );
};
