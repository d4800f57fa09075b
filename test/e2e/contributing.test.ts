/** CONTRIBUTING.md's worked example, followed word for word in a copy of the checkout. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "provision-contributing-"));
  const parts = [
    "src",
    "scripts",
    "test",
    "docs",
    "templates",
    "package.json",
    "tsconfig.json",
    "vitest.config.ts",
    "schema.json",
  ];
  for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** The files that the page says to write: code blocks whose first line names a path. */
const filesOf = (page: string): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const [, block = ""] of page.matchAll(/^ {3}```ts\n([\s\S]*?)^ {3}```$/gm)) {
    const text = block.replaceAll(/^ {3}/gm, "");
    const path = /^\/\/ (\S+)\n/.exec(text)?.[1];
    if (path) files.set(path, text.slice(text.indexOf("\n") + 1));
  }
  return files;
};

test("a new step is one file and its test: generated, checked, tested", async () => {
  const files = filesOf(await readFile(join(root, "CONTRIBUTING.md"), "utf8"));
  expect([...files.keys()]).toEqual([
    "src/steps/kubernetes/config-map.ts",
    "test/steps/kubernetes/config-map.test.ts",
  ]);
  for (const [path, text] of files) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  const run = (...words: [string, ...string[]]) =>
    execa(words[0], words.slice(1), { cwd: copy, preferLocal: true, localDir: root });
  await run("node", "scripts/generate.ts");
  await run("tsc", "--noEmit");
  await run("vitest", "run", "--project", "unit", "test/steps/kubernetes/config-map.test.ts");
  const shown = await run("node", "src/hosts/cli/main.ts", "steps", "kubernetes/config-map");
  expect(shown.stdout).toContain("namespace");
});
