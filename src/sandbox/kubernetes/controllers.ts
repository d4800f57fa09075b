/** Runs a cluster's behaviours: one change at a time, after it is stored, again when it met a conflict. */

import type { Pace } from "../world.ts";
import { ApiError } from "./api-error.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Change, ClusterApi } from "./cluster-api.ts";
import type { Objects } from "./objects.ts";

export interface Controllers {
  watch(callback: (change: Change) => void): () => void;
  /** Tells every stored object as added, then every change as it comes. */
  start(api: ClusterApi, behaviours: readonly Behaviour[]): void;
  close(): void;
  /** A pace whose actions are called off when the cluster goes, and whose errors do not end the process. */
  readonly pace: Pace;
  /** What behaviours threw, newest last: for tests and for the sandbox's own log. */
  readonly faults: readonly string[];
}

/** How long a behaviour that failed waits before it is told again, in milliseconds, and how often at most. */
const retryAfter = 1000;
const retries = 5;

export const createControllers = (objects: Objects, outer: Pace): Controllers => {
  const watchers = new Set<(change: Change) => void>();
  const queue: Change[] = [];
  const faults: string[] = [];
  let scheduled = false;
  let open = true;

  const drain = () => {
    scheduled = false;
    for (let change = queue.shift(); change && open; change = queue.shift()) {
      for (const watcher of [...watchers]) watcher(change);
    }
  };
  const enqueue = (change: Change) => {
    queue.push(change);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(drain);
  };
  const stop = objects.listen(enqueue);

  const pace: Pace = {
    now: () => outer.now(),
    after: (milliseconds, action, least) => {
      const guarded = (): void => {
        if (!open) return;
        try {
          action();
        } catch (error) {
          faults.push(error instanceof Error ? error.message : String(error));
        }
      };
      return outer.after(milliseconds, guarded, least);
    },
  };

  return {
    faults,
    pace,
    watch: (callback) => {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
    start: (api, behaviours) => {
      for (const behaviour of behaviours) {
        const tell = (change: Change, attempt: number): void => {
          if (!open) return;
          try {
            behaviour.reconcile(api, change);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            const passing = error instanceof ApiError && error.reason === "Conflict";
            if (!passing) faults.push(`${behaviour.name}: ${message}`);
            if (attempt < retries) api.pace.after(retryAfter, () => tell(change, attempt + 1));
          }
        };
        watchers.add((change) => tell(change, 0));
      }
      for (const [, object] of objects.all()) {
        enqueue({ type: "added", object });
      }
    },
    close: () => {
      open = false;
      stop();
      watchers.clear();
    },
  };
};
