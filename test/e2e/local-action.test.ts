/**
 * The shipped action under GitHub's own tool for running actions outside GitHub, which reads action.yml and starts what
 * that names. It unpacks to 328 MB, so it is fetched for this test and is no dependency.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOutputs } from "../hosts/github-action/read-outputs.ts";
import { root } from "./command.ts";

const tool = "@github/local-action@7.0.1";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-local-action-"));
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", tool];
  await execa("npm", words, { cwd: folder, env: { PATH: pathWith(dirname(process.execPath)) } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pathWith = (...folders: readonly string[]): string => [...folders, process.env.PATH].join(delimiter);

test("GitHub's own tool finds the action by its action.yml, and runs it", async () => {
  const [output, summary, variables] = ["output", "summary.md", ".env"].map((name) => join(folder, name));
  const lines = [
    "INPUT_COMMAND=plan",
    "INPUT_PIPELINE=pipelines/static-ip.yaml",
    'INPUT_INPUTS="name: demo"',
    "INPUT_OFFLINE=true",
    `GITHUB_OUTPUT=${output}`,
    `GITHUB_STEP_SUMMARY=${summary}`,
    `GITHUB_WORKSPACE=${root}`,
    `RUNNER_TEMP=${folder}`,
    "NO_COLOR=1",
  ];
  await writeFile(variables ?? "", lines.join("\n"));
  await writeFile(output ?? "", "");
  await writeFile(summary ?? "", "");
  const binaries = join(folder, "node_modules", ".bin");
  const { stdout } = await execa(
    join(binaries, "local-action"),
    [root, "dist/github-action.js", variables ?? ""],
    // It looks for the packages that it runs on in the folder that it is started in.
    { cwd: folder, env: { PATH: pathWith(binaries, dirname(process.execPath)) } },
  );
  expect(stdout).toContain("Plan: 2 to create.");
  expect(readOutputs(await readFile(output ?? "", "utf8"))).toMatchObject({ changes: "true" });
  expect(await readFile(summary ?? "", "utf8")).toContain("### Plan: `static-ip/demo`");
});
