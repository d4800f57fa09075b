/** DaemonSets: one pod on each node; a new template replaces the pods. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, objectOf, textsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { hashOf, isReady, makePod, manager, ownedBy, podFrom, podKind } from "./pods.ts";

const revisionLabel = "controller-revision-hash";

export const reconcileDaemonSet = (api: ClusterApi, set: KubernetesObject): void => {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const selector = Object.entries(textsOf(at(set, "spec", "template", "spec", "nodeSelector")));
  const nodes = api
    .list({ apiVersion: "v1", kind: "Node" })
    .filter((node) => selector.every(([key, value]) => node.metadata.labels?.[key] === value))
    .map((node) => node.metadata.name);
  const revision = hashOf(objectOf(at(set, "spec", "template")));
  const nodeOf = (pod: KubernetesObject) => at(pod, "spec", "nodeName");
  for (const pod of ownedBy(api, podKind, set)) {
    const placed = nodes.some((node) => node === nodeOf(pod));
    if (!placed || pod.metadata.labels?.[revisionLabel] !== revision) api.delete(nameOf(pod));
  }
  const taken = new Set(ownedBy(api, podKind, set).map(nodeOf));
  for (const node of nodes) {
    if (taken.has(node)) continue;
    const labels = {
      [revisionLabel]: revision,
      "pod-template-generation": String(set.metadata.generation ?? 1),
    };
    const draft = podFrom(
      set,
      { generateName: `${set.metadata.name}-` },
      { labels, spec: { nodeName: node } },
    );
    makePod(api, set, draft, "daemonset-controller");
  }
  const pods = ownedBy(api, podKind, set);
  const ready = pods.filter(isReady).length;
  api.setStatus(
    nameOf(set),
    (status, object) => ({
      ...status,
      observedGeneration: object.metadata.generation ?? 1,
      desiredNumberScheduled: nodes.length,
      currentNumberScheduled: pods.length,
      updatedNumberScheduled: pods.length,
      numberMisscheduled: 0,
      numberReady: ready,
      numberAvailable: ready,
      ...(nodes.length > ready ? { numberUnavailable: nodes.length - ready } : { numberUnavailable: 0 }),
    }),
    manager,
  );
};
