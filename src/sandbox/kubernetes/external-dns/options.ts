/** External DNS's command line, as the chart writes it, and the token in its environment. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { argumentOf, argumentsOf } from "../workloads/programs.ts";

export interface Options {
  readonly sources: readonly string[];
  /** Lower case; empty matches everything. */
  readonly domainFilters: readonly string[];
  readonly zoneIds: readonly string[];
  readonly policy: "sync" | "upsert-only" | "create-only";
  readonly owner: string;
  readonly txtPrefix: string;
  readonly txtSuffix: string;
  /** Milliseconds. */
  readonly interval: number;
  /** Whether it also runs when a source changes. */
  readonly onEvents: boolean;
  readonly proxied: boolean;
  /** Prefix of the annotations that it reads, with the final slash. */
  readonly annotationPrefix: string;
  readonly debug: boolean;
  /** Namespace of the sources; every one where it is left out. */
  readonly namespace: string | undefined;
  readonly recordsPerPage: number;
}

/** Whether a container is External DNS with Cloudflare and the TXT registry, which is all that is played here. */
export const isExternalDns = (container: Json): boolean =>
  argumentOf(container, "--provider") === "cloudflare" &&
  argumentOf(container, "--source") !== undefined &&
  (argumentOf(container, "--registry") ?? "txt") === "txt";

/** The defaults are those of `pkg/apis/externaldns/types.go`, v0.21. */
export const optionsOf = (container: Json): Options => {
  const lowerList = (name: string): readonly string[] =>
    argumentsOf(container, name)
      .flatMap((value) => value.split(","))
      .map((value) => value.trim().toLowerCase().replace(/\.$/, ""))
      .filter((value) => value !== "");
  const policy = argumentOf(container, "--policy");
  return {
    sources: argumentsOf(container, "--source"),
    domainFilters: lowerList("--domain-filter"),
    zoneIds: lowerList("--zone-id-filter"),
    policy: policy === "upsert-only" || policy === "create-only" ? policy : "sync",
    owner: argumentOf(container, "--txt-owner-id") ?? "default",
    txtPrefix: (argumentOf(container, "--txt-prefix") ?? "").toLowerCase(),
    txtSuffix: (argumentOf(container, "--txt-suffix") ?? "").toLowerCase(),
    interval: millisecondsOf(argumentOf(container, "--interval") ?? "") ?? 60_000,
    onEvents: argumentOf(container, "--events") === "true",
    proxied: argumentOf(container, "--cloudflare-proxied") === "true",
    annotationPrefix: argumentOf(container, "--annotation-prefix") ?? "external-dns.alpha.kubernetes.io/",
    debug: argumentOf(container, "--log-level") === "debug",
    namespace: argumentOf(container, "--namespace"),
    recordsPerPage: Number(argumentOf(container, "--cloudflare-dns-records-per-page") ?? 100) || 100,
  };
};

const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A Go duration (`1m30s`) in milliseconds. */
export const millisecondsOf = (text: string): number | undefined => {
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    sum += Number(number) * (units[unit ?? ""] ?? 0);
  }
  return sum;
};

/** The container's `CF_API_TOKEN`, from a Secret or written out. */
export const tokenOf = (cluster: ClusterApi, pod: KubernetesObject, container: Json): string | undefined => {
  const variable = objectsOf(at(container, "env")).find(({ name }) => name === "CF_API_TOKEN");
  const written = textOf(variable?.value);
  if (written !== undefined) return written;
  const name = textOf(at(variable, "valueFrom", "secretKeyRef", "name"));
  const key = textOf(at(variable, "valueFrom", "secretKeyRef", "key"));
  if (name === undefined || key === undefined) return undefined;
  const secret = cluster.get({ apiVersion: "v1", kind: "Secret", namespace: pod.metadata.namespace, name });
  const encoded = textOf(at(secret, "data", key));
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
};
