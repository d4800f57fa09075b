/** Endpoints and EndpointSlices of Services: the ready pods that their selector takes. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, type JsonObject, objectOf, objectsOf, textOf, textsOf } from "../json.ts";
import { controlledBy, type KubernetesObject } from "../object.ts";
import { hashOf, isReady, manager, podKind } from "./pods.ts";

/** The number behind a Service's target port, which may be a name that the pod's containers give. */
const portNumber = (target: Json | undefined, pod: KubernetesObject | undefined): number | undefined => {
  if (typeof target === "number") return target;
  const ports = objectsOf(at(pod, "spec", "containers")).flatMap((container) => objectsOf(container.ports));
  const found = ports.find((port) => port.name === target)?.containerPort;
  return typeof found === "number" ? found : undefined;
};

const target = (pod: KubernetesObject): JsonObject => ({
  kind: "Pod",
  name: pod.metadata.name,
  namespace: pod.metadata.namespace,
  uid: pod.metadata.uid,
});

export const reconcileEndpoints = (api: ClusterApi, service: KubernetesObject): void => {
  const { name, namespace = "default" } = service.metadata;
  const selector = textsOf(at(service, "spec", "selector"));
  if (service.metadata.deletionTimestamp !== undefined || Object.keys(selector).length === 0) return;
  const pods = api
    .list(podKind, { namespace })
    .filter((pod) => Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value))
    .filter(
      (pod) => textOf(at(pod, "status", "podIP")) !== undefined && at(pod, "status", "phase") !== "Succeeded",
    );
  const ready = pods.filter(isReady);
  const ports = objectsOf(at(service, "spec", "ports")).flatMap((port): JsonObject[] => {
    const number = portNumber(port.targetPort, pods[0]);
    if (number === undefined) return [];
    return [
      {
        ...(port.name === undefined ? {} : { name: port.name }),
        port: number,
        protocol: port.protocol ?? "TCP",
      },
    ];
  });
  const addressOf = (pod: KubernetesObject): JsonObject => ({
    ip: at(pod, "status", "podIP") ?? "",
    nodeName: at(pod, "spec", "nodeName") ?? "",
    targetRef: target(pod),
  });
  const subsets = ports.length > 0 && ready.length > 0 ? [{ addresses: ready.map(addressOf), ports }] : [];
  api.apply(
    {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name, namespace, labels: textsOf(service.metadata.labels) },
      subsets,
    },
    { manager },
  );
  api.apply(
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: `${name}-${hashOf(service.metadata.uid).slice(0, 5)}`,
        namespace,
        labels: {
          "kubernetes.io/service-name": name,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        ownerReferences: [controlledBy(service)],
      },
      addressType: "IPv4",
      endpoints: pods.map((pod) => ({
        addresses: [at(pod, "status", "podIP") ?? ""],
        conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
        nodeName: at(pod, "spec", "nodeName") ?? "",
        targetRef: target(pod),
      })),
      ports: ports.map((port) => ({ name: "", ...objectOf(port) })),
    },
    { manager },
  );
};
