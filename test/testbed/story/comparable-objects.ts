/**
 * Objects as text that is the same whenever they are: without what the API server or a controller gives anew each
 * time, and releases by what is in them.
 */
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const managedField = z.looseObject({
  manager: z.string(),
  operation: z.string(),
  subresource: z.string().optional(),
  fieldsV1: z.unknown(),
});

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).optional(),
    managedFields: z.array(managedField).default([]),
  }),
  data: z.record(z.string(), z.string()).optional(),
});

type LiveObject = z.output<typeof objectSchema>;

export const listSchema = z.looseObject({ items: z.array(objectSchema) });

const releaseSchema = z.looseObject({
  info: z.looseObject({ status: z.string(), description: z.string() }),
  chart: z.looseObject({ metadata: z.unknown() }),
  config: z.unknown(),
  manifest: z.string(),
});

/** Labels of Helm's own, and the digest of a chart, which holds the instance here. */
const changing = new Set(["createdAt", "modifiedAt", "version", "provision.dev/chart-digest"]);

/** The newest of them says what is installed; how many came before depends on what had to be recovered. */
const releaseOf = ({ metadata, data }: LiveObject): unknown => {
  const packed = Buffer.from(Buffer.from(data?.release ?? "", "base64").toString("latin1"), "base64");
  const { info, chart, config, manifest } = releaseSchema.parse(JSON.parse(gunzipSync(packed).toString()));
  const labels = without(metadata.labels, changing);
  return {
    labels,
    status: info.status,
    description: info.description,
    chart: chart.metadata,
    config,
    manifest,
  };
};

/** Given by the API server for good, or by controllers, which have time of their own. */
const volatile = new Set(["uid", "resourceVersion", "creationTimestamp", "generation"]);

const givenToServices = new Set(["clusterIP", "clusterIPs", "nodePort"]);

const without = (value: unknown, names: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((one) => without(one, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (names.has(name) ? [] : [[name, without(one, names)]])),
  );
};

const comparable = (object: LiveObject): unknown => {
  const { status: _, metadata, data, ...rest } = object;
  const { managedFields, annotations, ...named } = metadata;
  const fields = managedFields
    .filter(({ manager, subresource }) => subresource === undefined && manager !== "kube-controller-manager")
    .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }))
    .toSorted((a, b) => (a.manager + a.operation < b.manager + b.operation ? -1 : 1));
  return {
    ...(object.kind === "Service" ? { rest: without(rest, givenToServices) } : rest),
    metadata: without(named, volatile),
    annotations: without(annotations, new Set(["deployment.kubernetes.io/revision"])),
    managedFields: fields,
    // A key pair is made anew for each cluster.
    data: metadata.name === "git-deploy-key" ? Object.keys(data ?? {}) : data,
  };
};

/** Of an object, and at the end of the name of a set's inventory, which is a hash over the instance. */
const identifiers = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=provision-set-\w+-)[0-9a-f]{8}/g;

const furniture = ({ kind, metadata }: LiveObject): boolean =>
  (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") ||
  (kind === "ServiceAccount" && metadata.name === "default");

const isRelease = ({ metadata }: LiveObject): boolean => metadata.labels.owner === "helm";

const revision = ({ metadata }: LiveObject): number => Number(metadata.labels.version);

/**
 * What objects are, by their names; `instance` in them is shown as such, so that those of several can be compared.
 * Releases are there once, by their newest revision.
 */
export const comparableObjects = (
  objects: readonly LiveObject[],
  instance: string,
): Readonly<Record<string, unknown>> => {
  const newest = new Map<string, LiveObject>();
  for (const one of objects.filter(isRelease).toSorted((a, b) => revision(a) - revision(b)))
    newest.set(`Release ${one.metadata.namespace}/${one.metadata.labels.name}`, one);
  const entries = [
    ...objects
      .filter((one) => !furniture(one) && !isRelease(one))
      .map((one): [string, unknown] => [
        `${one.kind} ${one.metadata.namespace ?? ""}/${one.metadata.name}`,
        comparable(one),
      ]),
    ...[...newest].map(([name, one]): [string, unknown] => [name, releaseOf(one)]),
  ];
  const text = JSON.stringify(Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  return z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(text.replaceAll(instance, "INSTANCE").replaceAll(identifiers, "ID")));
};
