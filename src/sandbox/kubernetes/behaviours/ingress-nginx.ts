/**
 * ingress-nginx's controller, as far as others see it: played from its Deployment's own arguments, it writes the
 * published Service's address to the status of the Ingresses of its class. Without `--publish-service` they get the
 * nodes' internal addresses, as the real one does, which no DNS should publish.
 */
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, objectsOf, sameJson, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { argumentOf, containerRunning, programsIn } from "../workloads/programs.ts";

const program = "/nginx-ingress-controller";
const component = "ingress-nginx";

export const behaviour: Behaviour = {
  name: component,
  reconcile: (cluster, { object }) => {
    const kinds = ["Ingress", "IngressClass", "Service", "Deployment", "DaemonSet"];
    if (!kinds.includes(object.kind)) return;
    for (const controller of programsIn(cluster, (container) => isController(container))) {
      if (containerRunning(cluster, controller.workload))
        publish(cluster, controller.workload, controller.container);
    }
  },
};

const isController = (container: Json | undefined): boolean => {
  const words = [at(container, "command"), at(container, "args")].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return words.includes(program);
};

const publish = (cluster: ClusterApi, workload: KubernetesObject, container: Json): void => {
  const controllerClass = argumentOf(container, "--controller-class") ?? "k8s.io/ingress-nginx";
  const classes = new Set(
    cluster
      .list({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass" })
      .filter((found) => at(found, "spec", "controller") === controllerClass)
      .map((found) => found.metadata.name),
  );
  const addresses = addressesOf(cluster, workload, container);
  if (addresses.length === 0) return;
  for (const ingress of cluster.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" })) {
    if (!classes.has(textOf(at(ingress, "spec", "ingressClassName")) ?? "")) continue;
    if (sameJson(at(ingress, "status", "loadBalancer", "ingress"), addresses)) continue;
    cluster.setStatus(
      nameOf(ingress),
      (status) => ({ ...status, loadBalancer: { ingress: addresses } }),
      component,
    );
    cluster.emitEvent(ingress, "Normal", "Sync", "Scheduled for sync", "nginx-ingress-controller");
  }
};

const addressesOf = (cluster: ClusterApi, workload: KubernetesObject, container: Json): Json[] => {
  const published = argumentOf(container, "--publish-service");
  if (published === undefined) {
    return cluster.list({ apiVersion: "v1", kind: "Node" }).flatMap((node) =>
      objectsOf(at(node, "status", "addresses"))
        .filter((address) => address.type === "InternalIP")
        .map(({ address }) => ({ ip: address ?? "" })),
    );
  }
  const [namespace, name] = published
    .replace("$(POD_NAMESPACE)", workload.metadata.namespace ?? "default")
    .split("/");
  if (namespace === undefined || name === undefined) return [];
  const service = cluster.get({ apiVersion: "v1", kind: "Service", namespace, name });
  return objectsOf(at(service, "status", "loadBalancer", "ingress")).map(({ ip }) => ({ ip: ip ?? "" }));
};
