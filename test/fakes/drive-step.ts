/** Drives a step through its contract as the runner does: locate, observe, compare, apply, verify, destroy. */
import { type Comparison, compareFields } from "../../src/plan/compare.ts";
import type { StepContext } from "../../src/step/context.ts";
import type { Ref, Site } from "../../src/step/ref.ts";
import type { Observation, Outputs, Step, Verdict } from "../../src/step/step.ts";

export const testSite: Site = { pipeline: "demo", instance: "clu-demo", subscription: "sub" };

export interface DrivenStep {
  readonly ref: Ref;
  observe(): Promise<Observation>;
  /** What a plan would show: `path: before -> after`, secrets as `***`. */
  changes(): Promise<readonly string[]>;
  /** Applies where something differs, and verifies. */
  up(): Promise<Verdict>;
  destroy(): Promise<void>;
}

const shown = (comparison: Comparison): readonly string[] =>
  comparison.changes.map(({ path, before, after }) => {
    const text = (value: typeof before): string =>
      value.kind === "value"
        ? JSON.stringify(value.value)
        : value.kind === "secret"
          ? "***"
          : `(${value.kind})`;
    return `${path}: ${text(before)} -> ${text(after)}`;
  });

export const driveStep = <Output extends Outputs>(
  step: Step<unknown, Output, unknown>,
  context: StepContext,
  given: unknown,
): DrivenStep => {
  const input = step.input.parse(given);
  const ref = step.locate(input, testSite);
  const observe = () => step.observe(context, ref);
  const comparison = (observation: Observation): Comparison => {
    const actual = observation.state === "present" ? observation.actual : undefined;
    return compareFields(step.fields(input, actual), actual !== undefined);
  };
  return {
    ref,
    observe,
    changes: async () => shown(comparison(await observe())),
    up: async () => {
      const observed = await observe();
      if (observed.state !== "present" || comparison(observed).changes.length > 0) {
        await step.apply(context, ref, input, observed);
      }
      return step.verify(context, ref, input);
    },
    destroy: () => step.destroy(context, ref),
  };
};
