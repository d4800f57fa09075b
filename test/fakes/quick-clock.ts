/** A clock whose time passes only by sleeping: an hour of waiting takes no time, and is counted. */
import type { Clock } from "../../src/step/context.ts";

export interface QuickClock extends Clock {
  /** Every sleep, in milliseconds. */
  readonly slept: number[];
}

export const quickClock = (start = 0): QuickClock => {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
};
