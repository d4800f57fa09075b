/**
 * Destroys what a plan says, against the order of creation; what dies with its cluster is left to that. Orphans go last,
 * but for those in such a cluster that have effects elsewhere: they go first.
 */
import { reverse } from "../graph/graph.ts";
import type { Orphan } from "../plan/plan.ts";
import { livesIn, type Ref } from "../step/ref.ts";
import { clusterOf, createHolds } from "./holds.ts";
import { pruneOrphans } from "./orphans.ts";
import type { Prepared, Request } from "./prepare.ts";
import { begin, type RunResult, removeThing } from "./up.ts";
import { walk } from "./walk.ts";
import type { RunWorld } from "./world.ts";

export const destroy = async (world: RunWorld, request: Request, prepared: Prepared): Promise<RunResult> => {
  const { plan, observed } = prepared;
  const holds = createHolds(
    world,
    plan.steps.some((step) => step.action === "delete") ? prepared.clusters : [],
  );
  const planned = new Map(plan.steps.map((step) => [step.id, step]));
  const doomed = plan.steps.flatMap((step) => (step.action === "delete" && step.ref ? [step.ref] : []));
  /** True for a cluster, or anything in it, that goes in this run. */
  const dies = (ref: Ref): boolean => {
    const cluster = clusterOf(ref);
    return (
      cluster !== undefined &&
      doomed.some((other) => livesIn({ type: "", version: 1, id: "", within: cluster }, other))
    );
  };
  const progress = begin(world, "destroy", plan);
  const prune = async (orphans: readonly Orphan[]): Promise<void> => {
    const { failures } = await pruneOrphans(world, holds, plan.scope, orphans, request.load);
    for (const { orphan, failure } of failures) progress.failures.push({ step: orphan.step, failure });
  };
  const dying = plan.orphans.filter(({ ref }) => ref.within && dies(ref));
  const outliving = await Promise.all(dying.map(({ ref }) => outlives(ref, request)));
  await prune(dying.filter((_, index) => outliving[index]));
  const effectsStay = progress.failures.length > 0;
  const notDone = await walk(
    reverse(request.graph),
    (id) =>
      progress.step(planned.get(id), async ({ action, ref, notes }) => {
        const step = observed.get(id)?.resolved.step;
        if (action !== "delete" || !ref || !step) return { action, detail: notes[0] };
        if (ref.within && dies(ref) && !step.outlivesParent)
          return { action, detail: "goes with its cluster" };
        await removeThing(world, holds, request, id, ref, step, dies);
        return { action };
      }),
    { concurrency: world.concurrency, stopped: () => world.stopping() || effectsStay },
  );
  const clean = progress.failures.length === 0 && notDone.length === 0;
  if (clean) await prune(plan.orphans.filter((orphan) => !dying.includes(orphan)));
  await holds.release();
  return progress.end(notDone, {}, new Map());
};

/** A type that this version knows no step of can't be removed by itself anyway: it goes with what it lives in. */
const outlives = async ({ type }: Ref, { load }: Request): Promise<boolean> => {
  try {
    return (await load(type)).outlivesParent ?? false;
  } catch {
    return false;
  }
};
