import { Lexer } from "@actions/expressions/lexer";
import { Parser } from "@actions/expressions/parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDottedReference } from "../../src/language/dotted-reference.ts";
import { parseExpression } from "../../src/language/expression.ts";

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
const space = fc.stringMatching(/^[ \t]{0,3}$/);

test("a plain reference has the tree that GitHub's parser gives it", () => {
  fc.assert(
    fc.property(
      name,
      fc.array(name, { minLength: 1, maxLength: 6 }),
      space,
      space,
      (head, names, before, after) => {
        const source = `${before}${[head, ...names].join(".")}${after}`;
        const tree = parseDottedReference(source);
        if (["true", "false", "null", "NaN", "Infinity"].includes(head)) expect(tree).toBeUndefined();
        else expect(tree).toEqual(new Parser(new Lexer(source).lex().tokens, [head], []).parse());
      },
    ),
  );
});

test.each(["a", "a.", ".a", "a b.c", "true.a", "a.b[0]", "a.b()", "a.1b", "a..b", "a.b || c"])(
  "%j is more or less than a plain reference",
  (source) => {
    expect(parseDottedReference(source)).toBeUndefined();
  },
);

test.each<[string, string, string]>([
  ["inputs.a &&", "P0202", ""],
  [" ", "P0203", " "],
  ["a.*", "P0216", "*"],
  ["format()", "P0207", "format"],
  ["'x\ny' == #", "P0202", "#"],
  ['"x"', "P0202", '"x"'],
  ["(((((((((((((((((((((((((((((((((((((((((((((((((((1)", "P0204", "("],
])("%j is refused with %s at %j", (source, code, token) => {
  const { problem } = parseExpression(source);
  expect(problem?.code).toBe(code);
  expect(source.slice(problem?.start, problem?.end)).toBe(token);
});

test("tokens are found behind a line break in a string", () => {
  const source = " 'a\n''b' == inputs.c ";
  const { expression } = parseExpression(source);
  const tokens: string[] = [];
  JSON.stringify(expression?.tree, (key, value) => {
    if (key !== "name" && key !== "token") return value;
    const span = expression?.spanOf(value);
    tokens.push(source.slice(span?.start, span?.end));
    return undefined;
  });
  expect(tokens).toEqual(["'a\n''b'", "inputs", "c"]);
});
