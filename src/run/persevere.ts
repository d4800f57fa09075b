/**
 * The retry budget, the only one that counts (SDKs give up after seconds). Decides by a Failure's kind alone:
 * throttling waits as long as the service says, a busy thing is asked again at an even pace, passing faults back
 * off with jitter; everything ends at the deadline.
 */

import type { Clock } from "../step/context.ts";
import { Failure, isPassing } from "../step/failure.ts";

export interface Perseverance {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Milliseconds between two looks; also the first back-off. */
  readonly interval: number;
  readonly onRetry: (delay: number, failure: Failure) => void;
}

/** Longest back-off, and how long the same passing fault may go on without one success, in milliseconds. */
const longestDelay = 60_000;
const faultBudget = 10 * 60_000;

/** Throws the last Failure when it is permanent, or when its budget or the deadline is used up. */
export const persevere = async <Result>(
  attempt: () => Promise<Result>,
  options: Perseverance,
): Promise<Result> => {
  const began = options.clock.now();
  for (let tries = 0; ; tries++) {
    options.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      const failure = asFailure(error, options.signal);
      if (!isPassing(failure.kind)) throw failure;
      const delay = delayFor(failure, tries, options);
      const limit =
        failure.kind === "busy" || failure.kind === "throttled"
          ? options.deadline
          : Math.min(options.deadline, began + faultBudget);
      if (options.clock.now() + delay > limit) throw exhausted(failure, options.clock.now() - began);
      options.onRetry(delay, failure);
      await options.clock.sleep(delay, options.signal);
    }
  }
};

const delayFor = (failure: Failure, tries: number, options: Perseverance): number => {
  if (failure.retryAfter !== undefined) return failure.retryAfter;
  if (failure.kind === "busy") return options.interval;
  const ceiling = Math.min(longestDelay, options.interval * 2 ** Math.min(tries, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * options.random());
};

const exhausted = (failure: Failure, spent: number): Failure =>
  new Failure(
    {
      ...failure,
      kind: failure.kind,
      code: failure.code,
      message: `${failure.message} (given up after ${Math.round(spent / 1000)} s)`,
      evidence: failure.evidence,
    },
    { cause: failure },
  );

/** Any error as a Failure; what nobody foresaw is `unexpected`, and keeps its cause. */
export const asFailure = (error: unknown, signal: AbortSignal): Failure => {
  if (error instanceof Failure) return error;
  if (signal.aborted) {
    return new Failure({ kind: "cancelled", code: "P0520", message: "cancelled" }, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(
    { kind: "unexpected", code: "P0599", message, hint: "please report this as a bug" },
    { cause: error },
  );
};
