/**
 * The tree of a plain reference such as `steps.ip.outputs.address`, which is what nearly all expressions are.
 * Built without lexer and parser, to which it is equal: in a file of thousands of steps they are what takes longest
 * after YAML itself.
 */
import { ContextAccess, type Expr, IndexAccess, Literal } from "@actions/expressions/ast";
import { StringData } from "@actions/expressions/data/index";
import { type Token, TokenType } from "@actions/expressions/lexer";

const dotted = /^[ \t]*[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*){1,20}[ \t]*$/;
/** Words that are values at the start of an expression, and names after a dot. */
const words = new Set(["true", "false", "null", "NaN", "Infinity"]);

/** The expression's tree, with the lexer's ranges on its tokens; nothing where it is more than a plain reference. */
export const parseDottedReference = (source: string): Expr | undefined => {
  if (!dotted.test(source)) return undefined;
  let column = source.length - source.trimStart().length;
  const [head = "", ...names] = source.trim().split(".");
  if (words.has(head)) return undefined;
  let tree: Expr = new ContextAccess(tokenOf(head, column));
  column += head.length + 1;
  for (const name of names) {
    tree = new IndexAccess(tree, new Literal(new StringData(name), tokenOf(name, column)));
    column += name.length + 1;
  }
  return tree;
};

const tokenOf = (lexeme: string, column: number): Token => ({
  type: TokenType.IDENTIFIER,
  lexeme,
  range: { start: { line: 0, column }, end: { line: 0, column: column + lexeme.length } },
});
