/**
 * One step of the pipeline, resolved as far as is known: is it switched on, what is its input, where does its
 * thing live. Pure; used by planning and running alike.
 */
import { type EvaluationScope, evaluate } from "../language/evaluate.ts";
import type { Pipeline, PipelineStep } from "../language/pipeline.ts";
import { isValue, type Origin, type Value } from "../language/value.ts";
import type { Ref, Site } from "../step/ref.ts";
import type { Scalar } from "../step/shape.ts";
import type { Step } from "../step/step.ts";
import type { PlanProblem } from "./plan.ts";
import { type Attempt, attempt, originsIn, view } from "./view.ts";

/** All that planning needs besides observations. */
export interface Setting {
  readonly pipeline: Pipeline;
  /** The loaded step of every `uses` in the pipeline. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly inputs: ReadonlyMap<string, Scalar>;
  /** A Secret, or a hole where nobody has it yet (offline). */
  readonly secret: (name: string) => Value;
  readonly site: Site;
}

export interface ResolvedStep {
  readonly id: string;
  readonly declaration: PipelineStep;
  readonly step: Step;
  /** False where `if` says so: the thing is left as it is. */
  readonly enabled: boolean;
  /** With holes in it, or, once all is known, as zod has parsed it. */
  readonly input: Value;
  /** True where no hole is left in `input`. */
  readonly complete: boolean;
  readonly ref: Ref | undefined;
  /** What the place waits for, where `ref` is undefined. */
  readonly waitsFor: readonly Origin[];
  readonly problems: readonly PlanProblem[];
}

export const scopeOf = (setting: Setting, outputs: (step: string) => Value | undefined): EvaluationScope => ({
  inputs: setting.inputs,
  secrets: setting.secret,
  outputs,
  name: setting.pipeline.name,
  instance: setting.site.instance,
});

export const resolveStep = (
  setting: Setting,
  declaration: PipelineStep,
  outputs: (step: string) => Value | undefined,
): ResolvedStep => {
  const step = setting.steps.get(declaration.uses);
  if (!step) throw new Error(`step type ${declaration.uses} was checked but not loaded`);
  const scope = scopeOf(setting, outputs);
  const enabled = declaration.if === undefined || evaluate(declaration.if, scope) === true;
  const evaluated = evaluate(declaration.with, scope);
  const complete = originsIn(evaluated).length === 0;
  const parsed = complete ? parseInput(step, evaluated, declaration) : { input: evaluated, problems: [] };
  const place = parsed.problems.length > 0 ? undefined : locate(step, parsed.input, setting.site, enabled);
  return {
    id: declaration.id,
    declaration,
    step,
    enabled,
    input: parsed.input,
    complete: complete && parsed.problems.length === 0,
    ref: place?.known ? place.value : undefined,
    waitsFor: place && !place.known ? place.origins : [],
    problems: parsed.problems,
  };
};

/**
 * A step that is switched off is located all the same, so that what it made earlier is no orphan; where it reads
 * from a step that is off too, it finds null there and has no place.
 */
const locate = (step: Step, input: Value, site: Site, enabled: boolean): Attempt<Ref> => {
  try {
    return attempt(() => step.locate(view(input), site));
  } catch (error) {
    if (enabled) throw error;
    return { known: false, origins: [] };
  }
};

/** The step's own schema has the last word on an input, and drops what it does not know from a handle. */
const parseInput = (
  step: Step,
  input: Value,
  declaration: PipelineStep,
): { readonly input: Value; readonly problems: readonly PlanProblem[] } => {
  const result = step.input.safeParse(input);
  if (result.success) {
    if (!isValue(result.data)) throw new Error(`the input schema of ${step.type} makes more than plain data`);
    return { input: result.data, problems: [] };
  }
  const problems = result.error.issues.map((issue) => ({
    code: "P0401",
    message: `${[declaration.id, "with", ...issue.path.map(String)].join(".")}: ${issue.message}`,
    hint: `see \`provision steps ${declaration.uses}\``,
  }));
  return { input, problems };
};
