import { expect, test } from "vitest";
import { Hole } from "../../src/language/value.ts";
import { compareFields, equal } from "../../src/plan/compare.ts";
import { attempt, view } from "../../src/plan/view.ts";
import { Secret } from "../../src/step/secret.ts";
import type { Field } from "../../src/step/step.ts";

const input = view({
  name: "ip",
  zones: ["1", new Hole([{ kind: "step", step: "group", output: "zone" }], false)],
  token: new Secret("a", "x"),
});

const read = (path: string): unknown =>
  path.split(".").reduce<unknown>((data, key) => Reflect.get(Object(data), key), input);
const field = (path: string, over: Partial<Field> = {}): Field => ({
  path,
  desired: () => String(read(path)),
  effect: "update",
  ...over,
});

test("an unknown defers just the field that touches it, and says what it waits for", () => {
  const { changes } = compareFields([field("name"), field("zones.1")], false);
  expect(changes.map(({ path, after }) => [path, after])).toEqual([
    ["name", { kind: "value", value: "ip" }],
    ["zones.1", { kind: "unknown", after: ["group"] }],
  ]);
});

test("known parts of an input are read as plain data", () => {
  expect(attempt(() => read("zones.0"))).toEqual({ known: true, value: "1" });
  expect(attempt(() => read("zones.length"))).toEqual({ known: true, value: 2 });
  expect(attempt(() => JSON.stringify(read("zones")))).toMatchObject({ known: false });
});

test("other errors of a computation are not swallowed", () => {
  expect(() =>
    attempt(() => {
      throw new TypeError("bug");
    }),
  ).toThrow("bug");
});

test("equal settings are no change; one left undefined is left to the service", () => {
  const same = field("name", { actual: "ip" });
  const left = field("size", { desired: () => undefined, actual: 3 });
  expect(compareFields([same, left], true).changes).toEqual([]);
});

test("a secret is compared in memory and never shown", () => {
  const secret = (text: string): Field => ({
    path: "data.token",
    desired: () => new Secret("new", "env"),
    actual: new Secret(text, "cluster"),
    effect: "update",
  });
  expect(compareFields([secret("new")], true).changes).toEqual([]);
  const { changes } = compareFields([secret("old")], true);
  expect(changes).toEqual([
    { path: "data.token", before: { kind: "secret" }, after: { kind: "secret" }, effect: "update" },
  ]);
});

test("a setting that can't change refuses, with its reason", () => {
  const { refusals } = compareFields(
    [field("name", { actual: "old", effect: "refuse", reason: "one minor at a time" })],
    true,
  );
  expect(refusals).toEqual([{ path: "name", reason: "one minor at a time" }]);
});

test("equality is deep, and a missing property is an undefined one", () => {
  expect(equal({ a: [1, { b: undefined }] }, { a: [1, {}] })).toBe(true);
  expect(equal({ a: [1, 2] }, { a: [1] })).toBe(false);
  expect(equal({ 0: 1 }, [1])).toBe(false);
  expect(equal("1", 1)).toBe(false);
});
