/**
 * Carries one step of an `up` out: its real input, one more look, `apply` where something differs, `verify` always.
 * An action that turned into a worse one since the plan was shown stops the step.
 */
import type { Value } from "../language/value.ts";
import type { Action, PlannedStep } from "../plan/plan.ts";
import { type ResolvedStep, resolveStep, type Setting } from "../plan/resolve.ts";
import { settleUp } from "../plan/settle.ts";
import { Failure } from "../step/failure.ts";
import type { Owner, Ref } from "../step/ref.ts";
import type { Absent, Outputs, Present } from "../step/step.ts";
import { createContext } from "./context.ts";
import { destroyThing } from "./destroy-thing.ts";
import type { Holds } from "./holds.ts";
import { type Looking, lookWhenIdle, perseverance } from "./look.ts";
import { defaultTimeout, type Observed } from "./observe.ts";
import { persevere } from "./persevere.ts";
import { verifyThing } from "./verify.ts";
import type { RunWorld } from "./world.ts";

export interface CarriedOut {
  readonly action: Action;
  readonly outputs: Value | undefined;
  readonly detail: string | undefined;
}

export interface Carrying {
  readonly world: RunWorld;
  readonly setting: Setting;
  readonly holds: Holds;
  /** Whether the plan has anything to write. */
  readonly writes: boolean;
  readonly planned: PlannedStep;
  /** What planning saw, which stands as long as neither the step's input nor another run has changed it since. */
  readonly observed: Observed;
  /** Real outputs of what was carried out already; undefined for a step that is switched off. */
  readonly outputs: (step: string) => Value | undefined;
  /** Things inside `ref` with effects elsewhere, removed before `ref` is replaced. */
  readonly beforeReplacing: (ref: Ref) => Promise<void>;
}

export const carryOut = async (carrying: Carrying): Promise<CarriedOut> => {
  const { world, setting, holds, planned, observed } = carrying;
  if (planned.action === "leave") return { action: "leave", outputs: undefined, detail: "left as it is" };
  const resolved = resolveStep(setting, observed.resolved.declaration, carrying.outputs);
  const { step, ref, declaration } = resolved;
  const problem = resolved.problems[0];
  if (problem) throw new Failure({ kind: "rejected", ...problem });
  if (!resolved.complete || !ref) throw new Error(`step ${resolved.id} began before its inputs were known`);

  const owner: Owner = {
    pipeline: setting.site.pipeline,
    instance: setting.site.instance,
    step: resolved.id,
  };
  const context = createContext({ world, owner, ref, holds, dies: () => false });
  // A run that writes judges nothing while another one may be at work on it.
  if (carrying.writes) await context.fence();
  const deadline = world.clock.now() + (declaration.timeout ?? step.timeout ?? defaultTimeout);
  const looking: Looking = { world, context, step, ref, deadline };

  let observation = stillHolds(carrying, resolved) ?? (await lookWhenIdle(looking));
  const decided = settleUp(resolved, observation, setting.site, false);
  if (decided.problems[0]) throw new Failure({ kind: "conflict", resource: ref.id, ...decided.problems[0] });
  if (decided.action === "replace" && planned.action !== "replace") throw turnedWorse(planned, ref);
  if (decided.action === "replace") {
    await carrying.beforeReplacing(ref);
    await destroyThing({
      world,
      holds,
      context,
      step,
      ref,
      scope: setting.site,
      timeout: declaration.timeout,
    });
  }
  let { action } = decided;
  if (action === "create" || action === "update" || action === "replace") {
    const applied = await applyUntilDone(looking, resolved, setting);
    observation = applied.observation;
    if (action !== "replace") action = applied.action;
  }
  world.emit({ kind: "verifying", step: resolved.id });
  const detail = await verifyThing(looking, resolved.input, true);
  if (action !== "none") observation = await lookWhenIdle(looking);
  return { action, outputs: outputsOf(observation, ref), detail };
};

/** What planning saw is still good when the step was found as wanted, from the very same input. */
const stillHolds = (
  { planned, observed, holds }: Carrying,
  resolved: ResolvedStep,
): Absent | Present<unknown, Outputs> | undefined => {
  const { observation } = observed;
  if (planned.action !== "none" && planned.action !== "read") return undefined;
  if (holds.waited()) return undefined;
  if (observation === undefined || observation.state === "busy" || !observed.resolved.complete)
    return undefined;
  return JSON.stringify(observed.resolved.input) === JSON.stringify(resolved.input) ? observation : undefined;
};

interface Applied {
  /** `none` where another run has done it since the plan. */
  readonly action: Action;
  readonly observation: Absent | Present<unknown, Outputs>;
}

/**
 * Every try looks again first, while the Lease is held: what an earlier try, cut off half-way, or another run that was
 * waited for has brought about is not done twice.
 */
const applyUntilDone = (looking: Looking, resolved: ResolvedStep, setting: Setting): Promise<Applied> => {
  let tried: Action | undefined;
  return persevere(
    async () => {
      await looking.context.fence();
      const observation = await lookWhenIdle(looking);
      const { action, problems } = settleUp(resolved, observation, setting.site, false);
      if (action === "none") return { action: tried ?? action, observation };
      if (problems[0]) throw new Failure({ kind: "conflict", resource: looking.ref.id, ...problems[0] });
      tried ??= action;
      await looking.step.apply(looking.context, looking.ref, resolved.input, observation);
      return { action: tried, observation: await lookWhenIdle(looking) };
    },
    perseverance(looking.world, looking.context.owner.step, looking.deadline),
  );
};

const turnedWorse = (planned: PlannedStep, ref: Ref): Failure =>
  new Failure({
    kind: "conflict",
    code: "P0542",
    message: `${planned.id} was planned as ${planned.action} and would now have to be replaced`,
    hint: "something changed since the plan: run `provision plan` again and look",
    resource: ref.id,
  });

const outputsOf = (observation: Absent | Present<unknown, Outputs>, ref: Ref): Value => {
  if (observation.state === "present") return observation.output;
  throw new Failure({
    kind: "unexpected",
    code: "P0543",
    message: `${ref.id} is not there although it was just made`,
    hint: "somebody may have removed it: run the same command again",
    resource: ref.id,
  });
};
