/**
 * Looks at the world for a plan: each step's thing as soon as what it depends on has been looked at, many at the
 * same time. The judging is the planner's; this file only asks and waits.
 */
import type { Graph } from "../graph/graph.ts";
import type { Planner } from "../plan/planner.ts";
import type { ResolvedStep, Setting } from "../plan/resolve.ts";
import { Failure } from "../step/failure.ts";
import type { Observation } from "../step/step.ts";
import { createContext } from "./context.ts";
import { createHolds } from "./holds.ts";
import { look, lookWhenIdle } from "./look.ts";
import { asFailure } from "./persevere.ts";
import { report } from "./report.ts";
import { walk } from "./walk.ts";
import type { RunWorld } from "./world.ts";

/** Milliseconds that one look may take, retries included, where nothing else bounds it. */
const lookTimeout = 5 * 60_000;

export interface Observed {
  readonly resolved: ResolvedStep;
  readonly observation: Observation | undefined;
}

/**
 * `join`: wait for running operations to end (`up`, `destroy`), instead of planning around them (`plan`).
 * Throws the first Failure; every step that failed has been told as an event.
 */
export const observeAll = async (
  world: RunWorld,
  setting: Setting,
  graph: Graph,
  planner: Planner,
  join: boolean,
): Promise<ReadonlyMap<string, Observed>> => {
  world.emit({ kind: "observing", steps: graph.order.length });
  const observed = new Map<string, Observed>();
  const failures: Failure[] = [];
  const holds = createHolds(world, []);

  const visit = async (id: string) => {
    const { resolved, look: advice } = planner.resolve(id);
    const observation =
      advice === "observe" ? await observeOne(resolved) : advice === "absent" ? absent : undefined;
    planner.settle(id, observation);
    observed.set(id, { resolved, observation });
    if (observation) world.emit({ kind: "observed", step: id, state: observation.state });
  };

  const observeOne = (resolved: ResolvedStep): Promise<Observation> => {
    const { step, ref, declaration } = resolved;
    if (!ref) throw new Error(`step ${resolved.id} has no place to look at`);
    const started = world.clock.now();
    const timeout = join ? (declaration.timeout ?? step.timeout ?? defaultTimeout) : lookTimeout;
    const owner = { pipeline: setting.site.pipeline, instance: setting.site.instance, step: resolved.id };
    const context = createContext({ world, owner, ref, holds, dies: () => false });
    return (join ? lookWhenIdle : look)({ world, context, step, ref, deadline: started + timeout });
  };

  await walk(
    graph,
    async (id) => {
      const started = world.clock.now();
      try {
        await visit(id);
        return "done";
      } catch (error) {
        const failure = asFailure(error, world.signal);
        failures.push(failure);
        world.emit({
          kind: "step-failed",
          step: id,
          failure: report(failure),
          took: world.clock.now() - started,
        });
        return "stop-all";
      }
    },
    { concurrency: world.concurrency, stopped: world.stopping },
  );
  if (failures[0]) throw failures[0];
  if (observed.size < graph.order.length)
    throw new Failure({ kind: "cancelled", code: "P0520", message: "cancelled" });
  return observed;
};

const absent: Observation = { state: "absent" };

/** Milliseconds for a step where neither it nor the pipeline says otherwise. */
export const defaultTimeout = 20 * 60_000;
