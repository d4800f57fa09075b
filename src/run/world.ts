/** What a run rests on besides the pipeline: everything that has an effect, handed in by the host. */
import type { ClientKey, Clock, Environment, Use } from "../step/context.ts";
import type { Ref } from "../step/ref.ts";
import type { Family } from "../step/step.ts";
import type { Emit } from "./event.ts";

/** `taken`: by another run. `unrenewed`: the cluster did not answer for so long that another run may take it. */
export type Loss = "taken" | "unrenewed";

/** An exclusive hold on a cluster, kept by a Lease in it. */
export interface Hold {
  /** Aborts when the hold is lost: no write may follow. */
  readonly lost: AbortSignal;
  /** Why, once it is lost. */
  loss(): Loss | undefined;
  release(): Promise<void>;
}

export interface RunWorld {
  readonly environment: Environment;
  readonly use: Use;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly emit: Emit;
  /** Aborts everything at once (second Ctrl-C). */
  readonly signal: AbortSignal;
  /** True once no new step may begin (first Ctrl-C). */
  readonly stopping: () => boolean;
  /** Takes the Lease of a cluster, waiting for another holder to end. */
  readonly hold: (cluster: Ref, waiting: (holder: string) => void) => Promise<Hold>;
  /** All families, for finding orphans. */
  readonly families: () => Promise<readonly Family[]>;
  /** Steps that run at the same time, at most. */
  readonly concurrency: number;
}

/** Clients opened at most once in a run, and only when a step asks. */
export const createUse = (environment: Environment): Use => {
  const opened = new Map<string, Promise<unknown>>();
  /** What is kept under a key's name was opened by a key of that name: names are unique to a kind of client. */
  const isOf = <Client>(
    kept: Promise<unknown> | undefined,
    key: ClientKey<Client>,
  ): kept is Promise<Client> => kept !== undefined && opened.get(key.name) === kept;
  const use: Use = (key) => {
    const kept = opened.get(key.name);
    if (isOf(kept, key)) return kept;
    const opening = key.open(environment, use);
    opened.set(key.name, opening);
    // A client that could not be opened (login expired) is tried anew by the next caller.
    opening.catch(() => opened.delete(key.name));
    return opening;
  };
  return use;
};
