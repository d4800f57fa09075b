/** What External DNS wants: hosts of Ingresses and LoadBalancer Services (its `source/ingress.go`, `service.go`). */
import type { ClusterApi } from "../cluster-api.ts";
import { at, listOf, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { type Endpoint, typeOfTarget } from "./endpoint.ts";
import { millisecondsOf, type Options } from "./options.ts";

/** Every endpoint that the sources ask for, inside the filters or not; one per resource, name and type. */
export const wantedEndpoints = (cluster: ClusterApi, options: Options): readonly Endpoint[] => {
  const { namespace } = options;
  const wanted: Endpoint[] = [];
  if (options.sources.includes("ingress")) {
    for (const ingress of cluster.list(
      { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
      { namespace },
    )) {
      wanted.push(...endpointsOf(ingress, "ingress", ingressHosts(ingress, options), options));
    }
  }
  if (options.sources.includes("service")) {
    for (const service of cluster.list({ apiVersion: "v1", kind: "Service" }, { namespace })) {
      if (at(service, "spec", "type") !== "LoadBalancer") continue;
      wanted.push(...endpointsOf(service, "service", annotatedHosts(service, options), options));
    }
  }
  return wanted;
};

const annotationOf = (object: KubernetesObject, options: Options, name: string): string | undefined =>
  object.metadata.annotations?.[`${options.annotationPrefix}${name}`];

/** A list in an annotation: commas between, spaces anywhere. */
const split = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .replaceAll(" ", "")
    .split(",")
    .map((item) => item.replace(/\.$/, ""))
    .filter((item) => item !== "");

const annotatedHosts = (object: KubernetesObject, options: Options): readonly string[] =>
  split(annotationOf(object, options, "hostname"));

const ingressHosts = (ingress: KubernetesObject, options: Options): readonly string[] => {
  const rules = objectsOf(at(ingress, "spec", "rules")).map(({ host }) => textOf(host) ?? "");
  const tls = objectsOf(at(ingress, "spec", "tls")).flatMap(({ hosts }) =>
    listOf(hosts).map((host) => textOf(host) ?? ""),
  );
  const defined = [...rules, ...tls].filter((host) => host !== "");
  const annotated = annotatedHosts(ingress, options);
  switch (annotationOf(ingress, options, "ingress-hostname-source")?.toLowerCase()) {
    case undefined:
      return [...defined, ...annotated];
    case "defined-hosts-only":
      return defined;
    case "annotation-only":
      return annotated;
    default:
      return [];
  }
};

const endpointsOf = (
  object: KubernetesObject,
  source: string,
  hosts: readonly string[],
  options: Options,
): readonly Endpoint[] => {
  const controller = annotationOf(object, options, "controller");
  if (controller !== undefined && controller !== "dns-controller") return [];
  const targets = targetsOf(object, options);
  const types = [...new Set(targets.map(typeOfTarget))];
  const proxied = (annotationOf(object, options, "cloudflare-proxied") ?? String(options.proxied)) === "true";
  const resource = `${source}/${object.metadata.namespace}/${object.metadata.name}`;
  return [...new Set(hosts.map((host) => host.toLowerCase()))].flatMap((name) =>
    types.map((type) => ({
      name,
      type,
      targets: targets.filter((target) => typeOfTarget(target) === type),
      ttl: proxied ? 0 : ttlOf(annotationOf(object, options, "ttl")),
      proxied,
      comment: annotationOf(object, options, "cloudflare-record-comment") ?? "",
      tags: [...split(annotationOf(object, options, "cloudflare-tags"))].sort(),
      resource,
    })),
  );
};

const targetsOf = (object: KubernetesObject, options: Options): readonly string[] => {
  const annotated = split(annotationOf(object, options, "target"));
  if (annotated.length > 0) return annotated;
  const external = listOf(at(object, "spec", "externalIPs")).map((address) => textOf(address) ?? "");
  if (external.length > 0) return external;
  const published = objectsOf(at(object, "status", "loadBalancer", "ingress"))
    .flatMap(({ ip, hostname }) => [textOf(ip) ?? "", textOf(hostname) ?? ""])
    .filter((target) => target !== "");
  return [...new Set(published)];
};

/** `600` or `10m`, in seconds; 0 where it says nothing of use. */
const ttlOf = (text: string | undefined): number => {
  if (text === undefined) return 0;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.floor((millisecondsOf(text) ?? 0) / 1000);
  return seconds >= 1 && seconds <= 2_147_483_647 ? seconds : 0;
};
