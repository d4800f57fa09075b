/** Flux v1: applies what a git repository holds, and follows it. Archived upstream since 2022. */

import { z } from "zod";
import { defineCatalogueStep, releaseInputs } from "../../families/helm/catalogue.ts";
import { clusterInput } from "../../families/helm/inputs.ts";
import { deployKeyHandle, handle } from "../../step/handle.ts";
import { follows } from "./flux-log.ts";
import { keySecretFor, knownHostsMount, knownHostsVolume } from "./key-secret.ts";

const duration = () => z.string().regex(/^[0-9]+(s|m|h)$/);

const input = z.object({
  cluster: clusterInput(),
  url: z
    .string()
    .regex(/^(ssh:\/\/|https?:\/\/|git:\/\/|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:)/)
    .describe("Address of the git repository, as in `git@github.com:owner/name`."),
  branch: z.string().min(1).default("main").describe("Branch that is applied."),
  paths: z
    .array(
      z
        .string()
        .regex(/^[^,/][^,]*$/)
        .describe("A folder of the repository."),
    )
    .default([])
    .describe("Folders that are applied; the whole repository where there is none."),
  key: deployKeyHandle
    .optional()
    .describe(
      "Deploy key of the repository, with the host keys to expect. Its Secret must be in this step's namespace.",
    ),
  readOnly: z
    .boolean()
    .default(false)
    .describe(
      "Whether the key may only read; how far it synced is then kept in the cluster, not as a git tag.",
    ),
  pollInterval: duration().default("1m").describe("Time between two looks at the repository, as in `1m`."),
  syncInterval: duration().default("5m").describe("Time between two full applies without a new commit."),
  manifestGeneration: z
    .boolean()
    .default(false)
    .describe("Whether `.flux.yaml` files are followed, which generate manifests, as with Kustomize."),
  garbageCollection: z
    .boolean()
    .default(true)
    .describe("Whether objects are removed that the repository no longer holds."),
  ...releaseInputs("flux", { namespace: "fluxcd", release: "flux" }),
});

const output = handle("flux-v1", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace that it runs in."),
  deployment: z.string().describe("Name of its Deployment."),
});

export default defineCatalogueStep({
  type: "gitops/flux-v1",
  summary: "Flux v1, which applies what a git repository holds and follows it.",
  input,
  output,
  chart: "flux",
  values: {
    fullnameOverride: (wanted) => wanted.release,
    "git.url": (wanted) => wanted.url,
    "git.branch": (wanted) => wanted.branch,
    // Flux takes one text; in a values file its commas need no escape.
    "git.path": (wanted) => wanted.paths.join(","),
    "git.readonly": (wanted) => wanted.readOnly,
    "git.pollInterval": (wanted) => wanted.pollInterval,
    "git.secretName": keySecretFor("Flux"),
    "sync.state": (wanted) => (wanted.readOnly ? "secret" : "git"),
    "sync.interval": (wanted) => wanted.syncInterval,
    manifestGeneration: (wanted) => wanted.manifestGeneration,
    "syncGarbageCollection.enabled": (wanted) => wanted.garbageCollection,
    extraVolumes: ({ key }) => key && knownHostsVolume(key),
    extraVolumeMounts: ({ key }) => key && knownHostsMount,
  },
  predict: {
    kind: () => "flux-v1" as const,
    cluster: (wanted) => wanted.cluster.id,
    namespace: (wanted) => wanted.namespace,
    deployment: (wanted) => wanted.release,
  },
  outputs: async (_client, ref, release) => ({
    kind: "flux-v1" as const,
    cluster: ref.within?.id ?? "",
    namespace: release.namespace,
    deployment: release.release,
  }),
  ready: (_context, client, _ref, wanted) => follows(client, wanted),
  // Flux has no finalizers: without it nobody collects what it applied.
  beforeDestroy: async (context, _client, ref) => {
    if (ref.within && context.dies(ref.within)) return;
    context.report({ kind: "notice", message: "what Flux applied from git stays in the cluster" });
  },
});
