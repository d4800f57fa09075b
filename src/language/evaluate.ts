/**
 * The one evaluator, for plan and run alike. Values may hold holes and secrets: a hole makes a hole of what needs
 * it and of nothing else, and whatever a secret goes into is a secret.
 */
import { Secret } from "../step/secret.ts";
import type { Scalar } from "../step/shape.ts";
import { contentsOf, mergeHoles, reveal, secretFrom } from "./contents.ts";
import { evaluateTree } from "./evaluate-tree.ts";
import { EvaluationFailure } from "./evaluation-failure.ts";
import { textOf } from "./functions/function.ts";
import type { Template } from "./pipeline.ts";
import { Hole, type Value } from "./value.ts";

/** What names in expressions stand for. */
export interface EvaluationScope {
  readonly inputs: ReadonlyMap<string, Scalar>;
  readonly secrets: (name: string) => Value;
  /** A step's outputs, with holes where they are not known yet. Undefined: `if` switches the step off. */
  readonly outputs: (step: string) => Value | undefined;
  /** `${{ instance }}` and `${{ name }}`: of the pipeline. Absent where they are not known yet. */
  readonly instance?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * The value of a template.
 *
 * @throws EvaluationFailure, with the place of the expression.
 */
export const evaluate = (template: Template, scope: EvaluationScope): Value => {
  switch (template.kind) {
    case "scalar":
      return template.value;
    case "expression":
      return evaluateTree(template.tree, scope, template.location);
    case "list":
      return template.items.map((item) => evaluate(item, scope));
    case "map":
      return Object.fromEntries([...template.entries].map(([key, entry]) => [key, evaluate(entry, scope)]));
    case "text": {
      const values = template.parts.map((part) => {
        if (typeof part === "string") return part;
        const value = evaluate(part, scope);
        if (
          value === null ||
          (typeof value === "object" && !(value instanceof Hole || value instanceof Secret))
        )
          throw new EvaluationFailure("P0220", "A value inside text must be a scalar.", part.location);
        return value;
      });
      return combine(values, (known) => known.map(textOf).join(""));
    }
  }
};

/** A text computed from values: a hole where one of them is, else a secret where one of them is. */
const combine = (
  values: readonly Value[],
  compute: (known: readonly ReturnType<typeof reveal>[]) => string,
): Value => {
  const { holes, secrets } = contentsOf(values);
  if (holes.length > 0) return mergeHoles(holes, secrets.length > 0);
  const text = compute(values.map(reveal));
  return secrets.length > 0 ? secretFrom(text, secrets) : text;
};
