/**
 * A stand-in for kube-webhook-certgen, whose Go module is not to be had: does what ingress-nginx's chart wants of its
 * two Jobs (on simulated nodes they end without having done anything), with the words and the rights of those Jobs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AdmissionregistrationV1Api, CoreV1Api, KubeConfig, Watch } from "@kubernetes/client-node";
import { z } from "zod";
import { openAuthority } from "../../../src/sandbox/authority/authority.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { expand } from "./environment.ts";

const image = /\/ingress-nginx\/kube-webhook-certgen(:|@|$)/;

/** What is read of a Job. */
const jobShape = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        serviceAccountName: z.string().default("default"),
        containers: z.array(z.object({ image: z.string(), args: z.array(z.string()).default([]) })),
      }),
    }),
  }),
});

type Job = z.output<typeof jobShape>;

/** `--name=value` by its name. */
const optionsOf = (words: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(words.map((word) => /^--([^=]+)=(.*)$/.exec(word)?.slice(1) ?? [word, ""]));

/** A login with the Job's own ServiceAccount. */
const loginOf = async (cluster: Cluster, namespace: string, serviceAccount: string): Promise<KubeConfig> => {
  const token = await cluster.token(namespace, serviceAccount);
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      { name: "it", server: cluster.server, caData: Buffer.from(cluster.authority).toString("base64") },
    ],
    users: [{ name: "it", token }],
    contexts: [{ name: "it", cluster: "it", user: "it" }],
    currentContext: "it",
  });
  return config;
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof Error && "code" in error && error.code === code;

type Options = Readonly<Record<string, string>>;

/** `create`: a certificate for the hosts, in a Secret that is left as it is where it already exists. */
const create = async (login: KubeConfig, options: Options, directory: string): Promise<void> => {
  const core = login.makeApiClient(CoreV1Api);
  const { namespace = "", host = "" } = options;
  const name = options["secret-name"] ?? "";
  const existing = await core.readNamespacedSecret({ namespace, name }).catch((error: unknown) => {
    if (hasCode(error, 404)) return undefined;
    throw error;
  });
  if (existing !== undefined) return;
  const folder = await mkdtemp(join(directory, "webhook-"));
  try {
    const { certificate, server } = await openAuthority(folder, Date.now(), host.split(","));
    await core.createNamespacedSecret({
      namespace,
      body: {
        metadata: { name },
        type: "Opaque",
        data: { ca: base64(certificate), cert: base64(server.certificate), key: base64(server.key) },
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** `patch`: the authority of that certificate and the failure policy, in the webhook's configuration. */
const patch = async (login: KubeConfig, options: Options): Promise<void> => {
  const { namespace = "" } = options;
  const secret = await login
    .makeApiClient(CoreV1Api)
    .readNamespacedSecret({ namespace, name: options["secret-name"] ?? "" });
  const admission = login.makeApiClient(AdmissionregistrationV1Api);
  const name = options["webhook-name"] ?? "";
  const body = await admission.readValidatingWebhookConfiguration({ name });
  for (const webhook of body.webhooks ?? []) {
    webhook.clientConfig.caBundle = secret.data?.ca ?? "";
    webhook.failurePolicy = options["patch-failure-policy"] ?? webhook.failurePolicy ?? "Fail";
  }
  await admission.replaceValidatingWebhookConfiguration({ name, body });
};

const run = async (cluster: Cluster, job: Job, directory: string): Promise<void> => {
  const { namespace } = job.metadata;
  const { containers, serviceAccountName } = job.spec.template.spec;
  const words = (containers[0]?.args ?? []).map((word) => expand(word, { POD_NAMESPACE: namespace }));
  const login = await loginOf(cluster, namespace, serviceAccountName);
  switch (words[0]) {
    case "create":
      return create(login, optionsOf(words.slice(1)), directory);
    case "patch":
      return patch(login, optionsOf(words.slice(1)));
    default:
      throw new Error(`unknown command ${words[0]}`);
  }
};

/** How often a Job's work is tried, and milliseconds between: its roles are as young as itself. */
const tries = 20;
const pause = 250;

/** As the Job's `restartPolicy: OnFailure` has it. */
const runUntilDone = async (cluster: Cluster, job: Job, directory: string): Promise<void> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await run(cluster, job, directory);
    } catch (error) {
      if (left === 1) throw error;
      await sleep(pause);
    }
  }
};

export interface WebhookCertificateOptions {
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** For files that live for a moment. */
  readonly directory: string;
  readonly report: (line: string) => void;
}

/** Does those Jobs' work until it is stopped. */
export const startWebhookCertificates = (
  options: WebhookCertificateOptions,
): { readonly stop: () => Promise<void> } => {
  const config = new KubeConfig();
  config.loadFromFile(options.kubeconfig);
  const cluster = openCluster(options.kubeconfig);
  const ending = new AbortController();
  const begin = (job: Job): void => {
    const name = `${job.metadata.namespace}/${job.metadata.name}`;
    runUntilDone(cluster, job, options.directory).then(
      () => options.report(`kube-webhook-certgen (a stand-in): did Job ${name}`),
      (error: unknown) =>
        options.report(
          `kube-webhook-certgen (a stand-in): Job ${name}: ${error instanceof Error ? error.message : error}`,
        ),
    );
  };
  const watchOnce = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const request = await new Watch(config).watch(
      "/apis/batch/v1/jobs",
      {},
      (event: string, object: unknown) => {
        const job = jobShape.safeParse(object);
        const ours = job.success && image.test(job.data.spec.template.spec.containers[0]?.image ?? "");
        if (event === "ADDED" && ours) begin(job.data);
      },
      () => resolve(),
    );
    if (ending.signal.aborted) request.abort();
    ending.signal.addEventListener("abort", () => request.abort(), { once: true });
    await promise;
  };
  const done = (async () => {
    while (!ending.signal.aborted) {
      // The API server ends a watch after a while, and refuses one while it starts.
      await watchOnce().catch(() => {});
      if (!ending.signal.aborted) await sleep(pause, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return {
    stop: async () => {
      ending.abort();
      await done;
    },
  };
};
