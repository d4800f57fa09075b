import { expect, test } from "vitest";
import { checkPipeline } from "../../src/language/check.ts";
import { resolveInputs } from "../../src/language/inputs.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const resolve = (declarations: string, given: Record<string, unknown>, from = "--input") => {
  const { pipeline } = checkPipeline(
    `name: sample
inputs: ${declarations}
steps:
  group: { uses: azure/resource-group, with: { name: rg, location: x } }
`,
    { file: "x.yaml", manifest: fixtureManifest },
  );
  if (!pipeline) throw new Error("the pipeline has errors");
  return resolveInputs(
    pipeline,
    new Map(Object.entries(given).map(([name, value]) => [name, { value, from }])),
  );
};

test("texts become what is declared", () => {
  const { inputs, diagnostics } = resolve("{ a: number, b: boolean, c: string, d: number }", {
    a: "-1.5e3",
    b: "false",
    c: "12",
    d: "007",
  });
  expect(diagnostics).toEqual([]);
  expect(Object.fromEntries(inputs)).toEqual({ a: -1500, b: false, c: "12", d: 7 });
});

test.each(["", " ", "1,5", "0x10", "Infinity", "NaN", "1 2"])("%j is no number", (text) => {
  expect(resolve("{ a: number }", { a: text }).diagnostics.map(({ code }) => code)).toEqual(["P0311"]);
});

test("a missing input says what it is for and how to give it", () => {
  const [diagnostic] = resolve(
    "{ domain: { type: string, description: DNS zone on Cloudflare. } }",
    {},
  ).diagnostics;
  expect(diagnostic).toMatchObject({ code: "P0314", location: { start: { line: 2 } } });
  expect(diagnostic?.hint).toMatch(/^DNS zone on Cloudflare\. .*--input domain=/);
});

test("diagnostics name where the value came from", () => {
  const { diagnostics } = resolve("{ a: { type: string, values: [x, y] } }", { a: "z", b: 1 }, "dev.yaml");
  expect(diagnostics.map(({ code, message }) => [code, message.includes("dev.yaml")])).toEqual([
    ["P0315", true],
    ["P0312", true],
  ]);
});

test("an input with a default may be left out, even where it is false", () => {
  expect(Object.fromEntries(resolve("{ a: { type: boolean, default: false } }", {}).inputs)).toEqual({
    a: false,
  });
});
