import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { pipelineSchema } from "../../src/language/schema.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const schema = pipelineSchema(fixtureManifest);
const accepts = new Ajv({ strict: false }).compile(schema);
const expression = "\n  ${" + "{ steps.a.outputs.b }}\n";
const text = "x-${" + "{ inputs.a }}";

const withInput = (uses: string, input: unknown) => ({ name: "a", steps: { s: { uses, with: input } } });

test("it is a valid schema of draft 7", () => {
  expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
});

test.each(Object.values(fixtureManifest).map((step) => [step.type, step] as const))(
  "%s: every property may be a whole-value expression",
  (type, step) => {
    const input = Object.fromEntries(Object.keys(step.input.properties).map((name) => [name, expression]));
    expect(accepts(withInput(type, input))).toBe(true);
  },
);

test("text with an expression stands for text and secrets, and for nothing else", () => {
  const nginx = { cluster: expression };
  expect(accepts(withInput("ingress/nginx", { ...nginx, class: text, token: text }))).toBe(true);
  expect(accepts(withInput("ingress/nginx", { ...nginx, replicas: text }))).toBe(false);
  expect(accepts(withInput("ingress/nginx", { cluster: text }))).toBe(false);
  expect(accepts(withInput("ingress/nginx", { ...nginx, token: "plain" }))).toBe(false);
});

test("a local step takes any input", () => {
  expect(accepts(withInput("./steps/announce.ts", { any: [1, { thing: true }] }))).toBe(true);
});

test("each step's input has a description for hover", () => {
  const json = JSON.stringify(schema);
  for (const step of Object.values(fixtureManifest)) {
    expect(json).toContain(JSON.stringify(step.summary));
    for (const { shape } of Object.values(step.input.properties))
      if (shape.description !== undefined) expect(json).toContain(JSON.stringify(shape.description));
  }
});

test("the order of the manifest does not matter, so that the published schema is stable", () => {
  const reversed = Object.fromEntries(Object.entries(fixtureManifest).toReversed());
  expect(JSON.stringify(pipelineSchema(reversed))).toBe(JSON.stringify(schema));
});
