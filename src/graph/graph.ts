/**
 * The dependency graph of a pipeline: order, reverse order, and the path that bounds how fast a run can be.
 * Pure; a pipeline that reaches here has no cycle (the language has refused those).
 */

export interface Graph {
  /** Every step, each after all that it depends on; ties in the order of the file. */
  readonly order: readonly string[];
  /** What a step depends on. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** What depends on a step. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** Edges to ids that are not in the map (a step that is switched off and left out) are dropped. */
export const buildGraph = (edges: ReadonlyMap<string, Iterable<string>>): Graph => {
  const dependencies = new Map<string, readonly string[]>();
  const dependents = new Map<string, string[]>();
  for (const id of edges.keys()) dependents.set(id, []);
  for (const [id, wanted] of edges) {
    const known = [...new Set(wanted)].filter((dependency) => edges.has(dependency));
    dependencies.set(id, known);
    for (const dependency of known) dependents.get(dependency)?.push(id);
  }
  return { order: topologicalOrder(dependencies, dependents), dependencies, dependents };
};

const topologicalOrder = (
  dependencies: ReadonlyMap<string, readonly string[]>,
  dependents: ReadonlyMap<string, readonly string[]>,
): string[] => {
  const open = new Map<string, number>();
  for (const [id, of] of dependencies) open.set(id, of.length);
  const order = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (let next = 0; next < order.length; next++) {
    const id = order[next];
    if (id === undefined) break;
    for (const dependent of dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      open.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
};

/** The graph with every edge turned round: the order of destruction. */
export const reverse = (graph: Graph): Graph => ({
  order: graph.order.toReversed(),
  dependencies: graph.dependents,
  dependents: graph.dependencies,
});

export interface CriticalPath {
  /** Sum of the durations along the path, in the unit of the durations. */
  readonly length: number;
  readonly steps: readonly string[];
}

/** The longest path by duration: no run can be shorter. Steps without a duration count as 0. */
export const criticalPath = (graph: Graph, durations: ReadonlyMap<string, number>): CriticalPath => {
  const end = new Map<string, number>();
  const before = new Map<string, string>();
  let last: string | undefined;
  for (const id of graph.order) {
    let start = 0;
    for (const dependency of graph.dependencies.get(id) ?? []) {
      const ready = end.get(dependency) ?? 0;
      if (ready > start || !before.has(id)) before.set(id, dependency);
      start = Math.max(start, ready);
    }
    end.set(id, start + (durations.get(id) ?? 0));
    if (last === undefined || (end.get(id) ?? 0) > (end.get(last) ?? 0)) last = id;
  }
  const steps: string[] = [];
  for (let id = last; id !== undefined; id = before.get(id)) steps.unshift(id);
  return { length: last === undefined ? 0 : (end.get(last) ?? 0), steps };
};
