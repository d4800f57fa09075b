/** The steps of a graph for drawing: without the arrows that others already say, and in levels. Pure. */

export interface DrawnStep {
  readonly id: string;
  readonly type: string;
  readonly after: readonly string[];
}

/**
 * Leaves out what follows from the rest: where `c` waits for `b` and `b` for `a`, that `c` waits for `a`. Takes
 * steps in the order of the graph.
 */
export const reduced = (steps: readonly DrawnStep[]): readonly DrawnStep[] => {
  const above = new Map<string, ReadonlySet<string>>();
  return steps.map((step) => {
    const known = step.after.filter((id) => above.has(id));
    const implied = new Set(known.flatMap((id) => [...(above.get(id) ?? [])]));
    above.set(step.id, new Set([...known, ...implied]));
    return { ...step, after: known.filter((id) => !implied.has(id)) };
  });
};

/** Steps that may run at the same time share a level. Takes steps in the order of the graph. */
export const levels = (steps: readonly DrawnStep[]): readonly (readonly DrawnStep[])[] => {
  const depths = new Map<string, number>();
  const found: DrawnStep[][] = [];
  for (const step of steps) {
    const depth = Math.max(0, ...step.after.map((id) => (depths.get(id) ?? -1) + 1));
    depths.set(step.id, depth);
    let level = found[depth];
    if (!level) {
      level = [];
      found[depth] = level;
    }
    level.push(step);
  }
  return found;
};
