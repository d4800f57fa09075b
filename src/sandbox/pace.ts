/** Time in the sandbox: either everything that takes time is over at once, or it takes a fraction of Azure's time. */
import type { Pace } from "./world.ts";

export type PaceName = "instant" | "demo";

/** A cluster that takes Azure four minutes takes eight seconds. */
const demoFraction = 1 / 30;

export interface AdjustablePace extends Pace {
  readonly name: PaceName;
  /** Milliseconds of real time that `milliseconds` of the modelled cloud take. */
  scaled(milliseconds: number): number;
  set(name: PaceName): void;
  /** Calls off all that is planned. */
  close(): void;
}

export const createPace = (initial: PaceName): AdjustablePace => {
  let name = initial;
  const timers = new Set<NodeJS.Timeout>();
  const scaled = (milliseconds: number): number => (name === "instant" ? 0 : milliseconds * demoFraction);
  return {
    get name() {
      return name;
    },
    set(next) {
      name = next;
    },
    scaled,
    now: () => Date.now(),
    after(milliseconds, action, least = 0) {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          action();
        },
        Math.max(least, scaled(milliseconds)),
      );
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
};
