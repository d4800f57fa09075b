/** action.yml: valid by GitHub's own schema, and naming exactly what the action reads and gives. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../../..");
const text = await readFile(join(root, "action.yml"), "utf8");
const action = z
  .object({
    description: z.string(),
    branding: z.object({ icon: z.string(), color: z.string() }),
    inputs: z.record(
      z.string(),
      z.object({ description: z.string(), default: z.string().optional() }).loose(),
    ),
    outputs: z.record(z.string(), z.object({ description: z.string() })),
    runs: z.object({ using: z.literal("node24"), main: z.literal("dist/github-action.js") }),
  })
  .loose()
  .parse(parse(text));

test("GitHub's parser finds nothing to say", () => {
  const { context } = parseAction({ name: "action.yml", content: text }, new NoOperationTraceWriter());
  expect(context.errors.getErrors()).toEqual([]);
});

test("every input is read, and no other", async () => {
  const sources = await Promise.all(
    ["inputs.ts"].map((name) => readFile(join(root, "src/hosts/github-action", name), "utf8")),
  );
  const readNames = [
    ...sources.join("").matchAll(/(?:text|flag|choice|variableOf)\((?:variables, )?"([a-z-]+)"/g),
  ];
  expect(new Set(Object.keys(action.inputs))).toEqual(new Set(readNames.map(([, name = ""]) => name)));
});

test("the marketplace shows its description whole, which takes up to 125 characters, with an icon", () => {
  expect(action.description.length).toBeLessThanOrEqual(125);
  expect(action.branding).toEqual({ icon: "layers", color: "blue" });
});
