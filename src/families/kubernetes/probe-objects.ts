/** What a probe of the ingress chain puts into the cluster, and what it remembers there. Pure. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { Scope } from "../../step/ref.ts";
import type { Draft } from "./draft.ts";

/** The part of a cluster's id that stays when it is reached with other rights. */
const placeOf = (clusterId: string): string => clusterId.replace(/#(admin|user|entra)$/, "");

/** One namespace for each pipeline's probe of a controller and a zone, also the first label of its host. */
export const probeName = (scope: Scope, clusterId: string, className: string, domain: string): string => {
  const text = [scope.pipeline, scope.instance, placeOf(clusterId), className, domain].join("\n");
  return `provision-probe-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
};

export interface Probe {
  readonly name: string;
  readonly host: string;
  readonly className: string;
  /** ClusterIssuer whose certificates are tried; none where there is none to try. */
  readonly issuer?: string | undefined;
}

const inside = (apiVersion: string, kind: string, namespace: string, name: string): ObjectName => ({
  apiVersion,
  kind,
  namespace,
  name,
});

export const probeNames = {
  namespace: (name: string): ObjectName => ({ apiVersion: "v1", kind: "Namespace", name }),
  result: (namespace: string) => inside("v1", "ConfigMap", namespace, "result"),
  service: (namespace: string) => inside("v1", "Service", namespace, "probe"),
  ingress: (namespace: string) => inside("networking.k8s.io/v1", "Ingress", namespace, "probe"),
  certificate: (namespace: string) => inside("cert-manager.io/v1", "Certificate", namespace, "probe-tls"),
  /** cert-manager leaves it behind when the Certificate goes. */
  tls: (namespace: string) => inside("v1", "Secret", namespace, "probe-tls"),
};

/** A Service without pods, and an Ingress to it: what answers does not matter, only that the way there exists. */
export const probeDrafts = ({ name, host, className, issuer }: Probe): readonly Draft[] => [
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "probe", namespace: name },
    spec: { ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: "probe",
      namespace: name,
      ...(issuer && { annotations: { "cert-manager.io/cluster-issuer": issuer } }),
    },
    spec: {
      ingressClassName: className,
      ...(issuer && { tls: [{ hosts: [host], secretName: "probe-tls" }] }),
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "probe", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
];

/** What a probe leaves outside the cluster while it runs, kept on its namespace for whoever cleans up after a kill. */
const tracesSchema = z.object({ host: z.string(), zone: z.string().optional() });
export type Traces = z.output<typeof tracesSchema>;
export const tracesAnnotation = "provision.dev/probe";

const parsed = <Result>(schema: z.ZodType<Result>, text: string | undefined): Result | undefined => {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const tracesOf = (namespace: KubernetesObject): Traces | undefined =>
  parsed(tracesSchema, namespace.metadata.annotations?.[tracesAnnotation]);

/** The outcome of the last probe, and all that it depended on: it counts as long as that is the same. */
const resultSchema = z.object({
  ok: z.boolean(),
  /** Why not, where it is not. */
  reason: z.string().optional(),
  /** ISO 8601. */
  checkedAt: z.string(),
  dependsOn: z.record(z.string(), z.string()),
});
export type ProbeResult = z.output<typeof resultSchema>;

export const resultOf = (configMap: KubernetesObject | undefined): ProbeResult | undefined =>
  parsed(resultSchema, z.looseObject({ result: z.string() }).safeParse(configMap?.data).data?.result);

export const resultDraft = (namespace: string, result: ProbeResult): Draft => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "result", namespace },
  data: { result: JSON.stringify(result) },
});
