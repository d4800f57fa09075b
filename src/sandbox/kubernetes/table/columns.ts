/** What `kubectl get` shows of each kind, beyond name and age. */
import {
  at,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from "../json.ts";
import type { KubernetesObject } from "../object.ts";

export interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  /** 1: only with `-o wide`. */
  readonly priority: 0 | 1;
  readonly value: (object: KubernetesObject) => Json;
}

const column = (
  name: string,
  value: Column["value"],
  priority: 0 | 1 = 0,
  type: Column["type"] = "string",
): Column => ({
  name,
  type,
  priority,
  value,
});
const number = (value: Json | undefined): number => numberOf(value) ?? 0;
const ratio = (ready: Json | undefined, wanted: Json | undefined) => `${number(ready)}/${number(wanted)}`;
const none = (text: string | undefined): string => text || "<none>";

const podStatus = (pod: KubernetesObject): string => {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  for (const status of objectsOf(at(pod, "status", "containerStatuses"))) {
    const reason =
      textOf(at(status, "state", "waiting", "reason")) ?? textOf(at(status, "state", "terminated", "reason"));
    if (reason) return reason;
  }
  return textOf(at(pod, "status", "phase")) ?? "Unknown";
};

const addresses = (object: JsonObject): string =>
  objectsOf(at(object, "status", "loadBalancer", "ingress"))
    .map((entry) => textOf(entry.ip) ?? textOf(entry.hostname) ?? "")
    .join(",");

const externalAddress = (service: KubernetesObject): string => {
  const spec = objectOf(service.spec);
  if (spec.type === "ExternalName") return textOf(spec.externalName) ?? "";
  if (spec.type === "LoadBalancer") return addresses(service) || "<pending>";
  return none(listOf(spec.externalIPs).join(","));
};

const ports = (service: KubernetesObject): string =>
  none(
    objectsOf(at(service, "spec", "ports"))
      .map((port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ""}/${port.protocol}`)
      .join(","),
  );

const selectorText = (value: Json | undefined): string =>
  none(
    Object.entries(textsOf(value))
      .map(([key, item]) => `${key}=${item}`)
      .join(","),
  );

const containerTexts = (object: KubernetesObject, field: "name" | "image"): string =>
  objectsOf(at(object, "spec", "template", "spec", "containers"))
    .map((item) => textOf(item[field]))
    .join(",");

const workload = [
  column("Containers", (object) => containerTexts(object, "name"), 1),
  column("Images", (object) => containerTexts(object, "image"), 1),
  column("Selector", (object) => selectorText(at(object, "spec", "selector", "matchLabels")), 1),
];

const roles = (node: KubernetesObject): string =>
  none(
    Object.keys(node.metadata.labels ?? {})
      .flatMap((key) => /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1] ?? [])
      .join(","),
  );

const readyText = (node: KubernetesObject): string => {
  const ready = objectsOf(at(node, "status", "conditions")).find((condition) => condition.type === "Ready");
  const text = ready?.status === "True" ? "Ready" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${text},SchedulingDisabled` : text;
};

const eventAge = (event: KubernetesObject): Json => event.lastTimestamp ?? event.eventTime ?? null;

/** By kind; the columns between Name and Age. */
export const columns: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    column("Ready", (pod) => {
      const statuses = objectsOf(at(pod, "status", "containerStatuses"));
      return ratio(
        statuses.filter((status) => status.ready === true).length,
        listOf(at(pod, "spec", "containers")).length,
      );
    }),
    column("Status", podStatus),
    column("Restarts", (pod) =>
      String(
        objectsOf(at(pod, "status", "containerStatuses")).reduce(
          (sum, status) => sum + number(status.restartCount),
          0,
        ),
      ),
    ),
    column("IP", (pod) => none(textOf(at(pod, "status", "podIP"))), 1),
    column("Node", (pod) => none(textOf(at(pod, "spec", "nodeName"))), 1),
  ],
  Deployment: [
    column("Ready", (object) => ratio(at(object, "status", "readyReplicas"), at(object, "spec", "replicas"))),
    column("Up-to-date", (object) => number(at(object, "status", "updatedReplicas")), 0, "integer"),
    column("Available", (object) => number(at(object, "status", "availableReplicas")), 0, "integer"),
    ...workload,
  ],
  ReplicaSet: [
    column("Desired", (object) => number(at(object, "spec", "replicas")), 0, "integer"),
    column("Current", (object) => number(at(object, "status", "replicas")), 0, "integer"),
    column("Ready", (object) => number(at(object, "status", "readyReplicas")), 0, "integer"),
    ...workload,
  ],
  StatefulSet: [
    column("Ready", (object) => ratio(at(object, "status", "readyReplicas"), at(object, "spec", "replicas"))),
    ...workload.slice(0, 2),
  ],
  DaemonSet: [
    column("Desired", (object) => number(at(object, "status", "desiredNumberScheduled")), 0, "integer"),
    column("Current", (object) => number(at(object, "status", "currentNumberScheduled")), 0, "integer"),
    column("Ready", (object) => number(at(object, "status", "numberReady")), 0, "integer"),
    column("Up-to-date", (object) => number(at(object, "status", "updatedNumberScheduled")), 0, "integer"),
    column("Available", (object) => number(at(object, "status", "numberAvailable")), 0, "integer"),
    ...workload,
  ],
  Job: [
    column("Status", (object) => {
      const found = objectsOf(at(object, "status", "conditions")).find(
        (condition) => condition.status === "True",
      );
      return textOf(found?.type) ?? "Running";
    }),
    column("Completions", (object) =>
      ratio(at(object, "status", "succeeded"), at(object, "spec", "completions")),
    ),
  ],
  Service: [
    column("Type", (object) => at(object, "spec", "type") ?? null),
    column("Cluster-IP", (object) => none(textOf(at(object, "spec", "clusterIP")))),
    column("External-IP", externalAddress),
    column("Port(s)", ports),
    column("Selector", (object) => selectorText(at(object, "spec", "selector")), 1),
  ],
  Ingress: [
    column("Class", (object) => none(textOf(at(object, "spec", "ingressClassName")))),
    column(
      "Hosts",
      (object) =>
        objectsOf(at(object, "spec", "rules"))
          .map((rule) => textOf(rule.host) ?? "*")
          .join(",") || "*",
    ),
    column("Address", addresses),
    column("Ports", (object) => (listOf(at(object, "spec", "tls")).length > 0 ? "80, 443" : "80")),
  ],
  Node: [
    column("Status", readyText),
    column("Roles", roles),
    column("Version", (object) => at(object, "status", "nodeInfo", "kubeletVersion") ?? null),
    column(
      "Internal-IP",
      (object) => none(textOf(objectsOf(at(object, "status", "addresses"))[0]?.address)),
      1,
    ),
  ],
  Namespace: [column("Status", (object) => at(object, "status", "phase") ?? null)],
  Secret: [
    column("Type", (object) => object.type ?? null),
    column("Data", (object) => Object.keys(objectOf(object.data)).length),
  ],
  ConfigMap: [column("Data", (object) => Object.keys(objectOf(object.data)).length)],
  Event: [
    column("Last Seen", eventAge),
    column("Type", (event) => event.type ?? null),
    column("Reason", (event) => event.reason ?? null),
    column("Object", (event) => {
      const object = objectOf(event.involvedObject ?? event.regarding);
      return `${(textOf(object.kind) ?? "").toLowerCase()}/${textOf(object.name) ?? ""}`;
    }),
    column("Message", (event) => event.message ?? event.note ?? null),
  ],
  CustomResourceDefinition: [],
  Lease: [column("Holder", (object) => at(object, "spec", "holderIdentity") ?? "")],
  StorageClass: [column("Provisioner", (object) => object.provisioner ?? null)],
  IngressClass: [column("Controller", (object) => at(object, "spec", "controller") ?? null)],
};
