/**
 * Runs a cloud provider while a sandbox has a cluster: it begins when the first one's creation is done, ends when its
 * deletion begins, and is started anew when it ends by itself.
 */
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "../../../src/sandbox/process.ts";
import type { HostProcess } from "../process.ts";
import { type CloudProviderOptions, startCloudProvider } from "./cloud-provider.ts";
import { readCluster, type SandboxAccess, takeCensus } from "./sandbox-clusters.ts";

export interface WatchOptions extends Omit<CloudProviderOptions, "sandbox" | "cluster"> {
  /** The sandbox whose clusters are this one, if it runs now. */
  readonly findSandbox: () => Promise<SandboxAccess | undefined>;
  /** Milliseconds; 500 by default. */
  readonly interval?: number;
  /** Told what begins, ends and fails. */
  readonly report?: (line: string) => void;
}

/** Finds the sandbox of a folder while one runs there with this cluster, by its kubeconfig's path, as its own. */
export const sandboxIn =
  (folder: string, kubeconfig: string): WatchOptions["findSandbox"] =>
  async () => {
    const running = await status(folder);
    const served = running?.kubeconfig;
    return served !== undefined && resolve(served) === resolve(kubeconfig) ? running : undefined;
  };

export interface ClusterWatch extends AsyncDisposable {
  /** The ARM id of the cluster that has a cloud provider now. */
  served(): string | undefined;
  /** Ends the watch and the process. */
  stop(): Promise<void>;
}

interface Serving {
  readonly cluster: string;
  /** Another port is another sandbox. */
  readonly url: string;
  readonly process: HostProcess;
}

export const watchForClusters = (options: WatchOptions): ClusterWatch => {
  const { findSandbox, interval = 500 } = options;
  const ending = new AbortController();
  let serving: Serving | undefined;
  /** All that was there when a cluster was found without nodes: it is read again when something has changed. */
  let unready = "";
  let said = "";
  const say = (line: string): void => {
    if (line !== said) options.report?.(`cloud-provider-azure: ${line}`);
    said = line;
  };
  const end = async (why: string): Promise<void> => {
    if (serving === undefined) return;
    await serving.process.stop();
    serving = undefined;
    say(why);
  };
  const step = async (): Promise<void> => {
    const sandbox = await findSandbox();
    if (sandbox === undefined) return end("ends with the sandbox");
    const census = await takeCensus(sandbox);
    const settled = census.present.filter((id) => !census.unsettled.includes(id.toLowerCase()));
    if (serving && (serving.url !== sandbox.url || !settled.includes(serving.cluster))) {
      await end(`ends with ${serving.cluster}`);
    }
    const died = serving?.process.ended();
    if (died !== undefined) await end(`ended with ${died}, and is started again`);
    // The real cluster stands for each of the sandbox's; two cloud providers would fight over its Services.
    const [first] = settled.toSorted();
    const seen = census.resources.join();
    if (serving !== undefined || first === undefined || seen === unready) return;
    const cluster = await readCluster(sandbox, census, first);
    unready = cluster === undefined ? seen : "";
    if (cluster === undefined || ending.signal.aborted) return;
    const process = await startCloudProvider({ ...options, sandbox, cluster });
    serving = { cluster: first, url: sandbox.url, process };
    say(`runs for ${first}`);
  };
  const done = (async () => {
    while (!ending.signal.aborted) {
      // A sandbox that stops or a file half written: the next look sees more.
      await step().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
      await sleep(interval, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await end("ends with the testbed");
  })();
  const stop = async (): Promise<void> => {
    ending.abort();
    await done;
  };
  return { served: () => serving?.cluster, stop, [Symbol.asyncDispose]: stop };
};
