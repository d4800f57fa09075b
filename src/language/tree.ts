/** Reading an expression's tree without evaluating it: its outermost tokens, its reference chains, its conjuncts. */
import {
  Binary,
  ContextAccess,
  type Expr,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Unary,
} from "@actions/expressions/ast";
import { type Token, TokenType } from "@actions/expressions/lexer";
import { literalValue } from "./expression.ts";

/** A name with what is read from it, in order: `steps`, then `ip`, `outputs`, `address`. */
export interface Chain {
  readonly base: Expr;
  readonly keys: readonly Expr[];
}

export const chainOf = (expression: Expr): Chain => {
  const keys: Expr[] = [];
  let base = expression;
  while (base instanceof IndexAccess) {
    keys.push(base.index);
    base = base.expr;
  }
  return { base, keys: keys.reverse() };
};

/** A key that is written out: `.name`, `['name']` or `[0]`. */
export const staticKey = (key: Expr | undefined): string | number | undefined => {
  if (!(key instanceof Literal)) return undefined;
  const value = literalValue(key);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
};

/** The first and the last token that the tree keeps. Closing brackets are not kept. */
export const edges = (expression: Expr): readonly [Token, Token] | undefined => {
  if (expression instanceof Literal) return [expression.token, expression.token];
  if (expression instanceof ContextAccess) return [expression.name, expression.name];
  if (expression instanceof Grouping) return edges(expression.group);
  if (expression instanceof Unary) return between([expression.operator], [expression.expr]);
  if (expression instanceof Binary) return between([], [expression.left, expression.right]);
  if (expression instanceof Logical) return between([], expression.args);
  if (expression instanceof FunctionCall) return between([expression.functionName], expression.args);
  if (expression instanceof IndexAccess) return between([], [expression.expr, expression.index]);
  return undefined;
};

const between = (first: readonly Token[], rest: readonly Expr[]): readonly [Token, Token] | undefined => {
  const start = first[0] ?? (rest[0] && edges(rest[0])?.[0]);
  const last = rest[rest.length - 1];
  const end = (last && edges(last)?.[1]) ?? start;
  return start && end && [start, end];
};

/** The parts that must all be true for the whole to be, each in a normal form that is equal for equal parts. */
export const conjunctsOf = (expression: Expr): readonly string[] => {
  if (expression instanceof Grouping) return conjunctsOf(expression.group);
  if (expression instanceof Logical && expression.operator.type === TokenType.AND)
    return expression.args.flatMap(conjunctsOf);
  return [normalForm(expression)];
};

const normalForm = (expression: Expr): string => {
  if (expression instanceof Literal) return JSON.stringify(literalValue(expression));
  if (expression instanceof ContextAccess) return expression.name.lexeme;
  if (expression instanceof Grouping) return normalForm(expression.group);
  if (expression instanceof Unary) return `!(${normalForm(expression.expr)})`;
  if (expression instanceof Binary)
    return `(${normalForm(expression.left)} ${expression.operator.lexeme} ${normalForm(expression.right)})`;
  if (expression instanceof Logical)
    return `(${expression.args.map(normalForm).join(` ${expression.operator.lexeme} `)})`;
  if (expression instanceof FunctionCall)
    return `${expression.functionName.lexeme.toLowerCase()}(${expression.args.map(normalForm).join(", ")})`;
  if (expression instanceof IndexAccess)
    return `${normalForm(expression.expr)}[${normalForm(expression.index)}]`;
  return "";
};
