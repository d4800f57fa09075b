/** No text makes the checker throw or hang, and what it says stays within bounds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPipeline, usesLocalSteps } from "../../src/language/check.ts";
import { codes } from "../../src/language/codes.ts";
import { limits } from "../../src/language/limits.ts";
import { readCases } from "./case.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const known = new Set<string>(Object.keys(codes));

const survives = (text: string): void => {
  const { pipeline, diagnostics } = checkPipeline(text, { file: "x.yaml", manifest: fixtureManifest });
  usesLocalSteps(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.length === 0).toBe(pipeline !== undefined);
  expect(diagnostics.length).toBeLessThanOrEqual(limits.diagnostics + 1);
  const lines = text.split("\n");
  for (const { code, location, related } of diagnostics) {
    expect(known.has(code)).toBe(true);
    for (const { start, end } of [location, ...related.map((place) => place.location)]) {
      expect(start.line).toBeLessThanOrEqual(lines.length);
      expect(start.column).toBeLessThanOrEqual((lines[start.line - 1] ?? "").length + 1);
      expect(end.line * 1e7 + end.column).toBeGreaterThanOrEqual(start.line * 1e7 + start.column);
    }
  }
};

const texts = readCases()
  .map(({ text }) => text)
  .filter((text) => text.length < 5_000);

const fragments = fc.constantFrom(
  ..."{}[]:,-?|>&*!%@`\"'#\t\n".split(""),
  "${{",
  "}}",
  "${{ steps.group.outputs }}",
  " inputs.a || ",
  "&a ",
  "*a",
  "<<: ",
  "__proto__",
  "\n---\n",
  "\u{1F600}",
  "\u0000",
  "\r\n",
  "\uFEFF",
  "!!binary ",
  "1e999",
);

test("random texts", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), survives), { numRuns: 300 });
});

test("random YAML-like texts", () => {
  const piece = fc.oneof(
    fragments,
    fc.constantFrom("name", "steps", "inputs", "uses", "with", " ", "  ", "\n  ", "a"),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
      survives,
    ),
    { numRuns: 500 },
  );
});

test("pipelines with pieces cut out, doubled and put in", () => {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(12),
    put: fragments,
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (text, changes) => {
        let changed = text;
        for (const { at, drop, put } of changes) {
          const start = Math.floor(at * changed.length);
          changed = changed.slice(0, start) + put + changed.slice(start + drop);
        }
        survives(changed);
      },
    ),
    { numRuns: 800 },
  );
});

test("random expressions", () => {
  const token = fc.constantFrom(
    ..."()[].,!*<>'".split(""),
    "==",
    "!=",
    "&&",
    "||",
    "inputs",
    ".a",
    ".outputs",
    "steps",
    ".group",
    "secrets",
    "format",
    "contains(",
    "toJSON(",
    "'x'",
    "''",
    "1",
    "-",
    "true",
    "null",
    " ",
    "\n      ",
  );
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 25 }).map((tokens) => tokens.join("")),
      (source) =>
        survives(
          `name: x\ninputs: { a: string }\nsecrets: { a: { env: A } }\nsteps:\n  group:\n    uses: azure/resource-group\n    with:\n      name: |\n        t \${{ ${source} }}\n      location: x\noutputs: { a: >-\n    \${{ ${source} }} }\n`,
        ),
    ),
    { numRuns: 800 },
  );
});

test.each<[string, string]>([
  ["open brackets", "[".repeat(100_000)],
  ["open braces", "name: {a: ".repeat(20_000)],
  ["nested block lists", `a:\n${"- ".repeat(50_000)}`],
  ["nested block maps", Array.from({ length: 3_000 }, (_, level) => `${" ".repeat(level)}a:\n`).join("")],
  ["explicit keys", "? ".repeat(50_000)],
  [
    "billion laughs",
    `a: &a [x]\n${Array.from({ length: 60 }, (_, i) => `b${i}: &a [*a, *a, *a]\n`).join("")}`,
  ],
  ["deep aliases", `a: &a [x]\n${Array.from({ length: 200 }, (_, i) => `b${i}: &a [*a]\n`).join("")}`],
  ["many aliases of a large anchor", `a: &a [${"x,".repeat(9_000)}]\nb: [${"*a,".repeat(9_000)}]\n`],
  ["many anchors", `a: [${Array.from({ length: 50_000 }, (_, i) => `&a${i} x`).join(",")}]\n`],
  ["many keys", Array.from({ length: 100_000 }, (_, i) => `k${i}: x\n`).join("")],
  ["many documents", "---\na\n".repeat(50_000)],
  ["many comments", "# x\n".repeat(200_000)],
  ["a long quoted text", `name: "${"\\n".repeat(200_000)}"\n`],
  [
    "a long expression",
    `name: x\nsteps: { a: { uses: "\${{ ${"!".repeat(20_000)}a }}" } }\noutputs: { a: "\${{ ${"!".repeat(20_000)}a }}" }\n`,
  ],
  ["many open expressions", `name: x\noutputs: { a: "${"${{ ".repeat(50_000)}" }\n`],
  ["many expressions", `name: x\noutputs: { a: "${"${{ inputs.a }}".repeat(20_000)}" }\n`],
  ["quotes without end", `name: x\noutputs: { a: "${"${{ '".repeat(20_000)}" }\n`],
  [
    "unknown references",
    `name: x\nsteps:\n${Array.from({ length: 5_000 }, (_, i) => `  s${i}: { uses: azure/resource-group, with: { name: "\${{ steps.t${i}.outputs.name }}", location: x } }\n`).join("")}`,
  ],
  [
    "a circle of all steps",
    `name: x\nsteps:\n${Array.from({ length: 5_000 }, (_, i) => `  s${i}: { uses: azure/resource-group, needs: s${(i + 1) % 5_000}, with: { name: x, location: x } }\n`).join("")}`,
  ],
  [
    "every step needs every other",
    `name: x\nsteps:\n${Array.from({ length: 150 }, (_, i) => `  s${i}: { uses: azure/resource-group, needs: [${Array.from({ length: 150 }, (_, j) => `s${j}`).join(", ")}], with: { name: x, location: x } }\n`).join("")}`,
  ],
  ["a long pattern", `name: x\ninputs: { a: { type: string, pattern: "${"(".repeat(50_000)}" } }\n`],
  [
    "a pattern that backtracks",
    `name: x\ninputs: { a: { type: string, pattern: "^(a+)+$", default: "${"a".repeat(40)}b" } }\n`,
  ],
  ["carriage returns", "name: x\r\nsteps:\r\n  a: { uses: azure/resource-group }\r\n"],
])("%s", (_, text) => {
  survives(text);
});
