/** Visits a graph as fast as its edges allow: each step as soon as all that it depends on has been visited. */
import type { Graph } from "../graph/graph.ts";

export type Visit = "done" | "stop-dependents" | "stop-all";

export interface WalkOptions {
  /** Steps visited at the same time, at most. */
  readonly concurrency: number;
  /** True when no further step may begin. Asked before each. */
  readonly stopped: () => boolean;
}

/**
 * `visit` may not throw. "stop-dependents" leaves out what depends on the step; "stop-all" lets running visits
 * end and begins no other. Resolves, once nothing runs any more, to the steps that were never begun.
 */
export const walk = (
  graph: Graph,
  visit: (id: string) => Promise<Visit>,
  options: WalkOptions,
): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const open = new Map<string, number>();
    for (const id of graph.order) open.set(id, graph.dependencies.get(id)?.length ?? 0);
    const ready = graph.order.filter((id) => open.get(id) === 0);
    const begun = new Set<string>();
    let next = 0;
    let running = 0;
    let stopAll = false;

    const advance = (): void => {
      while (running < options.concurrency && next < ready.length && !stopAll && !options.stopped()) {
        const id = ready[next++];
        if (id === undefined) break;
        begun.add(id);
        running++;
        visit(id).then((outcome) => settle(id, outcome), reject);
      }
      if (running === 0) resolve(graph.order.filter((id) => !begun.has(id)));
    };

    const settle = (id: string, outcome: Visit): void => {
      running--;
      if (outcome === "stop-all") stopAll = true;
      if (outcome === "done") {
        for (const dependent of graph.dependents.get(id) ?? []) {
          const left = (open.get(dependent) ?? 0) - 1;
          open.set(dependent, left);
          if (left === 0) ready.push(dependent);
        }
      }
      advance();
    };

    advance();
  });
