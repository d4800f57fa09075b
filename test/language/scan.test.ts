import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument, stringify } from "yaml";
import { placement, scan } from "../../src/language/scan.ts";

const open = "${" + "{";

test("finds expressions, and the text between them", () => {
  expect(scan(`a ${open} x }}b${open}'}}'}}`)).toEqual([
    { kind: "text", text: "a " },
    { kind: "expression", source: " x ", sourceStart: 5, start: 2, end: 10 },
    { kind: "text", text: "b" },
    { kind: "expression", source: "'}}'", sourceStart: 14, start: 11, end: 20 },
  ]);
});

test("a quote that is written twice does not end a string", () => {
  expect(scan(`${open}'it''s }}'}}`)).toMatchObject([{ source: "'it''s }}'" }]);
});

test("what is not closed is told once, to the end", () => {
  expect(scan(`a${open} 'b }}`)).toEqual([
    { kind: "text", text: "a" },
    { kind: "unclosed", start: 1, end: 10 },
  ]);
});

test("text without expressions is one piece; braces alone are text", () => {
  expect(scan("{{ x }} $ {")).toEqual([{ kind: "text", text: "{{ x }} $ {" }]);
  expect(scan("")).toEqual([]);
});

const word = fc.stringMatching(/^[a-z{}$'"\\]{1,6}$/);
const styles = fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED");

test("every character that is not white space is placed where it stands, in every style of scalar", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, fc.constantFrom(" ", "\n", "  ", "\n\n", " \u00e9")), {
        minLength: 1,
        maxLength: 12,
      }),
      styles,
      (words, style) => {
        const written = words.map(([text, gap]) => text + gap).join("");
        const text = stringify(
          { a: { b: written } },
          { defaultStringType: style, defaultKeyType: "PLAIN", lineWidth: 24 },
        );
        const node: unknown = parseDocument(text, { keepSourceTokens: true }).getIn(["a", "b"], true);
        if (!isScalarNode(node)) throw new Error(text);
        const at = placement(text, { start: node.range[0], end: node.range[1] }, written);
        for (const [index, character] of [...written].entries()) {
          if (/[\s'"\\\u00e9]/.test(character)) continue;
          expect(text[at(index)], `${JSON.stringify(text)} at ${index}`).toBe(character);
        }
      },
    ),
    { numRuns: 500 },
  );
});

const isScalarNode = (node: unknown): node is { readonly range: readonly [number, number, number] } =>
  typeof node === "object" && node !== null && "range" in node;
