/** A scalar of the file as a template: its expressions parsed, and the type of what it comes to. */
import type { Scalar } from "../step/shape.ts";
import type { CheckContext, Place } from "./context.ts";
import { parseExpression } from "./expression.ts";
import { infer, reportAbsent } from "./infer.ts";
import type { ExpressionTemplate, Template } from "./pipeline.ts";
import type { Absence } from "./references.ts";
import { hasExpression, type Placement, placement, type Segment, scan } from "./scan.ts";
import { describe, holdsSecret, type Inferred, kindsOf } from "./shapes.ts";
import type { Span } from "./source.ts";
import type { ScalarNode } from "./yaml-tree.ts";

/** A scalar's template with its type. */
export interface Typed {
  readonly template: Template;
  /** Undefined where an error in it is told already. */
  readonly shape: Inferred;
  /** Set for what is written out, without any expression: then its very value can be checked. */
  readonly literal?: Scalar | undefined;
  readonly isLiteral: boolean;
}

/** The template and type of a scalar. Errors in its expressions are reported. */
export const typedScalar = (node: ScalarNode, context: CheckContext, place: Place): Typed => {
  const location = context.source.locate(node);
  const { value } = node;
  if (typeof value !== "string" || !hasExpression(value))
    return {
      template: { kind: "scalar", value, location },
      shape: { kind: "literal", value },
      literal: value,
      isLiteral: true,
    };
  const segments = scan(value);
  const at = placement(context.source.text, node, value);
  const whole = wholeValue(segments);
  if (whole) {
    const found = typedExpression(whole.source, whole.sourceStart, whole, at, context, place);
    if (found.absent) reportAbsent(found.absent, context);
    return {
      template: found.template ?? { kind: "scalar", value: null, location },
      shape: found.absent ? undefined : found.shape,
      isLiteral: false,
    };
  }
  return { ...typedText(segments, at, node, context, place), isLiteral: false };
};

/** The one expression that is all of the text, but for white space, such as a block scalar's last line break. */
const wholeValue = (segments: readonly Segment[]): Extract<Segment, { kind: "expression" }> | undefined => {
  let whole: Extract<Segment, { kind: "expression" }> | undefined;
  for (const segment of segments) {
    if (segment.kind === "text" && segment.text.trim() === "") continue;
    if (segment.kind !== "expression" || whole) return undefined;
    whole = segment;
  }
  return whole;
};

const typedText = (
  segments: readonly Segment[],
  at: Placement,
  node: ScalarNode,
  context: CheckContext,
  place: Place,
): { template: Template; shape: Inferred } => {
  const location = context.source.locate(node);
  const parts: (string | ExpressionTemplate)[] = [];
  let secret = false;
  let failed = false;
  for (const segment of segments) {
    switch (segment.kind) {
      case "text":
        parts.push(segment.text);
        break;
      case "unclosed":
        failed = true;
        context.report.error(
          "P0201",
          { start: at(segment.start), end: at(segment.start + 3) },
          "The expression has no `}}`.",
          { hint: "Close it with `}}`; strings in it have single quotes, in pairs." },
        );
        break;
      case "expression": {
        const found = typedExpression(segment.source, segment.sourceStart, segment, at, context, place);
        if (found.absent) reportAbsent(found.absent, context);
        if (found.shape && !found.absent) {
          const kinds = kindsOf(found.shape);
          if (holdsSecret(found.shape) && found.shape.kind === "secret") secret = true;
          else if (
            kinds !== "any" &&
            [...kinds].some((kind) => kind === "null" || kind === "list" || kind === "object")
          ) {
            failed = true;
            context.report.error(
              "P0220",
              { start: at(segment.start), end: at(segment.end) },
              `Inside text a value must be a scalar, and this is ${describe(found.shape)}.`,
              { hint: "Take one of its properties, or use `toJSON()` or `join()`." },
            );
          }
        } else failed = true;
        if (found.template) parts.push(found.template);
      }
    }
  }
  return {
    template: { kind: "text", parts, location },
    shape: failed ? undefined : secret ? { kind: "secret" } : { kind: "string" },
  };
};

export interface TypedExpression {
  readonly template?: ExpressionTemplate | undefined;
  readonly shape: Inferred;
  readonly absent?: Absence | undefined;
}

/**
 * An expression's template and type.
 *
 * @param sourceStart Where its source begins in the scalar's value.
 * @param range Its extent there with the braces.
 */
export const typedExpression = (
  source: string,
  sourceStart: number,
  range: Span,
  at: Placement,
  context: CheckContext,
  place: Place,
): TypedExpression => {
  const spanIn = (span: Span): Span => {
    const start = at(sourceStart + span.start);
    return {
      start,
      end: Math.max(start, span.end > span.start ? at(sourceStart + span.end - 1) + 1 : start),
    };
  };
  const { expression, problem } = parseExpression(source);
  if (problem) {
    context.report.error(problem.code, spanIn(problem), problem.message, { hint: problem.hint });
    return { shape: undefined };
  }
  const location = context.source.locate({ start: at(range.start), end: at(range.end - 1) + 1 });
  return {
    template: { kind: "expression", source: source.trim(), tree: expression.tree, location },
    ...infer(expression.tree, { context, place, spanOf: (token) => spanIn(expression.spanOf(token)) }),
  };
};
