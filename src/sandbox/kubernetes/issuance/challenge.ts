/** Whether a name's ACME challenge would pass here and now; if not, why, in the words of cert-manager's self check. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, listOf, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { dns01Problem } from "./dns01.ts";

export const challengeProblem = (
  cluster: ClusterApi,
  issuer: KubernetesObject,
  dnsName: string,
  namespace: string,
): string | undefined => {
  if (at(issuer, "spec", "acme") === undefined) return undefined;
  const solver = solverFor(objectsOf(at(issuer, "spec", "acme", "solvers")), dnsName);
  if (!solver) return "no configured challenge solvers can be used for this challenge";
  return solver.dns01 === undefined
    ? http01(cluster, solver, dnsName)
    : dns01Problem(cluster, solver, dnsName, issuer.metadata.namespace ?? namespace);
};

/** A solver for the name or its zone, else one without a selector. */
const solverFor = (solvers: readonly JsonObject[], dnsName: string): JsonObject | undefined => {
  const zones = (solver: JsonObject) =>
    listOf(at(solver, "selector", "dnsZones")).flatMap((zone) => textOf(zone) ?? []);
  const matching = solvers.find((solver) =>
    zones(solver).some((zone) => dnsName === zone || dnsName.endsWith(`.${zone}`)),
  );
  return matching ?? solvers.find((solver) => zones(solver).length === 0);
};

const http01 = (cluster: ClusterApi, solver: JsonObject, dnsName: string): string | undefined => {
  const url = `http://${dnsName}/.well-known/acme-challenge/token`;
  const failed = (why: string) =>
    `Waiting for HTTP-01 challenge propagation: failed to perform self check GET request '${url}': Get "${url}": ${why}`;
  const className =
    textOf(at(solver, "http01", "ingress", "ingressClassName")) ??
    textOf(at(solver, "http01", "ingress", "class"));
  const addresses = cluster.world.cloudflare.resolve(dnsName, "A");
  if (addresses.length === 0) return failed(`dial tcp: lookup ${dnsName} on 10.0.0.10:53: no such host`);
  const ours = cluster
    .list({ apiVersion: "v1", kind: "Service" })
    .flatMap((service) =>
      objectsOf(at(service, "status", "loadBalancer", "ingress")).map(({ ip }) => textOf(ip) ?? ""),
    );
  const [address = ""] = addresses;
  if (!ours.includes(address)) return failed(`dial tcp ${address}:80: connect: connection refused`);
  if (
    className !== undefined &&
    !cluster.get({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", name: className })
  ) {
    return "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'";
  }
  return undefined;
};
