/** A container that ends with an error and is started again, as the kubelet's status of its pod shows it. */
import type { ClusterApi } from "../cluster-api.ts";
import { type JsonObject, numberOf, objectsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { withCondition } from "../workloads/pods.ts";

/** Shows the container as ended with exit code 1 and waiting to be started again; the pod is not ready. */
export const crash = (cluster: ClusterApi, pod: KubernetesObject, container: string): void => {
  const now = timeText(cluster.pace.now());
  const message = `back-off restarting failed container=${container} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  write(cluster, pod, container, false, now, (status) => ({
    ...status,
    ready: false,
    started: false,
    restartCount: (numberOf(status.restartCount) ?? 0) + 1,
    state: { waiting: { reason: "CrashLoopBackOff", message } },
    lastState: { terminated: { exitCode: 1, reason: "Error", startedAt: now, finishedAt: now } },
  }));
  cluster.emitEvent(
    pod,
    "Warning",
    "BackOff",
    `Back-off restarting failed container ${container} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
    "kubelet",
  );
};

/** Shows the container as running again. Nothing happens where it is. */
export const recover = (cluster: ClusterApi, pod: KubernetesObject, container: string): void => {
  const now = timeText(cluster.pace.now());
  write(cluster, pod, container, true, now, (status) =>
    status.ready === true
      ? status
      : { ...status, ready: true, started: true, state: { running: { startedAt: now } } },
  );
};

const write = (
  cluster: ClusterApi,
  pod: KubernetesObject,
  container: string,
  ready: boolean,
  now: string,
  change: (status: JsonObject) => JsonObject,
): void => {
  const unready = {
    reason: "ContainersNotReady",
    message: `containers with unready status: [${container}]`,
  };
  const condition = (type: string) => ({
    type,
    status: ready ? "True" : "False",
    ...(ready ? { reason: "", message: "" } : unready),
  });
  cluster.setStatus(
    nameOf(pod),
    (status) => ({
      ...status,
      containerStatuses: objectsOf(status.containerStatuses).map((item) =>
        item.name === container ? change(item) : item,
      ),
      conditions: withCondition(
        withCondition(status.conditions, condition("Ready"), now),
        condition("ContainersReady"),
        now,
      ),
    }),
    "kubelet",
  );
};
