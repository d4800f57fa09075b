/** kube-controller-manager, scheduler and kubelet, as far as anybody waits for what they do. */
import type { Behaviour } from "../behaviour.ts";
import type { Change, ClusterApi } from "../cluster-api.ts";
import { at } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { reconcileDaemonSet } from "../workloads/daemon-set.ts";
import { reconcileDeployment, watchDeadline } from "../workloads/deployment.ts";
import { reconcileEndpoints } from "../workloads/endpoints.ts";
import { reconcileJob } from "../workloads/job.ts";
import { reconcilePod, resumePod, retryWaiting } from "../workloads/kubelet.ts";
import { reconcileBudget, reconcileClaim } from "../workloads/others.ts";
import { controllerOf } from "../workloads/pods.ts";
import { reconcileReplicaSet } from "../workloads/replica-set.ts";
import { reconcileStatefulSet } from "../workloads/stateful-set.ts";

type Reconcilers = Readonly<Record<string, (api: ClusterApi, object: KubernetesObject) => void>>;

const podMakers: Reconcilers = {
  "apps/v1 ReplicaSet": reconcileReplicaSet,
  "apps/v1 StatefulSet": reconcileStatefulSet,
  "apps/v1 DaemonSet": reconcileDaemonSet,
  "batch/v1 Job": reconcileJob,
};

const controllers: Reconcilers = {
  ...podMakers,
  "apps/v1 Deployment": reconcileDeployment,
  "v1 Service": reconcileEndpoints,
  "v1 PersistentVolumeClaim": reconcileClaim,
  "policy/v1 PodDisruptionBudget": reconcileBudget,
};

const all = (api: ClusterApi, apiVersion: string, kind: string, namespace?: string) =>
  api.list({ apiVersion, kind }, { namespace });

/** Brings the object that controls this one up to date. */
const reconcileOwner = (api: ClusterApi, object: KubernetesObject): void => {
  const owner = controllerOf(object);
  const found = owner && api.get({ ...owner, namespace: object.metadata.namespace });
  if (found && found.metadata.uid === owner.uid)
    controllers[`${owner.apiVersion} ${owner.kind}`]?.(api, found);
};

const onPod = (api: ClusterApi, change: Change): void => {
  const { object, type, previous } = change;
  const current = api.get(nameOf(object));
  if (type !== "deleted" && current) {
    reconcilePod(api, current);
    if (type === "added" && !previous) resumePod(api, current);
  }
  reconcileOwner(api, object);
  const { namespace } = object.metadata;
  for (const service of all(api, "v1", "Service", namespace)) {
    const selector = Object.entries(at(service, "spec", "selector") ?? {});
    if (selector.length > 0 && selector.every(([key, value]) => object.metadata.labels?.[key] === value)) {
      reconcileEndpoints(api, service);
    }
  }
  if (type === "deleted") {
    for (const claim of all(api, "v1", "PersistentVolumeClaim", namespace)) reconcileClaim(api, claim);
  }
  for (const budget of all(api, "policy/v1", "PodDisruptionBudget", namespace)) reconcileBudget(api, budget);
};

const onNode = (api: ClusterApi, { type, object }: Change): void => {
  for (const pod of all(api, "v1", "Pod")) {
    const node = at(pod, "spec", "nodeName");
    if (type === "deleted" && node === object.metadata.name) api.delete(nameOf(pod));
    if (type === "added" && node === undefined) reconcilePod(api, pod);
  }
  if (type !== "modified") for (const set of all(api, "apps/v1", "DaemonSet")) reconcileDaemonSet(api, set);
};

const onDeleted = (api: ClusterApi, object: KubernetesObject): void => {
  if (object.kind === "ReplicaSet") reconcileOwner(api, object);
  if (object.kind === "Service") api.delete({ ...nameOf(object), kind: "Endpoints" });
};

/** Those that could make no pods, since their account was not there, try again. */
const onAccount = (api: ClusterApi, { type, object }: Change): void => {
  if (type !== "added") return;
  for (const [kind, reconcile] of Object.entries(podMakers)) {
    const [apiVersion = "", name = ""] = kind.split(" ");
    for (const owner of all(api, apiVersion, name, object.metadata.namespace)) reconcile(api, owner);
  }
};

const onDeployment = (api: ClusterApi, { object, previous }: Change): void => {
  if (previous?.metadata.generation !== object.metadata.generation) watchDeadline(api, object);
};

export const behaviour: Behaviour = {
  name: "kube-controller-manager",
  reconcile: (api, change) => {
    const { object, type } = change;
    const kind = `${object.apiVersion} ${object.kind}`;
    if (kind === "v1 Pod") onPod(api, change);
    else if (kind === "v1 Node") onNode(api, change);
    else if (kind === "v1 Secret" || kind === "v1 ConfigMap") retryWaiting(api, object.metadata.namespace);
    else if (kind === "v1 ServiceAccount") onAccount(api, change);
    else if (type === "deleted") onDeleted(api, object);
    else {
      const current = api.get(nameOf(object));
      if (current) controllers[kind]?.(api, current);
      if (kind === "apps/v1 ReplicaSet") reconcileOwner(api, object);
      if (kind === "apps/v1 Deployment") onDeployment(api, change);
    }
  },
};
