/** Finds what carries this pipeline's marks and that no step names any more, and prunes it when told to. */
import type { Orphan } from "../plan/plan.ts";
import type { Failure } from "../step/failure.ts";
import { type Owner, type Ref, refKey, type Scope } from "../step/ref.ts";
import type { Step } from "../step/step.ts";
import { createContext } from "./context.ts";
import { destroyThing } from "./destroy-thing.ts";
import type { Holds } from "./holds.ts";
import { perseverance } from "./look.ts";
import { asFailure, persevere } from "./persevere.ts";
import { report } from "./report.ts";
import type { RunWorld } from "./world.ts";

/** What `locate` cannot know: clusters to look into are those of the plan that are there. */
export interface Search {
  readonly scope: Scope;
  readonly clusters: readonly Ref[];
  /** What is no orphan: places that steps of the pipeline name. */
  readonly located: readonly Ref[];
  readonly prune: boolean;
  /** Names of the families that the pipeline's own steps are of. */
  readonly families: ReadonlySet<string>;
}

/** Milliseconds for one family's search. */
const searchTimeout = 60_000;

/** A family that can't be asked is a warning: not finding orphans spoils no plan. */
export const findOrphans = async (
  world: RunWorld,
  holds: Holds,
  search: Search,
): Promise<readonly Orphan[]> => {
  const known = new Set(search.located.map(refKey));
  const families = await world.families();
  const found = await Promise.all(
    families.map(async (family) => {
      const owner: Owner = { ...search.scope, step: `(${family.name})` };
      const place: Ref = { type: "", version: 1, id: family.name };
      const context = createContext({ world, owner, ref: place, holds, dies: () => false });
      try {
        return await persevere(
          () => family.discover(context, search.scope, search.clusters),
          perseverance(world, owner.step, world.clock.now() + searchTimeout),
        );
      } catch (error) {
        const failure = asFailure(error, world.signal);
        if (failure.kind === "cancelled") throw failure;
        // Whoever works on a cluster alone needs no login anywhere else, and is not told so at every run.
        if (failure.kind === "unauthenticated" && !search.families.has(family.name)) return [];
        world.emit({
          kind: "warning",
          code: "P0530",
          message: `could not look for orphans (${family.name}): ${failure.message}`,
          hint: failure.hint,
        });
        return [];
      }
    }),
  );
  const orphans = new Map<string, Orphan>();
  for (const { ref, owner } of found.flat()) {
    const key = refKey(ref);
    if (!known.has(key)) orphans.set(key, { ref, step: owner.step, prune: search.prune });
  }
  return [...orphans.values()].sort(deepestFirst);
};

/** What lives in something goes before it; ARM ids of children are longer than their parents'. */
const deepestFirst = (a: Orphan, b: Orphan): number =>
  depth(b.ref) - depth(a.ref) || b.ref.id.length - a.ref.id.length;

const depth = (ref: Ref): number => (ref.within ? 1 + depth(ref.within) : 0);

export interface Pruned {
  readonly done: readonly string[];
  readonly failures: readonly { readonly orphan: Orphan; readonly failure: Failure }[];
}

/**
 * Orphans have no references that would order them: what one pass can't remove because another still uses it is
 * tried again in the next, as long as a pass gets something done.
 */
export const pruneOrphans = async (
  world: RunWorld,
  holds: Holds,
  scope: Scope,
  orphans: readonly Orphan[],
  load: (type: string) => Promise<Step>,
): Promise<Pruned> => {
  const done: string[] = [];
  let left = orphans.filter((orphan) => orphan.prune);
  for (;;) {
    const failures: { orphan: Orphan; failure: Failure }[] = [];
    for (const orphan of left) {
      if (world.stopping()) break;
      const started = world.clock.now();
      world.emit({ kind: "step-started", step: orphan.step, action: "delete", ref: orphan.ref });
      try {
        const step = await load(orphan.ref.type);
        const owner: Owner = { ...scope, step: orphan.step };
        const context = createContext({ world, owner, ref: orphan.ref, holds, dies: () => false });
        await destroyThing({ world, holds, context, step, ref: orphan.ref, scope, marked: true });
        done.push(orphan.step);
        world.emit({
          kind: "step-done",
          step: orphan.step,
          action: "delete",
          took: world.clock.now() - started,
        });
      } catch (error) {
        failures.push({ orphan, failure: asFailure(error, world.signal) });
      }
    }
    if (failures.length === 0 || failures.length === left.length || world.stopping()) {
      for (const { orphan, failure } of failures) {
        world.emit({ kind: "step-failed", step: orphan.step, failure: report(failure), took: 0 });
      }
      return { done, failures };
    }
    left = failures.map(({ orphan }) => orphan);
  }
};
