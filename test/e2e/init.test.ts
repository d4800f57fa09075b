/** From nothing: `init` in an empty folder, then the very commands that its workflow and its first screen name. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./command.ts";

let folder: string;
let sandbox: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-init-"));
  sandbox = await mkdtemp(join(tmpdir(), "provision-init-sandbox-"));
});

afterAll(async () => {
  await provision("sandbox", "stop");
  await rm(folder, { recursive: true, force: true });
  await rm(sandbox, { recursive: true, force: true });
});

const provision = async (...words: readonly string[]) => {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(root, "dist", "provision.js"), ...words],
    {
      cwd: folder,
      reject: false,
      env: {
        PROVISION_SANDBOX: sandbox,
        PROVISION_SANDBOX_PACE: "instant",
        PROVISION_CACHE: join(sandbox, "cache"),
        NO_COLOR: "1",
      },
    },
  );
  return { exitCode, stdout, stderr };
};

const flags = [
  "init",
  "--pipeline",
  "aks-nginx-flux",
  "--input",
  "domain=example.com",
  "--ci",
  "github",
  "--repository",
  "octo/net",
];

test("one command makes the files, and a second finds nothing to do", async () => {
  const made = await provision(...flags);
  expect(made.stderr).toMatch(/^\s*note: this is a development build/);
  expect(made).toMatchObject({ exitCode: 0 });
  expect((await readdir(folder)).sort()).toEqual(
    expect.arrayContaining([".github", "environments", "provision.schema.json", "provision.yaml"]),
  );
  expect((await provision(...flags)).stdout).toMatch(/^Nothing to do:/);
});

test.for(["dev", "prod"])("the plan of a fork's pull request works for %s", async (environment) => {
  const inputs = `environments/${environment}.yaml`;
  const { exitCode, stdout } = await provision("plan", "--offline", "provision.yaml", "--inputs", inputs);
  expect(stdout).toContain(`clu-demo-${environment}`);
  expect(stdout).toContain("Plan: 15 to create");
  expect(exitCode).toBe(0);
});

test("the plan of a pull request works against a cloud, with its file for `up`", async () => {
  const words = [
    "provision.yaml",
    "--inputs",
    "environments/dev.yaml",
    "--sandbox",
    "--out",
    "plan-dev.json",
  ];
  const { exitCode, stdout } = await provision("plan", ...words);
  expect(stdout).toContain("Plan: 15 to create");
  expect(exitCode).toBe(0);
});

test("without a terminal, what is missing is named", async () => {
  const { exitCode, stderr } = await provision("init");
  expect(stderr).toContain("--pipeline NAME");
  expect(exitCode).toBe(2);
});
