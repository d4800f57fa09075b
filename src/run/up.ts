/** Carries a Plan out: steps start as soon as their inputs are there; the first failure stops new ones. */
import { reverse } from "../graph/graph.ts";
import type { Value } from "../language/value.ts";
import { hasChanges, type Plan, type PlannedStep, type Shown } from "../plan/plan.ts";
import { pipelineOutputs } from "../plan/planner.ts";
import type { Failure } from "../step/failure.ts";
import { livesIn, type Ref } from "../step/ref.ts";
import { carryOut } from "./carry-out.ts";
import { createContext } from "./context.ts";
import { destroyThing } from "./destroy-thing.ts";
import type { Event } from "./event.ts";
import { createHolds, type Holds } from "./holds.ts";
import { pruneOrphans } from "./orphans.ts";
import { asFailure } from "./persevere.ts";
import type { Prepared, Request } from "./prepare.ts";
import { report } from "./report.ts";
import { NotReady } from "./verify.ts";
import { type Visit, walk } from "./walk.ts";
import type { RunWorld } from "./world.ts";

export interface RunResult {
  readonly outcome: "done" | "failed" | "cancelled";
  readonly done: readonly string[];
  readonly failures: readonly { readonly step: string; readonly failure: Failure }[];
  readonly notDone: readonly string[];
  /** The pipeline's outputs as far as they are known now; secrets only as such. */
  readonly outputs: Readonly<Record<string, Shown>>;
  /** Real outputs of every step that was done. May hold Secrets. */
  readonly values: ReadonlyMap<string, Value>;
}

export const up = async (world: RunWorld, request: Request, prepared: Prepared): Promise<RunResult> => {
  const { setting, graph } = request;
  const { plan, observed } = prepared;
  const writes = hasChanges(plan);
  const holds = createHolds(world, writes ? prepared.clusters : []);
  const planned = new Map(plan.steps.map((step) => [step.id, step]));
  const values = new Map<string, Value>();
  const progress = begin(world, "up", plan);

  const beforeReplacing = async (ref: Ref): Promise<void> => {
    for (const id of reverse(graph).order) {
      const seen = observed.get(id);
      const child = seen?.resolved.ref;
      if (!child || !seen.resolved.step.outlivesParent || !livesIn(child, ref)) continue;
      await removeThing(world, holds, request, id, child, seen.resolved.step);
    }
  };

  const notDone = await walk(
    graph,
    (id) =>
      progress.step(planned.get(id), async (step) => {
        const seen = observed.get(id);
        if (!seen) throw new Error(`step ${id} was planned without a look`);
        const outputs = (of: string): Value | undefined => values.get(of);
        const result = await carryOut({
          world,
          setting,
          holds,
          writes,
          planned: step,
          observed: seen,
          outputs,
          beforeReplacing,
        });
        if (result.outputs !== undefined) values.set(id, result.outputs);
        return result;
      }),
    { concurrency: world.concurrency, stopped: world.stopping },
  );
  const prunes =
    plan.orphans.some((orphan) => orphan.prune) && progress.failures.length === 0 && notDone.length === 0;
  const pruned = prunes
    ? await pruneOrphans(world, holds, plan.scope, plan.orphans, request.load)
    : undefined;
  await holds.release();
  for (const { orphan, failure } of pruned?.failures ?? [])
    progress.failures.push({ step: orphan.step, failure });
  const outputs =
    notDone.length === 0 && progress.failures.length === 0
      ? pipelineOutputs(setting, (id) => values.get(id))
      : {};
  return progress.end(notDone, outputs, values);
};

/** Removes one thing of a step, with its own context. */
export const removeThing = async (
  world: RunWorld,
  holds: Holds,
  { setting }: Request,
  id: string,
  ref: Ref,
  step: Parameters<typeof destroyThing>[0]["step"],
  dies: (ref: Ref) => boolean = () => false,
): Promise<void> => {
  const scope = { pipeline: setting.site.pipeline, instance: setting.site.instance };
  const context = createContext({ world, owner: { ...scope, step: id }, ref, holds, dies });
  const timeout = setting.pipeline.steps.get(id)?.timeout;
  await destroyThing({ world, holds, context, step, ref, scope, timeout });
};

/** Bookkeeping that every command shares: events around each step, and what came of it all. */
export const begin = (world: RunWorld, command: "up" | "destroy" | "status", plan: Pick<Plan, "steps">) => {
  const started = world.clock.now();
  const done: string[] = [];
  const failures: { step: string; failure: Failure }[] = [];
  world.emit({
    kind: "run-started",
    command,
    steps: plan.steps.map(({ id, type, action, after }) => ({ id, type, action, after })),
  });
  return {
    failures,
    /** Visits one step: never throws, says what may follow. */
    step: async (
      planned: PlannedStep | undefined,
      work: (
        planned: PlannedStep,
      ) => Promise<Pick<Extract<Event, { kind: "step-done" }>, "action" | "detail" | "verified">>,
    ): Promise<Visit> => {
      if (!planned) throw new Error("a step is in the graph and not in the plan");
      const begun = world.clock.now();
      // `status` says what `up` would do with a step, and does none of it.
      const action = command === "status" ? "read" : planned.action;
      world.emit({ kind: "step-started", step: planned.id, action, ref: planned.ref });
      try {
        const { action: did, detail, verified } = await work(planned);
        done.push(planned.id);
        const took = world.clock.now() - begun;
        world.emit({ kind: "step-done", step: planned.id, action: did, detail, verified, took });
        return "done";
      } catch (error) {
        const failure = asFailure(error, world.signal);
        failures.push({ step: planned.id, failure });
        world.emit({
          kind: "step-failed",
          step: planned.id,
          failure: report(failure),
          took: world.clock.now() - begun,
        });
        return failure instanceof NotReady && failure.needsPerson ? "stop-dependents" : "stop-all";
      }
    },
    end: (
      notBegun: readonly string[],
      outputs: Readonly<Record<string, Shown>>,
      values: ReadonlyMap<string, Value>,
    ): RunResult => {
      const because = failures[0]?.step ?? "the run was cancelled";
      for (const step of notBegun) world.emit({ kind: "step-skipped", step, because });
      const cancelled = world.stopping() || failures.some(({ failure }) => failure.kind === "cancelled");
      const outcome = cancelled ? "cancelled" : failures.length > 0 ? "failed" : "done";
      world.emit({
        kind: "run-ended",
        outcome,
        done,
        failed: failures.map(({ step }) => step),
        notDone: notBegun,
        took: world.clock.now() - started,
        outputs,
      });
      return { outcome, done, failures, notDone: notBegun, outputs, values };
    },
  };
};
