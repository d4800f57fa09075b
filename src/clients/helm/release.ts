/**
 * Reads releases without Helm: each revision is a Secret `sh.helm.release.v1.<name>.v<revision>`, labelled, whose
 * content is gzipped JSON in base64 (Helm: pkg/storage/driver/secrets.go and util.go). No process is started.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import type { KubernetesClient, KubernetesObject } from "../kubernetes/client.ts";
import type { JsonObject } from "./client.ts";

/** Helm: pkg/release/common/status.go. */
export const releaseStatuses = [
  "unknown",
  "deployed",
  "uninstalled",
  "superseded",
  "failed",
  "uninstalling",
  "pending-install",
  "pending-upgrade",
  "pending-rollback",
] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

export interface Revision {
  readonly namespace: string;
  readonly release: string;
  readonly revision: number;
  readonly status: ReleaseStatus;
  /** Of the Secret, without Helm's own. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unpacks the rest. */
  read(): Promise<Release>;
}

export interface Release extends Omit<Revision, "read"> {
  /** What Helm or its caller said of the revision last. */
  readonly description: string;
  readonly chart: { readonly name: string; readonly version: string };
  /** The values that were given, without the chart's own. */
  readonly values: JsonObject;
  /** YAML of all objects, hooks left out. */
  readonly manifest: string;
  /** Texts of the chart's `crds/` folder, which Helm installs once and never touches again. */
  readonly crds: readonly string[];
}

const ownLabels = new Set(["name", "owner", "status", "version", "createdAt", "modifiedAt"]);

const labelsSchema = z.looseObject({
  name: z.string(),
  status: z.enum(releaseStatuses).catch("unknown"),
  version: z.coerce.number().int(),
});

const secretSchema = z.looseObject({ data: z.looseObject({ release: z.string() }) });

const releaseSchema = z.looseObject({
  info: z.looseObject({ description: z.string().default("") }).default({ description: "" }),
  chart: z.looseObject({
    metadata: z.looseObject({ name: z.string(), version: z.string() }),
    files: z.array(z.looseObject({ name: z.string(), data: z.string().nullish() })).nullish(),
  }),
  config: z.record(z.string(), z.json()).nullish(),
  manifest: z.string().default(""),
});

type Lister = Pick<KubernetesClient, "list">;

/** The revisions of a release that are kept, the newest first. Empty where there is no such release. */
export const releaseHistory = async (
  client: Lister,
  namespace: string,
  release: string,
): Promise<readonly Revision[]> =>
  revisionsIn(
    await client.list(
      { apiVersion: "v1", kind: "Secret" },
      { namespace, labelSelector: `owner=helm,name=${release}` },
    ),
  );

/** All releases of a cluster whose Secrets match the selector: of each the newest revision. */
export const releasesBySelector = async (client: Lister, selector: string): Promise<readonly Revision[]> => {
  const secrets = await client.list(
    { apiVersion: "v1", kind: "Secret" },
    { labelSelector: `owner=helm,${selector}` },
  );
  const newest = new Map<string, Revision>();
  for (const revision of revisionsIn(secrets)) {
    const key = `${revision.namespace}/${revision.release}`;
    if (!newest.has(key)) newest.set(key, revision);
  }
  return [...newest.values()];
};

const revisionsIn = (secrets: readonly KubernetesObject[]): readonly Revision[] =>
  secrets.flatMap((secret) => revisionOf(secret) ?? []).toSorted((a, b) => b.revision - a.revision);

const revisionOf = (secret: KubernetesObject): Revision | undefined => {
  const { success, data } = labelsSchema.safeParse(secret.metadata.labels);
  if (!success) return undefined;
  const labels = Object.entries(secret.metadata.labels ?? {}).filter(([name]) => !ownLabels.has(name));
  const revision = {
    namespace: secret.metadata.namespace ?? "default",
    release: data.name,
    revision: data.version,
    status: data.status,
    labels: Object.fromEntries(labels),
  };
  return { ...revision, read: async () => ({ ...revision, ...(await unpack(secret)) }) };
};

const unzip = promisify(gunzip);

/** Kubernetes encodes a Secret's data in base64, and Helm had encoded its own before. */
const unpack = async (
  secret: KubernetesObject,
): Promise<Pick<Release, "description" | "chart" | "values" | "manifest" | "crds">> => {
  try {
    const encoded = Buffer.from(secretSchema.parse(secret).data.release, "base64").toString("latin1");
    const text = (await unzip(Buffer.from(encoded, "base64"))).toString("utf8");
    const { info, chart, config, manifest } = releaseSchema.parse(JSON.parse(text));
    const crds = (chart.files ?? []).filter(({ name }) => name.startsWith("crds/"));
    return {
      description: info.description,
      chart: { name: chart.metadata.name, version: chart.metadata.version },
      values: config ?? {},
      manifest,
      crds: crds.map(({ data }) => Buffer.from(data ?? "", "base64").toString("utf8")),
    };
  } catch (error) {
    throw new Failure(
      {
        kind: "unexpected",
        code: "P0746",
        message: `the release in Secret ${secret.metadata.namespace}/${secret.metadata.name} can't be read`,
        hint: "it was written by another tool, or damaged: `helm history` shows whether Helm can read it",
      },
      { cause: error },
    );
  }
};
