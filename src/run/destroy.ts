/** Destroys what a plan says, against the order of creation; what dies with its cluster is left to that. */
import { reverse } from "../graph/graph.ts";
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
    { concurrency: world.concurrency, stopped: world.stopping },
  );
  const clean = progress.failures.length === 0 && notDone.length === 0;
  const pruned = clean ? await pruneOrphans(world, holds, plan.scope, plan.orphans, request.load) : undefined;
  for (const { orphan, failure } of pruned?.failures ?? [])
    progress.failures.push({ step: orphan.step, failure });
  await holds.release();
  return progress.end(notDone, {}, new Map());
};
