/** Circles in what steps need of each other, found in time linear in the references. */
import type { Location, RelatedLocation } from "./diagnostic.ts";

export type Dependencies = ReadonlyMap<string, ReadonlyMap<string, readonly Location[]>>;

export interface Cycle {
  /** In the order of needing: each needs the next one, and the last needs the first. */
  readonly steps: readonly string[];
  readonly edges: readonly RelatedLocation[];
}

/** Circles that share no step: breaking them all may bring out others through the same steps. */
export const findCycles = (dependencies: Dependencies): readonly Cycle[] => {
  const remaining = withoutAcyclic(dependencies);
  const cycles: Cycle[] = [];
  const finished = new Set<string>();
  for (const start of remaining) {
    const path: string[] = [];
    const places = new Map<string, number>();
    // Every remaining step needs one that remains, so the walk ends where it meets itself or what is finished.
    let current: string | undefined = start;
    while (current !== undefined && !finished.has(current) && !places.has(current)) {
      places.set(current, path.length);
      path.push(current);
      current = next(dependencies, current, remaining, finished);
    }
    if (current !== undefined && places.has(current))
      cycles.push(cycleOf(path.slice(places.get(current)), dependencies));
    for (const step of path) finished.add(step);
  }
  return cycles;
};

/** What stays after taking away, again and again, the steps that need nothing that is left. */
const withoutAcyclic = (dependencies: Dependencies): ReadonlySet<string> => {
  const users = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [step, needs] of dependencies) {
    let count = 0;
    for (const needed of needs.keys()) {
      if (!dependencies.has(needed)) continue;
      count++;
      const known = users.get(needed);
      if (known) known.push(step);
      else users.set(needed, [step]);
    }
    open.set(step, count);
  }
  const ready = [...open].filter(([, count]) => count === 0).map(([step]) => step);
  for (let step = ready.pop(); step !== undefined; step = ready.pop()) {
    open.delete(step);
    for (const user of users.get(step) ?? []) {
      const count = (open.get(user) ?? 0) - 1;
      open.set(user, count);
      if (count === 0) ready.push(user);
    }
  }
  return new Set(open.keys());
};

const next = (
  dependencies: Dependencies,
  step: string,
  remaining: ReadonlySet<string>,
  finished: ReadonlySet<string>,
): string | undefined => {
  for (const needed of dependencies.get(step)?.keys() ?? [])
    if (remaining.has(needed) && !finished.has(needed)) return needed;
  return undefined;
};

const cycleOf = (steps: readonly string[], dependencies: Dependencies): Cycle => ({
  steps,
  edges: steps.flatMap((step, index) => {
    const needed = steps[(index + 1) % steps.length] ?? step;
    return (dependencies.get(step)?.get(needed) ?? [])
      .slice(0, 1)
      .map((location) => ({ message: `\`${step}\` needs \`${needed}\` here.`, location }));
  }),
});
