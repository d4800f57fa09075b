import { expect, test } from "vitest";
import { checkPipeline } from "../../src/language/check.ts";
import { type EvaluationScope, evaluate } from "../../src/language/evaluate.ts";
import { EvaluationFailure } from "../../src/language/evaluation-failure.ts";
import { parseExpression } from "../../src/language/expression.ts";
import { Hole, type Value } from "../../src/language/value.ts";
import { Secret } from "../../src/step/secret.ts";
import type { Scalar } from "../../src/step/shape.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const location = { file: "x.yaml", start: { line: 3, column: 7 }, end: { line: 3, column: 9 } };
const unknownAddress = new Hole([{ kind: "step", step: "ip", output: "address" }], false);
const unknownKey = new Hole([{ kind: "step", step: "key", output: "privateKey" }], true);

const scope: EvaluationScope = {
  inputs: new Map<string, Scalar>([
    ["text", "Abc"],
    ["number", 3],
    ["yes", true],
    ["no", false],
    ["empty", ""],
  ]),
  secrets: (name) =>
    name === "later" ? new Hole([{ kind: "secret", name }], true) : new Secret(`<${name}>`, name),
  outputs: (step) => {
    const outputs: Record<string, Value> = {
      ip: { kind: "public-ip", name: "ip", address: unknownAddress, zones: ["1", "2"], nested: { deep: 1 } },
      key: { publicKey: "ssh-rsa", privateKey: unknownKey, other: new Secret("hush", "steps.key") },
    };
    return outputs[step];
  },
  instance: "blue",
  name: "sample",
};

const value = (source: string): Value => {
  const { expression } = parseExpression(source);
  if (!expression) throw new Error(`does not parse: ${source}`);
  return evaluate({ kind: "expression", source, tree: expression.tree, location }, scope);
};

const failure = (source: string): EvaluationFailure => {
  try {
    value(source);
  } catch (error) {
    if (error instanceof EvaluationFailure) return error;
    throw error;
  }
  throw new Error(`has a value: ${source}`);
};

test.each<[string, Value]>([
  ["inputs.text", "Abc"],
  ["'it''s ''so'''", "it's 'so'"],
  ["inputs.number == 3", true],
  ["inputs.text == 'abc'", false],
  ["inputs.text != 'abc'", true],
  ["inputs.number > 2 && inputs.number <= 3", true],
  ["inputs.number < 3 || inputs.number >= 4", false],
  ["!inputs.empty", true],
  ["inputs.yes && 'a' || 'b'", "a"],
  ["inputs.no && 'a' || 'b'", "b"],
  ["inputs.empty || 'fallback'", "fallback"],
  ["(inputs.yes)", true],
  ["null == inputs.text", false],
  ["steps.ip.outputs.name", "ip"],
  ["steps.ip.outputs.zones[1]", "2"],
  ["steps.ip.outputs.zones[inputs.no && 1 || 0]", "1"],
  ["steps['ip'].outputs.nested.deep", 1],
  ["name", "sample"],
  ["instance", "blue"],
  ["contains('abc', 'b')", true],
  ["contains('abc', 'B')", false],
  ["contains(fromJSON('[1, 2]'), 2)", true],
  ["contains(fromJSON('[1, 2]'), '2')", false],
  ["startsWith('abc', 'ab')", true],
  ["endsWith('abc', 'ab')", false],
  ["format('{1}{{{0}}}', 'a', 2)", "2{a}"],
  ["join(fromJSON('[\"a\", 1, true]'))", "a,1,true"],
  ["join(steps.ip.outputs.zones, ' ')", "1 2"],
  ["toJSON(steps.ip.outputs.nested)", '{\n  "deep": 1\n}'],
  ["fromJSON('{\"a\": [1]}').a[0]", 1],
])("%s is %j", (source, expected) => {
  expect(value(source)).toEqual(expected);
});

test("a step that is switched off has null for everything that is read from it", () => {
  expect(value("steps.off.outputs")).toBeNull();
  expect(value("steps.off.outputs.a.b")).toBeNull();
  expect(value("steps.off.outputs.a || 'none'")).toBe("none");
});

test("an optional output that was not made is null", () => {
  expect(value("steps.ip.outputs.fqdn || 'none'")).toBe("none");
});

test("a hole makes a hole of what needs it", () => {
  const origins = unknownAddress.origins;
  for (const source of [
    "steps.ip.outputs.address",
    "steps.ip.outputs.address == 'x'",
    "!steps.ip.outputs.address",
    "format('{0}', steps.ip.outputs.address)",
    "toJSON(steps.ip.outputs)",
    "steps.ip.outputs.address && 'x'",
    "steps.ip.outputs.zones[steps.ip.outputs.address]",
  ]) {
    const found = value(source);
    expect(found, source).toBeInstanceOf(Hole);
    expect(found, source).toMatchObject({ origins, secret: false });
  }
});

test("a hole does no harm where it is not looked at", () => {
  expect(value("steps.ip.outputs.name")).toBe("ip");
  expect(value("inputs.yes || steps.ip.outputs.address")).toBe(true);
  expect(value("inputs.no && steps.ip.outputs.address")).toBe(false);
  expect(value("format('{0}', 'a', steps.ip.outputs.address)")).toBe("a");
});

test("a hole joins the origins of all it waits for, each once", () => {
  const both = value("format('{0}{1}{0}', steps.ip.outputs.address, steps.key.outputs.privateKey)");
  expect(both).toMatchObject({ origins: [...unknownAddress.origins, ...unknownKey.origins], secret: true });
});

test("a hole that may turn out to be a secret is one", () => {
  expect(value("steps.ip.outputs.address || secrets.token")).toMatchObject({ secret: true });
  expect(value("secrets.later")).toMatchObject({ secret: true });
});

test("what a secret goes into is a secret, and says where it comes from", () => {
  const found = value("format('{0}-{1}', secrets.token, steps.key.outputs.other)");
  expect(found).toBeInstanceOf(Secret);
  expect(found instanceof Secret && [found.reveal(), found.origin, String(found)]).toEqual([
    "<token>-hush",
    "token, steps.key",
    "***",
  ]);
  expect(value("toJSON(steps.key.outputs.other)")).toBeInstanceOf(Secret);
});

test.each([
  ["inputs.text == 3", "P0218"],
  ["steps.ip.outputs == 3", "P0219"],
  ["inputs.text > 3", "P0219"],
  ["secrets.token == 'a'", "P0219"],
  ["!secrets.token", "P0219"],
  ["contains(secrets.token, 'a')", "P0219"],
  ["fromJSON('{')", "P0219"],
  ["format('{0}')", "P0219"],
  ["join(steps.ip.outputs)", "P0219"],
  ["fromJSON('{\"a\": 1}').b", "P0211"],
  ["fromJSON('{\"a\": 1}').a.b", "P0211"],
  ["steps.ip.outputs.zones[2]", "P0221"],
  ["steps.ip.outputs.nested.constructor", "P0217"],
  ["inputs.nope", "P0208"],
  ["unknown(1)", "P0206"],
  ["github.ref", "P0205"],
])("%s fails with %s and its place", (source, code) => {
  expect(failure(source)).toMatchObject({ code, kind: "rejected", location, resource: "x.yaml:3:7" });
});

test("no failure tells a secret's text", () => {
  for (const source of [
    "fromJSON(format('{0}', secrets.token))",
    "secrets.token == 1",
    "inputs[secrets.token]",
  ])
    expect(failure(source).message).not.toContain("<token>");
});

test("templates: text joins scalars, lists and maps keep their form", () => {
  const { pipeline } = checkPipeline(
    `name: sample
inputs: { text: string, number: number }
secrets: { token: { env: TOKEN } }
steps:
  ip: { uses: azure/public-ip, with: { name: x, group: { kind: resource-group, name: there } } }
outputs:
  text: "\${{ inputs.text }}-\${{ inputs.number }}"
  list: [1, "\${{ inputs.number }}", { a: "\${{ steps.ip.outputs.name }}" }]
  secret: Bearer \${{ secrets.token }}
  hole: http://\${{ steps.ip.outputs.address }}/
`,
    { file: "x.yaml", manifest: fixtureManifest },
  );
  const output = (name: string): Value => {
    const declared = pipeline?.outputs.get(name);
    if (!declared) throw new Error(`no output ${name}`);
    return evaluate(declared.value, scope);
  };
  expect(output("text")).toBe("Abc-3");
  expect(output("list")).toEqual([1, 3, { a: "ip" }]);
  const secret = output("secret");
  expect(secret instanceof Secret && secret.reveal()).toBe("Bearer <token>");
  expect(output("hole")).toMatchObject({ origins: unknownAddress.origins });
});
