/** A StepContext whose clients are the real ones, on the sandbox's Kubernetes. */
import { join } from "node:path";
import { cloudflare } from "../../src/clients/cloudflare/cloudflare.ts";
import type { ClientKey, Progress, StepContext, Use } from "../../src/step/context.ts";
import type { Owner } from "../../src/step/ref.ts";
import type { TestCluster } from "./kubernetes-api.ts";

export interface RealContext extends StepContext {
  readonly reported: Progress[];
}

const owner: Owner = { pipeline: "demo", instance: "clu-demo", step: "thing" };

export const clusterInput = (cluster: Pick<TestCluster, "kubeconfig">) => ({
  kind: "cluster",
  id: `kubeconfig:${cluster.kubeconfig}#`,
  name: "test",
});

export const realContext = (
  cluster: Pick<TestCluster, "directory" | "kubeconfig">,
  options: {
    readonly signal?: AbortSignal;
    readonly mirror?: string;
    readonly dns?: unknown;
    readonly helm?: string;
  } = {},
): RealContext => {
  const reported: Progress[] = [];
  const opened = new Map<string, Promise<unknown>>();
  const environment = {
    variables: {
      ...process.env,
      PROVISION_CACHE: join(cluster.directory, "cache"),
      ...(options.helm === undefined ? {} : { PROVISION_HELM: options.helm }),
    },
    credentials: {},
    azure: {},
    directory: cluster.directory,
    chartMirror: options.mirror,
    sandbox: true,
    pollInterval: 50,
  };
  const use: Use = <Client>(key: ClientKey<Client>): Promise<Client> => {
    if (key.name === cloudflare.name && options.dns !== undefined)
      return Promise.resolve(options.dns as Client);
    const known = opened.get(key.name) ?? key.open(environment, use);
    opened.set(key.name, known);
    // A key's name stands for one type of client.
    return known as Promise<Client>;
  };
  return {
    use,
    environment,
    signal: options.signal ?? new AbortController().signal,
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    owner,
    fence: async () => undefined,
    report: (progress) => reported.push(progress),
    dies: () => false,
    reported,
  };
};
