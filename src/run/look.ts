/** Looks at one thing, with retries, and can wait until no operation runs on it any more. */
import type { StepContext } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import type { Ref } from "../step/ref.ts";
import type { Busy, Observation, Step } from "../step/step.ts";
import { type Perseverance, persevere } from "./persevere.ts";
import { report } from "./report.ts";
import type { RunWorld } from "./world.ts";

export interface Looking {
  readonly world: RunWorld;
  readonly context: StepContext;
  readonly step: Step;
  readonly ref: Ref;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Retry options for one step: every wait is told, every wait ends at the deadline. */
export const perseverance = (world: RunWorld, step: string, deadline: number): Perseverance => ({
  clock: world.clock,
  signal: world.signal,
  random: world.random,
  deadline,
  interval: world.environment.pollInterval,
  onRetry: (delay, failure) => {
    // A thing that is merely busy has been told as an operation already.
    if (failure.kind !== "busy") world.emit({ kind: "retrying", step, delay, failure: report(failure) });
  },
});

const perseveranceOf = (looking: Looking): Perseverance =>
  perseverance(looking.world, looking.context.owner.step, looking.deadline);

export const look = (looking: Looking): Promise<Observation> =>
  persevere(() => looking.step.observe(looking.context, looking.ref), perseveranceOf(looking));

/** Joins an operation that is running, whoever began it, and answers what is there when it has ended. */
export const lookWhenIdle = (looking: Looking): Promise<Exclude<Observation, Busy>> => {
  let told = "";
  return persevere(async () => {
    const observation = await looking.step.observe(looking.context, looking.ref);
    if (observation.state !== "busy") return observation;
    if (told !== observation.operation) {
      told = observation.operation;
      looking.context.report({
        kind: "operation",
        operation: observation.operation,
        joined: true,
        since: observation.since,
      });
    }
    throw new Failure({
      kind: "busy",
      code: "P0522",
      message: `an operation is still running: ${observation.operation}`,
      resource: looking.ref.id,
      hint: "run the same command again: it joins the operation",
    });
  }, perseveranceOf(looking));
};
