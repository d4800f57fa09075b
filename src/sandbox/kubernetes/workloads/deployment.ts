/** Deployments: a ReplicaSet for each template, the new one up before the old ones go down. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, numberOf, objectOf, textsOf } from "../json.ts";
import { controlledBy, type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { conditionOf, hashOf, manager, ownedBy, podKind, withCondition } from "./pods.ts";

const setKind = { apiVersion: "apps/v1", kind: "ReplicaSet" } as const;
const hashLabel = "pod-template-hash";
const revisionAnnotation = "deployment.kubernetes.io/revision";

const revisionOf = (object: KubernetesObject): number =>
  Number(object.metadata.annotations?.[revisionAnnotation] ?? "0");
const count = (set: KubernetesObject, field: string): number => numberOf(at(set, "status", field)) ?? 0;

const setFor = (api: ClusterApi, deployment: KubernetesObject, revision: number): KubernetesObject => {
  const { name, namespace = "default" } = deployment.metadata;
  const template = objectOf(at(deployment, "spec", "template"));
  const hash = hashOf(template);
  const labels = { ...textsOf(at(template, "metadata", "labels")), [hashLabel]: hash };
  const selector = objectOf(at(deployment, "spec", "selector"));
  return api.create(
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels,
        annotations: { [revisionAnnotation]: String(revision) },
        ownerReferences: [controlledBy(deployment)],
      },
      spec: {
        replicas: 0,
        selector: { ...selector, matchLabels: { ...textsOf(selector.matchLabels), [hashLabel]: hash } },
        template: { ...template, metadata: { ...objectOf(template.metadata), labels } },
      },
    },
    manager,
  );
};

const scale = (
  api: ClusterApi,
  deployment: KubernetesObject,
  set: KubernetesObject,
  replicas: number,
): void => {
  const before = numberOf(at(set, "spec", "replicas")) ?? 0;
  if (before === replicas) return;
  api.patch(nameOf(set), { spec: { replicas } }, manager);
  const direction = replicas > before ? "up" : "down";
  api.emitEvent(
    deployment,
    "Normal",
    "ScalingReplicaSet",
    `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    "deployment-controller",
  );
};

/** Templates are told apart by content, so that going back to an older one takes its ReplicaSet up again. */
export const reconcileDeployment = (api: ClusterApi, deployment: KubernetesObject): void => {
  if (deployment.metadata.deletionTimestamp !== undefined) return;
  const wanted = numberOf(at(deployment, "spec", "replicas")) ?? 1;
  const sets = ownedBy(api, setKind, deployment);
  const hash = hashOf(objectOf(at(deployment, "spec", "template")));
  const newest = Math.max(0, ...sets.map(revisionOf));
  const known = sets.find((set) => set.metadata.labels?.[hashLabel] === hash);
  const revision = known && revisionOf(known) === newest ? newest : newest + 1;
  const current = known ?? setFor(api, deployment, revision);
  const annotations = { [revisionAnnotation]: String(revision) };
  if (revisionOf(current) !== revision) api.patch(nameOf(current), { metadata: { annotations } }, manager);
  if (revisionOf(deployment) !== revision)
    api.patch(nameOf(deployment), { metadata: { annotations } }, manager);
  const old = sets.filter((set) => set.metadata.name !== current.metadata.name);
  scale(api, deployment, current, wanted);
  const recreate = at(deployment, "spec", "strategy", "type") === "Recreate";
  if (recreate || count(current, "readyReplicas") >= wanted)
    for (const set of old) scale(api, deployment, set, 0);
  forgetOld(api, deployment, old);
  writeStatus(api, deployment, current.metadata.name);
};

const forgetOld = (api: ClusterApi, deployment: KubernetesObject, old: readonly KubernetesObject[]): void => {
  const limit = numberOf(at(deployment, "spec", "revisionHistoryLimit")) ?? 10;
  const idle = old
    .filter((set) => count(set, "replicas") === 0)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  for (const set of idle.slice(limit)) api.delete(nameOf(set));
};

const writeStatus = (api: ClusterApi, deployment: KubernetesObject, current: string): void => {
  const sets = ownedBy(api, setKind, deployment);
  const now = timeText(api.pace.now());
  api.setStatus(
    nameOf(deployment),
    (status, object) => {
      const sum = (field: string) => sets.reduce((total, set) => total + count(set, field), 0);
      const updated = sets.find((set) => set.metadata.name === current);
      const wanted = numberOf(at(object, "spec", "replicas")) ?? 1;
      const ready = updated ? count(updated, "readyReplicas") : 0;
      const total = sum("replicas");
      const available = sum("availableReplicas");
      const done = ready >= wanted && total === wanted;
      const minimum = wanted - Math.floor(wanted / 4);
      const numbers: JsonObject = {
        replicas: total,
        updatedReplicas: updated ? count(updated, "replicas") : 0,
        readyReplicas: sum("readyReplicas"),
        availableReplicas: available,
        unavailableReplicas: Math.max(0, wanted - available),
      };
      for (const [name, value] of Object.entries(numbers)) if (value === 0) delete numbers[name];
      const {
        replicas: _a,
        updatedReplicas: _b,
        readyReplicas: _c,
        availableReplicas: _d,
        unavailableReplicas: _e,
        ...rest
      } = status;
      const expired =
        conditionOf(object, "Progressing")?.reason === "ProgressDeadlineExceeded" &&
        status.observedGeneration === object.metadata.generation;
      const progressing = done
        ? {
            type: "Progressing",
            status: "True",
            reason: "NewReplicaSetAvailable",
            message: `ReplicaSet "${current}" has successfully progressed.`,
          }
        : expired
          ? {
              type: "Progressing",
              status: "False",
              reason: "ProgressDeadlineExceeded",
              message: `ReplicaSet "${current}" has timed out progressing.`,
            }
          : {
              type: "Progressing",
              status: "True",
              reason: "ReplicaSetUpdated",
              message: `ReplicaSet "${current}" is progressing.`,
            };
      const isAvailable = available >= minimum;
      const conditions = withCondition(
        withCondition(status.conditions, progressing, now),
        isAvailable
          ? {
              type: "Available",
              status: "True",
              reason: "MinimumReplicasAvailable",
              message: "Deployment has minimum availability.",
            }
          : {
              type: "Available",
              status: "False",
              reason: "MinimumReplicasUnavailable",
              message: "Deployment does not have minimum availability.",
            },
        now,
      );
      return { ...rest, ...numbers, observedGeneration: object.metadata.generation ?? 1, conditions };
    },
    manager,
  );
};

/** Between two looks at pods that are still starting when the deadline is over, in milliseconds, and how many. */
const grace = 1000;
const looks = 60;

/** A pod that nothing keeps from starting, but that has not started yet. */
const isStarting = (pod: KubernetesObject): boolean =>
  at(pod, "status", "containerStatuses") === undefined &&
  conditionOf(pod, "PodScheduled")?.status !== "False";

/**
 * Fails a rollout that is not done by its deadline. Pods that are only slow to start are waited for, because in a
 * sandbox without delays every deadline is over at once.
 */
export const watchDeadline = (api: ClusterApi, deployment: KubernetesObject): void => {
  const seconds = numberOf(at(deployment, "spec", "progressDeadlineSeconds")) ?? 600;
  const look = (left: number): void => {
    const current = api.get(nameOf(deployment));
    if (!current || current.metadata.generation !== deployment.metadata.generation) return;
    if (conditionOf(current, "Progressing")?.reason === "NewReplicaSetAvailable") return;
    const selector = textsOf(at(current, "spec", "selector", "matchLabels"));
    const labelSelector = Object.entries(selector)
      .map(([key, value]) => `${key}=${value}`)
      .join(",");
    const pods = api.list(podKind, { namespace: current.metadata.namespace, labelSelector });
    const starting = pods.length === 0 || pods.some(isStarting);
    if (starting && left > 0) api.pace.after(grace, () => look(left - 1));
    else expire(api, current);
  };
  api.pace.after(seconds * 1000, () => look(looks));
};

const expire = (api: ClusterApi, deployment: KubernetesObject): void => {
  const condition = {
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: `ReplicaSet of "${deployment.metadata.name}" has timed out progressing.`,
  };
  api.setStatus(
    nameOf(deployment),
    (status) => ({
      ...status,
      conditions: withCondition(status.conditions, condition, timeText(api.pace.now())),
    }),
    manager,
  );
};
