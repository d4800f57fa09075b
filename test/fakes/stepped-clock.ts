/** A clock that stands still until a test moves it, so that hours pass in no time and nothing depends on the machine. */
import type { Clock } from "../../src/step/context.ts";

export interface SteppedClock extends Clock {
  /** Moves time on, waking each sleeper at its own moment and letting it work before the next one. */
  advance(milliseconds: number): Promise<void>;
}

/** Lets everything run that waits for promises only. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export const steppedClock = (start = 0): SteppedClock => {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const end = () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        };
        const sleeper = {
          at: now + milliseconds,
          wake: () => {
            signal.removeEventListener("abort", end);
            resolve();
          },
        };
        signal.addEventListener("abort", end, { once: true });
        sleepers.push(sleeper);
      }),
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const next = sleepers.filter((sleeper) => sleeper.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        now = next.at;
        next.wake();
        await settle();
      }
      now = until;
    },
  };
};
