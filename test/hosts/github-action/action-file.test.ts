/** action.yml: valid by GitHub's own schema, and naming exactly what the action reads and gives. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
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

type Parser = typeof import("@actions/workflow-parser") &
  typeof import("@actions/workflow-parser/actions/action-parser");

/** It imports JSON as bundlers alone take it, so it is bundled before it is loaded. */
const githubParser = async (): Promise<Parser> => {
  const exported = ["@actions/workflow-parser", "@actions/workflow-parser/actions/action-parser"];
  const { outputFiles } = await build({
    stdin: {
      contents: exported.map((name) => `export * from "${name}";`).join("\n"),
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
  });
  const code = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  const parser: Parser = await import(`data:text/javascript;base64,${code}`);
  return parser;
};

test("GitHub's parser finds nothing to say, and would", async () => {
  const { NoOperationTraceWriter, parseAction } = await githubParser();
  const errors = (content: string) =>
    parseAction({ name: "action.yml", content }, new NoOperationTraceWriter()).context.errors.getErrors();
  expect(errors(text)).toEqual([]);
  expect(errors(text.replace("main: dist", "mian: dist"))).not.toEqual([]);
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
