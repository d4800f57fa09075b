/** Defaults of a Service, and the addresses and ports that the API server gives it; defaults of a Secret. */
import { isObject, type Json, type JsonObject, numberOf, objectOf, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { child, fill } from "./pod.ts";

const isOutside = (spec: JsonObject): boolean => spec.type === "LoadBalancer" || spec.type === "NodePort";

/** Changes the Service in place. */
export const defaultService = (object: JsonObject): void => {
  const spec = child(object, "spec");
  fill(spec, { sessionAffinity: "None", type: "ClusterIP" });
  if (spec.sessionAffinity === "ClientIP") {
    fill(child(child(spec, "sessionAffinityConfig"), "clientIP"), { timeoutSeconds: 10800 });
  }
  for (const port of objectsOf(spec.ports)) {
    fill(port, { protocol: "TCP", targetPort: port.port ?? 0 });
  }
  if (spec.type === "ExternalName") return;
  fill(spec, { internalTrafficPolicy: "Cluster" });
  if (isOutside(spec)) fill(spec, { externalTrafficPolicy: "Cluster" });
  if (spec.type === "LoadBalancer") fill(spec, { allocateLoadBalancerNodePorts: true });
};

/** What the server gives a Service; `others` are the stored ones of the cluster, which hold addresses and ports. */
export const allocateService = (
  object: JsonObject,
  before: KubernetesObject | undefined,
  others: readonly KubernetesObject[],
): void => {
  const spec = child(object, "spec");
  fill(child(object, "status"), { loadBalancer: {} });
  if (spec.type === "ExternalName") return;
  const outside = isOutside(spec);
  fill(spec, { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
  if (before && !outside && spec.externalIPs === undefined) delete spec.externalTrafficPolicy;
  if (spec.type !== "LoadBalancer") delete spec.allocateLoadBalancerNodePorts;
  keepAddress(spec, objectOf(before?.spec));
  giveAddress(spec, others);
  givePorts(spec, objectOf(before?.spec), others, outside);
};

/** A write that leaves the address out keeps the one that is there. */
const keepAddress = (spec: JsonObject, before: JsonObject): void => {
  if (spec.clusterIP === undefined || spec.clusterIP === "") {
    if (before.clusterIP === undefined) delete spec.clusterIP;
    else spec.clusterIP = before.clusterIP;
  }
};

const giveAddress = (spec: JsonObject, others: readonly KubernetesObject[]): void => {
  if (spec.clusterIP === undefined) {
    const taken = new Set(others.map((service) => objectOf(service.spec).clusterIP));
    // The first addresses are the API server's and the DNS service's own.
    for (let number = 16; number < 65_535; number++) {
      const address = `10.0.${number >> 8}.${number & 255}`;
      if (!taken.has(address)) {
        spec.clusterIP = address;
        break;
      }
    }
  }
  spec.clusterIPs = [spec.clusterIP ?? "None"];
};

const portsTaken = (services: readonly KubernetesObject[]): Set<Json | undefined> => {
  const taken = new Set<Json | undefined>();
  for (const { spec } of services) {
    taken.add(objectOf(spec).healthCheckNodePort);
    for (const port of objectsOf(objectOf(spec).ports)) taken.add(port.nodePort);
  }
  return taken;
};

/** Node ports start in the upper part of 30000–32767, as dynamic ones do. */
const givePorts = (
  spec: JsonObject,
  before: JsonObject,
  others: readonly KubernetesObject[],
  outside: boolean,
): void => {
  const taken = portsTaken(others);
  const free = () => {
    let port = 30_086;
    while (taken.has(port)) port++;
    taken.add(port);
    return port;
  };
  const wanted = outside && spec.allocateLoadBalancerNodePorts !== false;
  for (const port of objectsOf(spec.ports)) {
    if (!outside && before.ports !== undefined) delete port.nodePort;
    if (!wanted || numberOf(port.nodePort)) continue;
    const known = objectsOf(before.ports).find(
      (other) => other.port === port.port && textOf(other.protocol) === textOf(port.protocol),
    );
    port.nodePort = known?.nodePort ?? free();
  }
  const local = spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
  if (!local) delete spec.healthCheckNodePort;
  else if (spec.healthCheckNodePort === undefined)
    spec.healthCheckNodePort = before.healthCheckNodePort ?? free();
};

/** `stringData` is written into `data`, and is never read back. */
export const defaultSecret = (object: JsonObject): void => {
  fill(object, { type: "Opaque" });
  if (!isObject(object.stringData)) return;
  const data = child(object, "data");
  for (const [key, value] of Object.entries(object.stringData)) {
    if (typeof value === "string") data[key] = Buffer.from(value).toString("base64");
  }
  delete object.stringData;
};
