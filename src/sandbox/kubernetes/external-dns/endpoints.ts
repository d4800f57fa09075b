/** What names should exist: hosts of Ingresses that have an address, and Services that ask for a name. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import type { Settings } from "./settings.ts";

export interface Endpoint {
  readonly name: string;
  readonly targets: readonly string[];
  readonly ttl: number;
  readonly proxied: boolean;
  /** As the TXT record names it: `ingress/web/real`. */
  readonly resource: string;
}

export const endpointsOf = (cluster: ClusterApi, settings: Settings): readonly Endpoint[] => {
  const found: Endpoint[] = [];
  const add = (object: KubernetesObject, kind: string, names: readonly string[]): void => {
    const targets = objectsOf(at(object, "status", "loadBalancer", "ingress")).flatMap(
      ({ ip }) => textOf(ip) ?? [],
    );
    const annotation = (name: string) => object.metadata.annotations?.[`${settings.annotationPrefix}${name}`];
    const ttl = Number(annotation("ttl") ?? 1);
    const proxied = (annotation("cloudflare-proxied") ?? String(settings.proxied)) === "true";
    const resource = `${kind}/${object.metadata.namespace}/${object.metadata.name}`;
    const hosts = [
      ...names,
      ...(annotation("hostname")
        ?.split(",")
        .map((name) => name.trim()) ?? []),
    ];
    for (const name of hosts)
      if (name !== "" && targets.length > 0) found.push({ name, targets, ttl, proxied, resource });
  };
  if (settings.sources.includes("ingress")) {
    for (const ingress of cluster.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" })) {
      if (ingress.metadata.deletionTimestamp !== undefined) continue;
      add(
        ingress,
        "ingress",
        objectsOf(at(ingress, "spec", "rules")).flatMap(({ host }) => textOf(host) ?? []),
      );
    }
  }
  if (settings.sources.includes("service")) {
    for (const service of cluster.list({ apiVersion: "v1", kind: "Service" })) {
      if (at(service, "spec", "type") === "LoadBalancer" && service.metadata.deletionTimestamp === undefined)
        add(service, "service", []);
    }
  }
  const within = (name: string, filter: string) =>
    name === filter || name.endsWith(`.${filter.replace(/^\./, "")}`);
  const { domainFilters } = settings;
  const wanted = found.filter(
    ({ name }) => domainFilters.length === 0 || domainFilters.some((filter) => within(name, filter)),
  );
  // The first of several that ask for one name wins, as with the real one's conflict resolver.
  return [...new Map(wanted.toReversed().map((endpoint) => [endpoint.name, endpoint])).values()];
};
