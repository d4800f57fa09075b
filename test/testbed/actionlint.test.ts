/** Every GitHub workflow that `provision init` can write, against actionlint: types of expressions, contexts, scripts. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { combinationsOf } from "../hosts/cli/init/combinations.ts";
import { generatedWorkflow } from "../hosts/cli/init/generated.ts";
import { buildPrograms } from "./build.ts";
import { lintPrograms } from "./programs.ts";

/** What actionlint says of files; nothing where they are well. */
const lint = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const binaries = await buildPrograms(lintPrograms, { variables: process.env });
  const folder = await mkdtemp(join(tmpdir(), "provision-actionlint-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // No other linter that this machine may have: what it says would differ from machine to machine.
  const words = ["-no-color", "-shellcheck=", "-pyflakes=", ...Object.keys(files)];
  const { stdout, stderr } = await execa(binaries("actionlint"), words, { cwd: folder, reject: false });
  return stdout + stderr;
};

test("actionlint finds nothing in any workflow", async () => {
  const texts: [string, string][] = [];
  for (const combination of combinationsOf("github")) {
    const name = `${combination.pipeline}-${combination.environments.length}.yml`;
    texts.push([name, await generatedWorkflow(combination)]);
  }
  expect(texts).toHaveLength(9);
  expect(await lint(Object.fromEntries(texts))).toBe("");
});

test("it would: a job that is needed and not there, a context that has no such name", async () => {
  const [combination] = combinationsOf("github");
  if (!combination) throw new Error("there is a combination");
  const text = await generatedWorkflow(combination);
  const wrong = text
    .replace("needs: [plan-prod]", "needs: [plan-prd]")
    .replace("github.ref ==", "github.reff ==");
  const said = await lint({ "wrong.yml": wrong });
  expect(said).toContain('needs job "plan-prd" which does not exist');
  expect(said).toContain('property "reff" is not defined');
});
