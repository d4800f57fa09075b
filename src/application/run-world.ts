/** Puts the world of a run together: environment, clients, clock, Lease. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { kubernetes } from "../clients/kubernetes/kubernetes.ts";
import { acquireLease } from "../families/kubernetes/lease.ts";
import type { Registry } from "../registry/registry.ts";
import { type Event, eventVersion, type TimedEvent } from "../run/event.ts";
import { createUse, type RunWorld } from "../run/world.ts";
import type { Environment } from "../step/context.ts";
import type { Machine } from "./machine.ts";

export interface WorldOptions {
  readonly subscription: string | undefined;
  readonly azureEndpoint: string | undefined;
  readonly chartMirror: string | undefined;
  readonly sandbox: boolean;
  /** See `Environment`. */
  readonly strange: boolean;
  /** Milliseconds between two looks at a running operation. */
  readonly pollInterval: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly stopping: () => boolean;
  readonly emit: (event: TimedEvent) => void;
}

/** `directory`: the pipeline's folder. */
export const createEnvironment = (
  machine: Machine,
  directory: string,
  options: Pick<
    WorldOptions,
    "subscription" | "azureEndpoint" | "chartMirror" | "sandbox" | "strange" | "pollInterval"
  >,
  credentials: Environment["credentials"] = {},
): Environment => ({
  variables: machine.variables,
  credentials,
  azure: { subscription: options.subscription, endpoint: options.azureEndpoint },
  program: machine.program,
  directory,
  strange: options.strange,
  chartMirror: options.chartMirror,
  sandbox: options.sandbox,
  pollInterval: options.pollInterval,
});

export const createRunWorld = (
  machine: Machine,
  registry: Registry,
  environment: Environment,
  options: WorldOptions,
): RunWorld => {
  const use = createUse(environment);
  const holder = `${hostname()} ${process.pid} ${randomBytes(4).toString("hex")}`;
  return {
    environment,
    use,
    clock: machine.clock,
    random: machine.random,
    emit: (event: Event) => options.emit({ ...event, version: eventVersion, at: machine.clock.now() }),
    signal: options.signal,
    stopping: options.stopping,
    hold: async (cluster, waiting) =>
      acquireLease(await use(kubernetes(cluster)), {
        holder,
        clock: machine.clock,
        signal: options.signal,
        waiting,
      }),
    families: registry.families,
    concurrency: options.concurrency,
  };
};
