/** The registry knows every type at once, loads code on demand, and takes a pipeline's own steps in. */
import { expect, test } from "vitest";
import { z } from "zod";
import { erased } from "../../src/registry/erasure.ts";
import { registry, withLocalSteps } from "../../src/registry/registry.ts";
import { defineStep, type Family } from "../../src/step/step.ts";

const family: Family = { name: "announcements", discover: async () => [] };

const announce = erased(
  defineStep({
    type: "./steps/announce.ts",
    version: 1,
    summary: "Tells the world.",
    input: z.object({ text: z.string().describe("What to tell.") }),
    output: z.object({ address: z.string().describe("Where it can be read.") }),
    volatile: ["address"],
    family,
    locate: ({ text }) => ({ type: "./steps/announce.ts", version: 1, id: text }),
    predict: {},
    observe: async () => ({ state: "absent" }),
    fields: () => [],
    apply: async () => {},
    verify: async () => ({ ready: true }),
    destroy: async () => {},
  }),
);

test.each(Object.keys(registry.manifest))("%s loads, and is what the manifest says", async (type) => {
  const step = await registry.load(type);
  expect(step.type).toBe(type);
  expect(step.version).toBe(registry.manifest[type]?.version);
});

test("the families are those of the steps, each once", async () => {
  const types = Object.keys(registry.manifest);
  const ofSteps = new Set(await Promise.all(types.map(async (type) => (await registry.load(type)).family)));
  expect(new Set(await registry.families())).toEqual(ofSteps);
});

test.each(["azure/nothing", "toString", "__proto__"])(
  "loading `%s`, which nobody wrote, rejects",
  async (type) => {
    await expect(registry.load(type)).rejects.toThrow(`There is no step type \`${type}\`.`);
  },
);

test("a pipeline's own step takes part in everything", async () => {
  const extended = withLocalSteps(registry, new Map([["./steps/announce.ts", announce]]));
  expect(extended.manifest["./steps/announce.ts"]).toEqual({
    type: "./steps/announce.ts",
    version: 1,
    summary: "Tells the world.",
    readOnly: false,
    input: {
      kind: "object",
      properties: { text: { shape: { kind: "string", description: "What to tell." }, required: true } },
    },
    output: {
      kind: "object",
      properties: {
        address: { shape: { kind: "string", description: "Where it can be read." }, required: true },
      },
    },
    volatile: ["address"],
  });
  expect(await extended.load("./steps/announce.ts")).toBe(announce);
  expect(await extended.families()).toContain(family);
  expect(registry.manifest["./steps/announce.ts"]).toBeUndefined();
});

test("a pipeline's own step with a schema outside the subset is refused by name", () => {
  const wrong = { ...announce, input: z.object({ text: z.coerce.string().describe("What to tell.") }) };
  expect(() => withLocalSteps(registry, new Map([["./steps/announce.ts", wrong]]))).toThrow(
    "./steps/announce.ts input.text: coercion is not allowed",
  );
});
