import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Diagnostic, Location } from "../../src/language/diagnostic.ts";
import { renderDiagnostics } from "../../src/reporters/diagnostics.ts";
import { excerptOf } from "../../src/reporters/excerpt.ts";
import { colorStyle, plainStyle } from "./memory-sink.ts";

const text = [
  "name: demo",
  "steps:",
  "  group:",
  "    uses: azure/resource-group",
  "    with: { name: rg, location: westeurope }",
  "  ip:",
  "    uses: azure/public-ip",
  '    with: { group: "${{ steps.grp.outputs }}", name: demo-ip }',
].join("\n");

const at = (line: number, from: number, to: number, endLine = line): Location => ({
  file: "pipelines/demo.yaml",
  start: { line, column: from },
  end: { line: endLine, column: to },
});
const error = (location: Location, rest: Partial<Diagnostic> = {}): Diagnostic => ({
  code: "P0211",
  severity: "error",
  message: "there is no step `grp`",
  location,
  related: [],
  ...rest,
});
const render = (diagnostics: readonly Diagnostic[], columns = 80) =>
  renderDiagnostics(diagnostics, () => text, plainStyle(columns));

test("an error shows its line, marks the part it is about, and says what to do", () => {
  expect(render([error(at(8, 21, 45), { hint: "did you mean `group`?" })])).toMatchInlineSnapshot(`
    "error[P0211] there is no step \`grp\`
     --> pipelines/demo.yaml:8:21
      |
    8 |     with: { group: "\${{ steps.grp.outputs }}", name: demo-ip }
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^
      = hint: did you mean \`group\`?
    "
  `);
});

test("related places follow, each with its own line", () => {
  const cycle = error(at(6, 3, 5), {
    code: "P0220",
    message: "steps wait for one another",
    related: [
      { message: "`ip` waits for `group`", location: at(8, 21, 45) },
      { message: "`group` waits for `ip`", location: at(3, 3, 8) },
    ],
  });
  expect(render([cycle])).toMatchInlineSnapshot(`
    "error[P0220] steps wait for one another
     --> pipelines/demo.yaml:6:3
      |
    6 |   ip:
      |   ^^
     ::: pipelines/demo.yaml:8:21  \`ip\` waits for \`group\`
      |
    8 |     with: { group: "\${{ steps.grp.outputs }}", name: demo-ip }
      |                     ------------------------
     ::: pipelines/demo.yaml:3:3  \`group\` waits for \`ip\`
      |
    3 |   group:
      |   -----
    "
  `);
});

test("several are apart from each other, and a warning is no error", () => {
  const warning = error(at(1, 1, 5), { severity: "warning", code: "P0102", message: "this name is taken" });
  expect(render([warning, error(at(8, 21, 45))])).toMatchInlineSnapshot(`
    "warning[P0102] this name is taken
     --> pipelines/demo.yaml:1:1
      |
    1 | name: demo
      | ^^^^

    error[P0211] there is no step \`grp\`
     --> pipelines/demo.yaml:8:21
      |
    8 |     with: { group: "\${{ steps.grp.outputs }}", name: demo-ip }
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^
    "
  `);
});

test("a place over several lines marks its first", () => {
  expect(render([error(at(3, 3, 10, 5))])).toMatchInlineSnapshot(`
    "error[P0211] there is no step \`grp\`
     --> pipelines/demo.yaml:3:3
      |
    3 |   group:
      |   ^^^^^^
    "
  `);
});

test("a long line is cut around what is marked", () => {
  const long = `${" ".repeat(6)}content: ${"x".repeat(60)} needle ${"y".repeat(60)}`;
  const from = long.indexOf("needle") + 1;
  const location = at(1, from, from + 6);
  expect(renderDiagnostics([error(location)], () => long, plainStyle(60))).toMatchInlineSnapshot(`
    "error[P0211] there is no step \`grp\`
     --> pipelines/demo.yaml:1:77
      |
    1 | …xxxxxxxxxxxx needle yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
      |               ^^^^^^
    "
  `);
});

test("without the file's text the place stands alone", () => {
  expect(renderDiagnostics([error(at(8, 21, 45))], () => undefined, plainStyle())).toBe(
    "error[P0211] there is no step `grp`\n --> pipelines/demo.yaml:8:21\n",
  );
});

test("colour changes nothing but colour", () => {
  const diagnostics = [
    error(at(8, 21, 45), {
      hint: "did you mean `group`?",
      related: [{ message: "here", location: at(2, 1, 6) }],
    }),
  ];
  const colored = renderDiagnostics(diagnostics, () => text, colorStyle());
  expect(colored).not.toBe(render(diagnostics));
  expect(stripVTControlCharacters(colored)).toBe(render(diagnostics));
});

test("an excerpt never throws, fits the room, and marks within it, for any text and place", () => {
  const position = fc.record({
    line: fc.integer({ min: 1, max: 5 }),
    column: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300, unit: "binary" }),
      position,
      position,
      fc.integer({ min: 10, max: 100 }),
      (source, start, end, room) => {
        const excerpt = excerptOf(source, { file: "x", start, end }, room);
        if (!excerpt) return;
        expect(excerpt.text.length).toBeLessThanOrEqual(room);
        expect(excerpt.text).not.toMatch(/\p{Cc}/u);
        expect(excerpt.length).toBeGreaterThanOrEqual(1);
        expect(excerpt.indent).toBeGreaterThanOrEqual(0);
        expect(excerpt.indent + excerpt.length).toBeLessThanOrEqual(room + 1);
      },
    ),
  );
});
