/** Evaluates one expression's tree over values with holes and secrets in them. */
import type { Expr } from "@actions/expressions/ast";
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Unary,
} from "@actions/expressions/ast";
import { TokenType } from "@actions/expressions/lexer";
import { Secret } from "../step/secret.ts";
import type { Code } from "./codes.ts";
import { contentsOf, isList, mergeHoles, reveal, secretFrom } from "./contents.ts";
import type { Location } from "./diagnostic.ts";
import type { EvaluationScope } from "./evaluate.ts";
import { EvaluationFailure } from "./evaluation-failure.ts";
import { literalValue } from "./expression.ts";
import { ArgumentError, kindOf, textOf } from "./functions/function.ts";
import { findFunction } from "./functions/table.ts";
import { Hole, type Value } from "./value.ts";
import { reservedNames } from "./yaml-tree.ts";

/** The value of an expression that stands at `location`. Throws an EvaluationFailure where it has none. */
export const evaluateTree = (tree: Expr, scope: EvaluationScope, location: Location): Value => {
  const failed = (code: Code, message: string): EvaluationFailure =>
    new EvaluationFailure(code, message, location);

  const visit = (expression: Expr): Value => {
    if (expression instanceof Literal) return literalValue(expression);
    if (expression instanceof Grouping) return visit(expression.group);
    if (expression instanceof IndexAccess || expression instanceof ContextAccess) return access(expression);
    if (expression instanceof Logical) return logical(expression);
    if (expression instanceof Unary) {
      const value = visit(expression.expr);
      if (value instanceof Hole) return value;
      if (value instanceof Secret) throw failed("P0219", "`!` would tell something of a secret.");
      return !isTruthy(value);
    }
    if (expression instanceof Binary) return binary(expression);
    if (expression instanceof FunctionCall) return call(expression);
    throw failed("P0216", "This part of an expression is not supported.");
  };

  const logical = ({ operator, args }: Logical): Value => {
    const or = operator.type === TokenType.OR;
    let value: Value = null;
    for (const [index, argument] of args.entries()) {
      value = visit(argument);
      // Which operand it comes to is unknown, hence it may turn out to be a secret one.
      if (value instanceof Hole && index < args.length - 1)
        return mergeHoles(
          [value],
          args.slice(index + 1).some((rest) => mayBeSecret(rest)),
        );
      if (isTruthy(value) === or) return value;
    }
    return value;
  };

  const mayBeSecret = (expression: Expr): boolean => {
    try {
      const { holes, secrets } = contentsOf([visit(expression)]);
      return secrets.length > 0 || holes.some((hole) => hole.secret);
    } catch (error) {
      if (error instanceof EvaluationFailure) return false;
      throw error;
    }
  };

  const binary = ({ left, operator, right }: Binary): Value => {
    const values = [visit(left), visit(right)];
    if (values.some((value) => value instanceof Secret))
      throw failed("P0219", "A comparison would tell something of a secret.");
    const holes = values.filter((value) => value instanceof Hole);
    if (holes.length > 0) return mergeHoles(holes, false);
    // What is in lists and objects does not matter: they are not compared.
    const [a = null, b = null] = values.map((value) =>
      isList(value) ? [] : isRecord(value) ? {} : reveal(value),
    );
    const [kind, otherKind] = [kindOf(a), kindOf(b)];
    if (operator.type === TokenType.EQUAL_EQUAL || operator.type === TokenType.BANG_EQUAL) {
      if (kind === "list" || kind === "object" || otherKind === "list" || otherKind === "object")
        throw failed("P0219", `\`${operator.lexeme}\` compares scalars, not lists or objects.`);
      if (kind !== otherKind && kind !== "null" && otherKind !== "null")
        throw failed("P0218", `\`${operator.lexeme}\` compares a ${kind} with a ${otherKind}.`);
      return (a === b) === (operator.type === TokenType.EQUAL_EQUAL);
    }
    if (typeof a !== "number" || typeof b !== "number")
      throw failed(
        "P0219",
        `\`${operator.lexeme}\` compares numbers, and this is a ${kind} and a ${otherKind}.`,
      );
    if (operator.type === TokenType.LESS) return a < b;
    if (operator.type === TokenType.LESS_EQUAL) return a <= b;
    return operator.type === TokenType.GREATER ? a > b : a >= b;
  };

  const call = ({ functionName, args }: FunctionCall): Value => {
    const definition = findFunction(functionName.lexeme);
    if (!definition) throw failed("P0206", `There is no function \`${functionName.lexeme}\`.`);
    const values = args.map(visit);
    const first = values[0] ?? null;
    const firstKnown = contentsOf([first]).holes.length === 0;
    const read = definition.reads && firstKnown ? definition.reads(reveal(first)) : undefined;
    for (const [index, value] of values.entries()) {
      if (value instanceof Hole || value instanceof Secret) continue;
      const taken = definition.parameters[Math.min(index, definition.parameters.length - 1)] ?? [];
      const kind = isList(value) ? "list" : isRecord(value) ? "object" : kindOf(value);
      if (!taken.includes(kind))
        throw failed(
          "P0219",
          `\`${definition.name}\` takes ${taken.join(", ")} here, and this is a ${kind}.`,
        );
    }
    const { holes, secrets } = contentsOf(values.filter((_, index) => read?.has(index) ?? true));
    if (secrets.length > 0 && !definition.takesSecrets)
      throw failed("P0219", `\`${definition.name}\` would tell something of a secret.`);
    if (holes.length > 0) return mergeHoles(holes, secrets.length > 0);
    try {
      const known = values.map((value, index) => ((read?.has(index) ?? true) ? reveal(value) : null));
      const result = definition.call(known);
      return secrets.length > 0 ? secretFrom(textOf(result), secrets) : result;
    } catch (error) {
      if (error instanceof ArgumentError) throw failed("P0219", `\`${definition.name}\`: ${error.message}.`);
      throw error;
    }
  };

  /** A name with all that is read from it: `steps.ip.outputs.address`. */
  const access = (expression: IndexAccess | ContextAccess): Value => {
    const keys: Value[] = [];
    let base: Expr = expression;
    while (base instanceof IndexAccess) {
      keys.unshift(visit(base.index));
      base = base.expr;
    }
    if (!(base instanceof ContextAccess))
      return keys.reduce<Value>((value, key) => read(value, key), visit(base));
    const context = base.name.lexeme;
    const [name, ...rest] = keys;
    if (context === "inputs" && typeof name === "string") {
      const value = scope.inputs.get(name);
      if (value === undefined) throw failed("P0208", `There is no input \`${name}\`.`);
      return rest.reduce<Value>((found, key) => read(found, key), value);
    }
    if (context === "secrets" && typeof name === "string" && rest.length === 0) return scope.secrets(name);
    if (context === "steps" && typeof name === "string" && rest[0] === "outputs") {
      const outputs = scope.outputs(name);
      if (outputs === undefined) return null;
      const [output, ...path] = rest.slice(1);
      if (output === undefined) return outputs;
      // The checker knows every output's name, so one that is not there is an optional one that was not made.
      if (typeof output === "string" && isRecord(outputs) && !Object.hasOwn(outputs, output)) return null;
      return path.reduce<Value>((found, key) => read(found, key), read(outputs, output));
    }
    if (keys.length === 0 && context === "instance" && scope.instance !== undefined) return scope.instance;
    if (keys.length === 0 && context === "name" && scope.name !== undefined) return scope.name;
    throw failed("P0205", `\`${context}\` has no value here.`);
  };

  const read = (value: Value, key: Value): Value => {
    if (value instanceof Hole) return key instanceof Hole ? mergeHoles([value, key], false) : value;
    if (key instanceof Hole) return mergeHoles([key], contentsOf([value]).secrets.length > 0);
    if (isList(value)) {
      const item = typeof key === "number" ? value[key] : undefined;
      if (item === undefined) throw failed("P0221", "The list has no such item.");
      return item;
    }
    if (isRecord(value) && typeof key === "string") {
      if (reservedNames.has(key)) throw failed("P0217", `\`${key}\` cannot be read.`);
      if (Object.hasOwn(value, key)) return value[key] ?? null;
      throw failed("P0211", `There is no property \`${key}\`.`);
    }
    throw failed("P0211", "Only a list or an object has something to read in it.");
  };

  return visit(tree);
};

const isRecord = (value: Value): value is { readonly [key: string]: Value | undefined } =>
  value !== null &&
  typeof value === "object" &&
  !isList(value) &&
  !(value instanceof Hole || value instanceof Secret);

/** As on GitHub: null, false, zero, not-a-number and empty text are false. */
const isTruthy = (value: Value): boolean =>
  value instanceof Secret ? value.reveal() !== "" : Boolean(value);
