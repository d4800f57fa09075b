/**
 * A kubelet for controllers: watches the cluster's Deployments and runs, for those whose image it knows, the real
 * program on this machine, with what the Deployment says. It starts anew what ends, and ends with the Deployment.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1Deployment } from "@kubernetes/client-node";
import type { Launch } from "../control-plane.ts";
import type { HostProcess } from "../process.ts";
import type { ProgramName } from "../programs.ts";
import type { Cluster } from "./cluster.ts";
import type { Controller, Surroundings } from "./controller.ts";
import { type Backend, routesOf, startRouting } from "./services.ts";
import { readWorkload } from "./workload.ts";

export interface LauncherOptions {
  readonly controllers: readonly Controller[];
  readonly cluster: Cluster;
  readonly surroundings: Surroundings;
  readonly launch: Launch;
  /** Path of a built program. */
  readonly binary: (name: ProgramName) => string;
  /** For the workloads' files. */
  readonly directory: string;
  /** Told what begins, ends, and is waited for. */
  readonly report: (line: string) => void;
}

export interface Launcher {
  /** Names of the controllers whose processes run now. */
  running(): readonly string[];
  /** What the process in a container's place has written; undefined where there is none. */
  logOf(namespace: string, pod: string, container: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

const pollInterval = 250;
const restartPause = 1_000;

/** One Deployment's container that runs here. */
interface Supervised {
  /** Whether it stands for a container of that pod. */
  isFor(namespace: string, pod: string, container: string): boolean;
  log(): Promise<string | undefined>;
  backend(): Backend | undefined;
  name(): string | undefined;
  stop(): Promise<void>;
}

/** `quay.io/jetstack/cert-manager-webhook:v1.21.2@sha256:…` without registry's tag and digest. */
const repository = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");

/** A Deployment's pods have the names of its ReplicaSets with an end of their own. */
const podsOf = (deployment: string): RegExp => new RegExp(`^${deployment}-[a-z0-9]+-[a-z0-9]+$`);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const supervise = (
  options: LauncherOptions,
  controller: Controller,
  deployment: V1Deployment,
  container: V1Container,
): Supervised => {
  const { metadata } = deployment;
  const directory = join(options.directory, `${metadata?.namespace}.${metadata?.name}.${container.name}`);
  const ending = new AbortController();
  let backend: Backend | undefined;
  let process: HostProcess | undefined;
  // After its end too: its last lines say why.
  let latest: HostProcess | undefined;
  let said = "";
  const say = (line: string): void => {
    if (line !== said) options.report(`${controller.name}: ${line}`);
    said = line;
  };
  const runOnce = async (): Promise<void> => {
    const workload = await readWorkload(options.cluster, deployment, container, directory);
    const start = await controller.start(workload, options.surroundings);
    if (ending.signal.aborted) return;
    process = await options.launch({
      name: controller.name,
      program: options.binary(controller.program),
      arguments: start.arguments,
      variables: start.variables ?? {},
    });
    latest = process;
    backend = { deployment, listens: start.listens ?? new Map() };
    say(`runs for ${workload.namespace}/${workload.name}`);
    await process.exited;
    say(`ended with ${process.ended()}, see ${process.logFile}`);
  };
  const done = (async () => {
    while (!ending.signal.aborted) {
      await runOnce().catch((error: unknown) => say(reasonOf(error)));
      process = undefined;
      backend = undefined;
      if (!ending.signal.aborted)
        await sleep(restartPause, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return {
    isFor: (namespace, pod, its) =>
      namespace === metadata?.namespace && podsOf(metadata.name ?? "").test(pod) && its === container.name,
    log: async () => latest && (await readFile(latest.logFile)).subarray(latest.logStart).toString("utf8"),
    backend: () => backend,
    name: () => (process === undefined ? undefined : controller.name),
    stop: async () => {
      ending.abort();
      await process?.stop();
      await done;
      await rm(directory, { recursive: true, force: true });
    },
  };
};

export const startLauncher = async (options: LauncherOptions): Promise<Launcher> => {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const supervised = new Map<string, Supervised>();
  const routing = startRouting();
  const ending = new AbortController();

  /** What should run now, by a key that changes when it must be started anew. */
  const wanted = async (): Promise<ReadonlyMap<string, () => Supervised>> => {
    const all = new Map<string, () => Supervised>();
    for (const deployment of await options.cluster.deployments()) {
      const { metadata, spec } = deployment;
      if (spec === undefined || spec.replicas === 0 || metadata?.deletionTimestamp !== undefined) continue;
      for (const container of spec.template.spec?.containers ?? []) {
        const controller = options.controllers.find(({ image }) =>
          repository(container.image ?? "").endsWith(`/${image}`),
        );
        if (controller === undefined) continue;
        const key = JSON.stringify([metadata?.uid, container.name, spec.template]);
        all.set(key, () => supervise(options, controller, deployment, container));
      }
    }
    return all;
  };
  const reconcile = async (): Promise<void> => {
    const now = await wanted();
    for (const [key, one] of supervised) {
      if (now.has(key)) continue;
      supervised.delete(key);
      await one.stop();
    }
    for (const [key, begin] of now) if (!supervised.has(key)) supervised.set(key, begin());
    const backends = [...supervised.values()].flatMap((one) => one.backend() ?? []);
    await routing.set(routesOf(await options.cluster.services(), backends));
  };
  let said = "";
  const loop = (async () => {
    while (!ending.signal.aborted) {
      await reconcile().catch((error: unknown) => {
        const reason = reasonOf(error);
        if (reason !== said) options.report(`controllers: ${reason}`);
        said = reason;
      });
      await sleep(pollInterval, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return {
    running: () => [...supervised.values()].flatMap((one) => one.name() ?? []),
    logOf: async (namespace, pod, container) =>
      [...supervised.values()].find((one) => one.isFor(namespace, pod, container))?.log(),
    stop: async () => {
      ending.abort();
      await loop;
      await Promise.all([...supervised.values()].map((one) => one.stop()));
      await routing.stop();
    },
  };
};
