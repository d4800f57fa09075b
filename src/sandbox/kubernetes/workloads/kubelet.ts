/** Scheduler and kubelet: a pod gets a node and an address, starts, and, where it is one that ends, ends. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { controllerOf, podKind, withCondition } from "./pods.ts";

/** From scheduling to ready, in milliseconds: pulling an image and the first probe. */
const starting = 3000;
/** How long a pod that ends by itself runs, in milliseconds. */
const running = 2000;

/** Places and starts a new pod. Repeats nothing for one that has got further. */
export const reconcilePod = (api: ClusterApi, pod: KubernetesObject): void => {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const status = objectOf(pod.status);
  if (status.phase === "Pending" && at(pod, "spec", "nodeName") === undefined) {
    schedule(api, pod);
    return;
  }
  if (status.phase === "Pending" && status.startTime === undefined) {
    api.setStatus(nameOf(pod), (before) => ({ ...before, startTime: timeText(api.pace.now()) }), "kubelet");
    later(api, pod, starting, start);
  }
};

/** Takes up what a stopped sandbox had begun: called when it starts, for pods that are there already. */
export const resumePod = (api: ClusterApi, pod: KubernetesObject): void => {
  const status = objectOf(pod.status);
  if (status.startTime === undefined) return;
  if (status.phase === "Pending") later(api, pod, starting, start);
  if (status.phase === "Running" && endsByItself(pod)) later(api, pod, running, finish);
};

const later = (
  api: ClusterApi,
  pod: KubernetesObject,
  milliseconds: number,
  action: (api: ClusterApi, pod: KubernetesObject) => void,
): void => {
  api.pace.after(milliseconds, () => {
    const current = api.get(nameOf(pod));
    if (current?.metadata.uid === pod.metadata.uid && current) action(api, current);
  });
};

const schedule = (api: ClusterApi, pod: KubernetesObject): void => {
  const nodes = api
    .list({ apiVersion: "v1", kind: "Node" })
    .filter((node) => at(node, "spec", "unschedulable") !== true);
  const load = (node: KubernetesObject) =>
    api.list(podKind).filter((other) => at(other, "spec", "nodeName") === node.metadata.name).length;
  const [node] = nodes.sort((a, b) => load(a) - load(b));
  if (!node) {
    const message = "0/0 nodes are available: no nodes available to schedule pods.";
    api.setStatus(
      nameOf(pod),
      (status) => ({
        ...status,
        conditions: withCondition(
          status.conditions,
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
          timeText(api.pace.now()),
        ),
      }),
      "kube-scheduler",
    );
    api.emitEvent(pod, "Warning", "FailedScheduling", message, "default-scheduler");
    return;
  }
  api.patch(nameOf(pod), { spec: { nodeName: node.metadata.name } }, "kube-scheduler");
  const place = `${pod.metadata.namespace}/${pod.metadata.name}`;
  api.emitEvent(
    pod,
    "Normal",
    "Scheduled",
    `Successfully assigned ${place} to ${node.metadata.name}`,
    "default-scheduler",
  );
};

/** What keeps a container from starting: a Secret, ConfigMap or key that it takes its environment from. */
const missingSource = (api: ClusterApi, pod: KubernetesObject, container: JsonObject): string | undefined => {
  const namespace = pod.metadata.namespace;
  const lookUp = (kind: string, reference: JsonObject): string | undefined => {
    if (reference.optional === true) return undefined;
    const name = textOf(reference.name) ?? "";
    const source = api.get({ apiVersion: "v1", kind, namespace, name });
    if (!source) return `${kind.toLowerCase()} "${name}" not found`;
    const key = textOf(reference.key);
    if (key === undefined || objectOf(source.data)[key] !== undefined) return undefined;
    return `couldn't find key ${key} in ${kind} ${namespace}/${name}`;
  };
  const check = (source: JsonObject, suffix: "KeyRef" | "Ref"): string | undefined => {
    const secret = source[`secret${suffix}`];
    const map = source[`configMap${suffix}`];
    if (secret !== undefined) return lookUp("Secret", objectOf(secret));
    return map === undefined ? undefined : lookUp("ConfigMap", objectOf(map));
  };
  for (const entry of objectsOf(container.env)) {
    const found = check(objectOf(entry.valueFrom), "KeyRef");
    if (found) return found;
  }
  for (const entry of objectsOf(container.envFrom)) {
    const found = check(entry, "Ref");
    if (found) return found;
  }
  return undefined;
};

const freeAddress = (api: ClusterApi): string => {
  const taken = new Set(api.list(podKind).map((pod) => at(pod, "status", "podIP")));
  for (let number = 16; ; number++) {
    const address = `10.244.${(number >> 8) & 255}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
};

const containerStatus = (container: JsonObject, state: JsonObject, ready: boolean): JsonObject => ({
  name: container.name ?? "",
  image: container.image ?? "",
  imageID: "",
  ready,
  started: ready,
  restartCount: 0,
  state,
  lastState: {},
});

const start = (api: ClusterApi, pod: KubernetesObject): void => {
  const now = timeText(api.pace.now());
  const containers = objectsOf(at(pod, "spec", "containers"));
  const problems = containers.map((container) => missingSource(api, pod, container));
  const [problem] = problems.filter((item) => item !== undefined);
  const address = textOf(at(pod, "status", "podIP")) ?? freeAddress(api);
  const ready = problem === undefined;
  const initial = objectsOf(at(pod, "spec", "initContainers")).map((container) =>
    containerStatus(
      container,
      { terminated: { exitCode: 0, reason: "Completed", startedAt: now, finishedAt: now, containerID: "" } },
      true,
    ),
  );
  const unready = `containers with unready status: [${containers.map((container) => container.name).join(" ")}]`;
  const condition = (conditions: Json | undefined, type: string, met: boolean) =>
    withCondition(
      conditions,
      {
        type,
        status: met ? "True" : "False",
        reason: met ? "" : "ContainersNotReady",
        message: met ? "" : unready,
      },
      now,
    );
  api.setStatus(
    nameOf(pod),
    (status) => ({
      ...status,
      phase: ready ? "Running" : "Pending",
      podIP: address,
      podIPs: [{ ip: address }],
      hostIP: hostAddress(api, pod),
      ...(initial.length > 0 ? { initContainerStatuses: initial } : {}),
      containerStatuses: containers.map((container, index) => {
        const message = problems[index];
        return message === undefined
          ? containerStatus(container, { running: { startedAt: now } }, true)
          : containerStatus(container, { waiting: { reason: "CreateContainerConfigError", message } }, false);
      }),
      conditions: ["Initialized", "PodScheduled", "PodReadyToStartContainers"].reduce<Json | undefined>(
        (conditions, type) => condition(conditions, type, true),
        condition(condition(status.conditions, "Ready", ready), "ContainersReady", ready),
      ),
    }),
    "kubelet",
  );
  if (problem !== undefined) {
    api.emitEvent(pod, "Warning", "Failed", `Error: ${problem}`, "kubelet");
    return;
  }
  for (const container of containers) {
    api.emitEvent(pod, "Normal", "Started", `Container started: ${textOf(container.name)}`, "kubelet");
  }
  if (endsByItself(pod)) later(api, pod, running, finish);
};

const hostAddress = (api: ClusterApi, pod: KubernetesObject): string => {
  const node = api.get({ apiVersion: "v1", kind: "Node", name: textOf(at(pod, "spec", "nodeName")) ?? "" });
  return textOf(objectsOf(at(node, "status", "addresses"))[0]?.address) ?? "10.224.0.4";
};

/** Pods of Jobs end; others that may end (`restartPolicy: Never`) are taken to do so, too. */
const endsByItself = (pod: KubernetesObject): boolean =>
  controllerOf(pod)?.kind === "Job" || at(pod, "spec", "restartPolicy") === "Never";

const finish = (api: ClusterApi, pod: KubernetesObject): void => {
  const now = timeText(api.pace.now());
  if (at(pod, "status", "phase") !== "Running") return;
  const unready = { status: "False", reason: "PodCompleted", message: "" };
  api.setStatus(
    nameOf(pod),
    (status) => ({
      ...status,
      phase: "Succeeded",
      conditions: withCondition(
        withCondition(status.conditions, { type: "Ready", ...unready }, now),
        { type: "ContainersReady", ...unready },
        now,
      ),
      containerStatuses: objectsOf(at(pod, "spec", "containers")).map((container) =>
        containerStatus(
          container,
          {
            terminated: {
              exitCode: 0,
              reason: "Completed",
              startedAt: now,
              finishedAt: now,
              containerID: "",
            },
          },
          false,
        ),
      ),
    }),
    "kubelet",
  );
};

/** Looks again at pods that wait for a Secret or ConfigMap of a namespace. */
export const retryWaiting = (api: ClusterApi, namespace: string | undefined): void => {
  for (const pod of api.list(podKind, { namespace })) {
    const waits = objectsOf(at(pod, "status", "containerStatuses")).some(
      (status) => at(status, "state", "waiting", "reason") === "CreateContainerConfigError",
    );
    if (waits) start(api, pod);
  }
};
