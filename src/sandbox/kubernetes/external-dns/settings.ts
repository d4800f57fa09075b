/** External DNS's settings, from its container's arguments and environment (its `pkg/apis/externaldns/types.go`). */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { argumentOf, argumentsOf } from "../workloads/programs.ts";

export interface Settings {
  /** Undefined where the Secret is not there. */
  readonly token: string | undefined;
  readonly provider: string;
  readonly sources: readonly string[];
  readonly domainFilters: readonly string[];
  readonly zoneFilters: readonly string[];
  readonly policy: string;
  readonly owner: string;
  readonly prefix: string;
  readonly interval: string;
  readonly proxied: boolean;
  readonly annotationPrefix: string;
}

export const settingsOf = (cluster: ClusterApi, workload: KubernetesObject, container: Json): Settings => ({
  token: tokenOf(cluster, workload, container),
  provider: argumentOf(container, "--provider") ?? "",
  sources: argumentsOf(container, "--source"),
  domainFilters: argumentsOf(container, "--domain-filter"),
  zoneFilters: argumentsOf(container, "--zone-id-filter"),
  policy: argumentOf(container, "--policy") ?? "sync",
  owner: argumentOf(container, "--txt-owner-id") ?? "default",
  prefix: argumentOf(container, "--txt-prefix") ?? "",
  interval: argumentOf(container, "--interval") ?? "1m",
  proxied: argumentOf(container, "--cloudflare-proxied") === "true",
  annotationPrefix: argumentOf(container, "--annotation-prefix") ?? "external-dns.alpha.kubernetes.io/",
});

const tokenOf = (cluster: ClusterApi, workload: KubernetesObject, container: Json): string | undefined => {
  const variable = objectsOf(at(container, "env")).find(({ name }) => name === "CF_API_TOKEN");
  const plain = textOf(at(variable, "value"));
  if (plain !== undefined) return plain;
  const reference = at(variable, "valueFrom", "secretKeyRef");
  const { namespace } = workload.metadata;
  const secret = cluster.get({
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    name: textOf(at(reference, "name")) ?? "",
  });
  const encoded = textOf(at(secret, "data", textOf(at(reference, "key")) ?? ""));
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
};
