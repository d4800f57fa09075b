/** What a step's outputs will be, as far as is known before it runs. Pure. */
import { Hole, type Value } from "../language/value.ts";
import type { Observation } from "../step/step.ts";
import type { Action } from "./plan.ts";
import type { ResolvedStep } from "./resolve.ts";
import { attempt, view } from "./view.ts";

/**
 * Outputs of a thing that stays are those observed, but for the ones that its update may change. Outputs of a
 * thing to be made are those that follow for certain; the rest are holes that wait for this step.
 */
export const plannedOutputs = (
  resolved: ResolvedStep,
  action: Action,
  observation: Observation | undefined,
): Value => {
  const volatile: readonly string[] = resolved.step.volatile ?? [];
  const { properties } = resolved.declaration.manifest.output;
  const stays = observation?.state === "present" && action !== "replace" && action !== "create";
  const observed = stays ? observation.output : {};
  const outputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(properties)) {
    const secret = property.shape.kind === "secret";
    if (property.shape.kind === "literal") outputs[name] = property.shape.value;
    else if (stays && !(action === "update" && volatile.includes(name))) {
      const value = observed[name];
      if (value !== undefined) outputs[name] = value;
    } else outputs[name] = predicted(resolved, name) ?? waiting(resolved.id, name, secret);
  }
  return outputs;
};

const predicted = (resolved: ResolvedStep, name: string): Value | undefined => {
  const { ref, input, step } = resolved;
  const predict = step.predict[name];
  if (!ref || !predict) return undefined;
  const result = attempt(() => predict(view(input), ref));
  return result.known ? result.value : new Hole(result.origins, false);
};

const waiting = (step: string, output: string, secret: boolean): Hole =>
  new Hole([{ kind: "step", step, output }], secret);
