/** Drift and health: what differs from the pipeline, and whether what is there works. Writes nothing. */
import type { PlannedStep } from "../plan/plan.ts";
import { createContext } from "./context.ts";
import { createHolds } from "./holds.ts";
import type { Prepared, Request } from "./prepare.ts";
import { begin, type RunResult } from "./up.ts";
import { verifyThing } from "./verify.ts";
import { walk } from "./walk.ts";
import type { RunWorld } from "./world.ts";

export interface Status extends RunResult {
  /** Steps that `up` would change. */
  readonly drift: readonly PlannedStep[];
  /** Ids of steps whose things are there, and could not be verified: what they read from a step that differs is open. */
  readonly unverified: readonly string[];
}

export const status = async (world: RunWorld, request: Request, prepared: Prepared): Promise<Status> => {
  const { plan, observed } = prepared;
  const planned = new Map(plan.steps.map((step) => [step.id, step]));
  const holds = createHolds(world, []);
  const unverified: string[] = [];
  const progress = begin(world, "status", plan);
  const notDone = await walk(
    request.graph,
    async (id) => {
      await progress.step(planned.get(id), async (step) => {
        const seen = observed.get(id);
        if (seen?.observation?.state !== "present" || !seen.resolved.complete || !step.ref) {
          if (seen?.observation?.state === "present") unverified.push(id);
          const detail = step.action === "create" ? "not there" : (step.notes[0] ?? "not verified");
          return { action: step.action, detail, verified: false };
        }
        const { resolved } = seen;
        const owner = { ...plan.scope, step: id };
        const context = createContext({ world, owner, ref: step.ref, holds, dies: () => false });
        const deadline = world.clock.now() + verifyTimeout;
        const looking = { world, context, step: resolved.step, ref: step.ref, deadline };
        return { action: step.action, detail: await verifyThing(looking, resolved.input, false) };
      });
      return "done";
    },
    { concurrency: world.concurrency, stopped: world.stopping },
  );
  const drift = plan.steps.filter((step) => !["none", "read", "leave"].includes(step.action));
  return { ...progress.end(notDone, plan.outputs, new Map()), drift, unverified };
};

/** Milliseconds for one verification, retries of passing faults included. */
const verifyTimeout = 60_000;
