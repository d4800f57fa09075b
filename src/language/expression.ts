/** One expression, parsed by GitHub's own lexer and parser, with the place of each of its tokens. */
import type { Expr, Literal } from "@actions/expressions/ast";
import { BooleanData, NumberData, StringData } from "@actions/expressions/data/index";
import { ExpressionError } from "@actions/expressions/errors";
import { Lexer, type Token, TokenType } from "@actions/expressions/lexer";
import { Parser } from "@actions/expressions/parser";
import type { Scalar } from "../step/shape.ts";
import type { Code } from "./codes.ts";
import { parseDottedReference } from "./dotted-reference.ts";
import { limits } from "./limits.ts";
import type { Span } from "./source.ts";

export interface ParsedExpression {
  readonly tree: Expr;
  /** Where the token stands in the expression's source. */
  spanOf(token: Token): Span;
}

export interface ExpressionProblem extends Span {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string | undefined;
}

export type ExpressionResult =
  | { readonly expression: ParsedExpression; readonly problem?: undefined }
  | { readonly expression?: undefined; readonly problem: ExpressionProblem };

/** Parses what stands between `${{` and `}}`. Names and functions are not looked at: that is the checker's. */
export const parseExpression = (source: string): ExpressionResult => {
  const reference = parseDottedReference(source);
  if (reference) return { expression: { tree: reference, spanOf: spanInLine } };
  const whole = trimmed(source);
  const failed = (code: Code, span: Span, message: string, hint?: string): ExpressionResult => ({
    problem: { code, message, hint, start: span.start, end: span.end },
  });
  if (whole.start === whole.end)
    return failed("P0203", { start: 0, end: source.length }, "The expression is empty.");

  let tokens: readonly Token[];
  try {
    tokens = new Lexer(source).lex().tokens;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    // The lexer tells the place in its message alone, and throws nothing else but on excess length.
    const place = /Located at position (\d+)/.exec(message)?.[1];
    if (place === undefined) return failed("P0204", whole, "The expression is too long.");
    const start = Math.min(Number(place) - 1, whole.end - 1);
    const end = start + (/^[^\s()[\],.]+/.exec(source.slice(start))?.[0].length ?? 1);
    return failed(
      "P0202",
      { start, end },
      `\`${source.slice(start, end)}\` is not expected here.`,
      source[start] === '"' ? "Strings in expressions have single quotes." : undefined,
    );
  }
  if (tokens.length > limits.expressionTokens)
    return failed("P0204", whole, `The expression has more than ${limits.expressionTokens} tokens.`);

  const spanOf = spans(source, tokens);
  for (const token of tokens)
    if (token.type === TokenType.STAR)
      return failed(
        "P0216",
        spanOf(token),
        "`*` is not supported.",
        "Name the property or the item's number.",
      );
  const names = namesIn(tokens);
  try {
    return { expression: { tree: new Parser([...tokens], names.contexts, names.functions).parse(), spanOf } };
  } catch (error) {
    if (!(error instanceof ExpressionError))
      return failed("P0204", whole, "The expression is nested too deeply.");
    const { line, column } = error.pos;
    const token = tokens.find(({ range }) => range.start.line === line && range.start.column === column);
    const atEnd = !token || token.type === TokenType.EOF || error.message.startsWith("Unexpected end");
    const span = atEnd ? { start: whole.end, end: whole.end } : spanOf(token);
    if (error.message.startsWith("Exceeded"))
      return failed("P0204", span, "The expression is nested too deeply.");
    if (error.message.startsWith("Too"))
      return failed("P0207", span, `\`${token?.lexeme ?? ""}\` is called with a wrong number of arguments.`);
    return failed(
      "P0202",
      span,
      atEnd ? "The expression ends too early." : `\`${token.lexeme}\` is not expected here.`,
    );
  }
};

/** The value of a literal. The lexer undoes only the first of several doubled quotes, so strings are read again. */
export const literalValue = ({ literal, token }: Literal): Scalar => {
  if (literal instanceof StringData)
    return token.type === TokenType.STRING ? token.lexeme.slice(1, -1).replaceAll("''", "'") : literal.value;
  if (literal instanceof NumberData || literal instanceof BooleanData) return literal.value;
  return null;
};

const trimmed = (source: string): Span => {
  const start = source.length - source.trimStart().length;
  return { start, end: Math.max(start, source.trimEnd().length) };
};

const spanInLine = ({ range }: Token): Span => ({ start: range.start.column, end: range.end.column });

/**
 * Where tokens stand. In one line the lexer's columns are right; after a line break in a string they are not, so
 * that places are found by walking along the tokens.
 */
const spans = (source: string, tokens: readonly Token[]): ((token: Token) => Span) => {
  if (!source.includes("\n")) return spanInLine;
  let found: Map<Token, Span> | undefined;
  return (wanted) => {
    if (!found) {
      found = new Map();
      let at = 0;
      for (const token of tokens) {
        while (/\s/.test(source[at] ?? "")) at++;
        found.set(token, { start: at, end: at + token.lexeme.length });
        at += token.lexeme.length;
      }
    }
    return found.get(wanted) ?? { start: 0, end: source.length };
  };
};

/** Makes the parser accept every name, so that unknown ones are told by the checker, all at once and with a hint. */
const namesIn = (tokens: readonly Token[]) => {
  const contexts: string[] = [];
  const functions: { name: string; minArgs: number; maxArgs: number }[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type !== TokenType.IDENTIFIER || tokens[index - 1]?.type === TokenType.DOT) continue;
    if (tokens[index + 1]?.type === TokenType.LEFT_PAREN)
      functions.push({ name: token.lexeme, minArgs: 0, maxArgs: limits.expressionTokens });
    else contexts.push(token.lexeme);
  }
  return { contexts, functions };
};
