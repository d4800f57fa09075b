/** The type of an expression: operators and functions. What names stand for is in `references.ts`. */
import { Binary, type Expr, FunctionCall, Grouping, Literal, Logical, Unary } from "@actions/expressions/ast";
import { type Token, TokenType } from "@actions/expressions/lexer";
import type { Code } from "./codes.ts";
import type { CheckContext, Place } from "./context.ts";
import { literalValue } from "./expression.ts";
import { ArgumentError } from "./functions/function.ts";
import { findFunction, functions, whyNoFunction } from "./functions/table.ts";
import { type Absence, inferReference } from "./references.ts";
import type { Details } from "./report.ts";
import { describe, holdsSecret, type Inferred, kindsOf, narrow, unionOf } from "./shapes.ts";
import type { Span } from "./source.ts";
import { didYouMean } from "./suggest.ts";
import { edges } from "./tree.ts";

export interface InferredType {
  readonly shape: Inferred;
  /** Set where there is no value at all when the step is switched off. */
  readonly absent?: Absence | undefined;
}

/** What inference needs of its surroundings. */
export interface Surroundings {
  readonly context: CheckContext;
  readonly place: Place;
  /** Where a token stands in the file. */
  readonly spanOf: (token: Token) => Span;
}

const unknown: InferredType = { shape: undefined };
const boolean: InferredType = { shape: { kind: "boolean" } };

/** The type of the expression. Everything wrong with it is reported, and then the type is unknown. */
export const infer = (expression: Expr, around: Surroundings): InferredType => {
  if (expression instanceof Literal) return { shape: { kind: "literal", value: literalValue(expression) } };
  if (expression instanceof Grouping) return infer(expression.group, around);
  if (expression instanceof Logical) return logical(expression, around);
  if (expression instanceof Unary) {
    const { shape } = infer(expression.expr, around);
    if (shape && holdsSecret(shape)) return secretTold(around, around.spanOf(expression.operator), "`!`");
    return boolean;
  }
  if (expression instanceof Binary) return binary(expression, around);
  if (expression instanceof FunctionCall) return call(expression, around);
  return inferReference(expression, around, (key) => infer(key, around));
};

const report = (
  around: Surroundings,
  code: Code,
  span: Span,
  message: string,
  details?: Details,
): InferredType => {
  around.context.report.error(code, span, message, details);
  return unknown;
};

const secretTold = (around: Surroundings, span: Span, what: string): InferredType =>
  report(around, "P0219", span, `${what} would tell something of a secret.`, {
    hint: "Pass secrets on whole, or inside text.",
  });

const spanOfTree = (expression: Expr, around: Surroundings): Span => {
  const found = edges(expression);
  if (!found) return { start: 0, end: 0 };
  return { start: around.spanOf(found[0]).start, end: around.spanOf(found[1]).end };
};

/** A value that is there for certain: one that may be absent is told here. */
const present = (expression: Expr, around: Surroundings): Inferred => {
  const { shape, absent } = infer(expression, around);
  if (!absent) return shape;
  reportAbsent(absent, around.context);
  return undefined;
};

/** Says that a value may be absent where it must not be. */
export const reportAbsent = (absent: Absence, context: CheckContext): void => {
  const step = context.steps.get(absent.step);
  context.report.error(
    "P0213",
    absent.span,
    `The \`if\` of step \`${absent.step}\` may switch it off, and then it has no outputs.`,
    {
      hint: "Give a fallback with `||`, or put the same condition on this step.",
      related: step?.condition ? [{ message: "Its condition.", location: step.condition.location }] : [],
    },
  );
};

const logical = ({ operator, args }: Logical, around: Surroundings): InferredType => {
  const or = operator.type === TokenType.OR;
  const parts: Inferred[] = [];
  let absent: Absence | undefined;
  for (const [index, argument] of args.entries()) {
    const last = index === args.length - 1;
    const found = infer(argument, around);
    if (found.shape && !last && !or && holdsSecret(found.shape))
      return secretTold(around, spanOfTree(argument, around), "`&&`");
    if (found.absent && (last || !or)) absent = found.absent;
    if (last || !found.shape) parts.push(found.shape);
    else {
      // What stops the chain here: a true value of `||`, a false one of `&&`.
      const stops = narrow(found.shape, or);
      if (stops) parts.push(stops);
    }
  }
  const known = parts.filter((part) => part !== undefined);
  return { shape: known.length === parts.length ? unionOf(known) : undefined, absent };
};

const binary = (expression: Binary, around: Surroundings): InferredType => {
  const { left, operator, right } = expression;
  const span = around.spanOf(operator);
  const shapes = [present(left, around), present(right, around)];
  if (shapes.some((shape) => shape && holdsSecret(shape))) return secretTold(around, span, "A comparison");
  const [a, b] = shapes;
  if (!a || !b) return boolean;
  const kinds = [kindsOf(a), kindsOf(b)] as const;
  const equality = operator.type === TokenType.EQUAL_EQUAL || operator.type === TokenType.BANG_EQUAL;
  for (const [index, side] of kinds.entries()) {
    if (side === "any") continue;
    const shape = index === 0 ? a : b;
    if (!equality && !side.has("number"))
      return report(
        around,
        "P0219",
        span,
        `\`${operator.lexeme}\` compares numbers, and this is ${describe(shape)}.`,
      );
    if (equality && ![...side].some((kind) => kind !== "list" && kind !== "object"))
      return report(
        around,
        "P0219",
        span,
        `\`${operator.lexeme}\` compares scalars, and this is ${describe(shape)}.`,
        {
          hint: "Compare one of its properties.",
        },
      );
  }
  const [first, second] = kinds;
  if (equality && first !== "any" && second !== "any" && ![...first].some((kind) => second.has(kind)))
    return report(
      around,
      "P0218",
      span,
      `\`${operator.lexeme}\` compares ${describe(a)} with ${describe(b)}, which are never equal.`,
      { hint: "Both sides must be of one type; text is in single quotes." },
    );
  return boolean;
};

const call = ({ functionName, args }: FunctionCall, around: Surroundings): InferredType => {
  const span = around.spanOf(functionName);
  const name = functionName.lexeme;
  const definition = findFunction(name);
  const types = args.map((argument) => present(argument, around));
  if (!definition)
    return report(around, "P0206", span, `There is no function \`${name}\`.`, {
      hint: () =>
        whyNoFunction(name) ??
        didYouMean(
          name,
          functions.map((entry) => entry.name),
        ),
    });
  for (const [index, shape] of types.entries()) {
    const argument = args[index];
    if (!shape || !argument) continue;
    const place = spanOfTree(argument, around);
    if (holdsSecret(shape) && !definition.takesSecrets)
      return secretTold(around, place, `\`${definition.name}\``);
    const taken = definition.parameters[Math.min(index, definition.parameters.length - 1)] ?? [];
    const kinds = kindsOf(shape);
    if (kinds !== "any" && !taken.some((kind) => kinds.has(kind)))
      return report(
        around,
        "P0219",
        place,
        `\`${definition.name}\` takes ${taken.join(", ")} here, and this is ${describe(shape)}.`,
      );
  }
  const problem = definition.name === "format" ? formatProblem(args, definition.call) : undefined;
  if (problem !== undefined) return report(around, "P0219", span, `\`${definition.name}\`: ${problem}.`);
  const secret = types.some((shape) => shape && holdsSecret(shape));
  return { shape: secret ? { kind: "secret" } : definition.result };
};

/** A template that is written out is tried with blanks, so that a number without its value is told before the run. */
const formatProblem = (
  args: readonly Expr[],
  compute: (values: readonly string[]) => unknown,
): string | undefined => {
  const [template] = args;
  const text = template instanceof Literal ? literalValue(template) : undefined;
  if (typeof text !== "string") return undefined;
  try {
    compute([text, ...args.slice(1).map(() => "")]);
    return undefined;
  } catch (error) {
    if (error instanceof ArgumentError) return error.message;
    throw error;
  }
};
