/** Broken files through the checker: none throws, and the slowest is not slow. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkPipeline } from "../../src/language/check.ts";
import { registry } from "../../src/registry/registry.ts";
import { mutated, randomFrom } from "./fuzz.ts";
import type { Row } from "./row.ts";

const files = 10_000;
const seed = 1;

/** @param folder whose pipelines are broken. */
export const fuzzRow = async (folder: string): Promise<Row> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const random = randomFrom(seed);
  let slowest = 0;
  let refused = 0;
  for (let index = 0; index < files; index++) {
    const text = mutated(texts[index % texts.length] ?? "", random);
    const started = performance.now();
    const { pipeline } = checkPipeline(text, { file: "fuzzed.yaml", manifest: registry.manifest });
    slowest = Math.max(slowest, performance.now() - started);
    if (!pipeline) refused++;
  }
  return {
    name: `slowest of ${files.toLocaleString("en")} fuzzed files`,
    figure: slowest,
    limit: 1000,
    unit: "ms",
    detail: `${refused.toLocaleString("en")} of them refused, none threw`,
  };
};
