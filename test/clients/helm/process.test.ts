import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helmEnvironment, helmRunner } from "../../../src/clients/helm/process.ts";
import { Failure } from "../../../src/step/failure.ts";
import { Secret } from "../../../src/step/secret.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program in the place of Helm: a script that Node runs. */
const program = async (name: string, script: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${script}`, { mode: 0o755 });
  return path;
};

const signal = () => new AbortController().signal;

test("Helm keeps its folders to itself, and nobody's HELM_ variables or kubeconfig reach it", () => {
  const environment = helmEnvironment(
    { PATH: "/bin", HELM_NAMESPACE: "x", KUBECONFIG: "/home/me/.kube/config", AZURE_CLIENT_ID: "id" },
    "/private",
    "/private/kubeconfig",
    true,
  );
  expect(environment).toEqual({
    PATH: "/bin",
    AZURE_CLIENT_ID: "id",
    HELM_CONFIG_HOME: "/private/config",
    HELM_CACHE_HOME: "/private/cache",
    HELM_DATA_HOME: "/private/data",
    KUBECACHEDIR: "/private/kube",
    KUBECONFIG: "/private/kubeconfig",
  });
});

test("the run's own credentials reach Helm only where a program that it starts logs in with them", () => {
  const variables = {
    PATH: "/bin",
    AZURE_CLIENT_SECRET: "s",
    SYSTEM_ACCESSTOKEN: "t",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "u",
    CLOUDFLARE_API_TOKEN: "v",
    GITHUB_TOKEN: "w",
  };
  const without = helmEnvironment(variables, "/private", "/private/kubeconfig", false);
  expect(Object.keys(without).filter((name) => name in variables)).toEqual(["PATH"]);
  expect(helmEnvironment(variables, "/private", "/private/kubeconfig", true)).toMatchObject(variables);
});

test("a kubeconfig is a file of mode 0600 while Helm runs, and gone when it ends", async () => {
  const path = await program(
    "show.cjs",
    `const fs = require("node:fs"); const file = process.env.KUBECONFIG;
     console.log(JSON.stringify({ file, mode: fs.statSync(file).mode & 0o777, text: fs.readFileSync(file, "utf8"), argv: process.argv.slice(2), input: fs.readFileSync(0, "utf8") }));`,
  );
  const result = await helmRunner(
    path,
    process.env,
  )({
    arguments: ["upgrade"],
    signal: signal(),
    input: '{"a":1}',
    kubeconfig: new Secret("users: [token]", "test"),
  });
  const seen: { file: string; mode: number } = JSON.parse(result.stdout);
  expect(seen).toMatchObject({ mode: 0o600, text: "users: [token]", argv: ["upgrade"], input: '{"a":1}' });
  await expect(stat(join(seen.file, ".."))).rejects.toMatchObject({ code: "ENOENT" });
});

test("cancelling ends Helm and what it started, and leaves no file", async () => {
  const path = await program(
    "hang.cjs",
    `const { spawn } = require("node:child_process");
     const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
     require("node:fs").writeFileSync(process.argv[2], JSON.stringify({ child: child.pid, folder: process.env.HELM_CACHE_HOME }));
     setInterval(() => {}, 1000);`,
  );
  const controller = new AbortController();
  const note = join(folder, "note.json");
  const running = helmRunner(path, process.env)({ arguments: [note], signal: controller.signal });
  const seen = await untilWritten(note);
  controller.abort(new Error("cancelled by the test"));
  await expect(running).rejects.toThrow("cancelled by the test");
  await untilGone(seen.child);
  await expect(readdir(join(seen.folder, ".."))).rejects.toMatchObject({ code: "ENOENT" });
});

test("when the hold on the cluster is lost, Helm ends at once, without a last write", async () => {
  const path = await program(
    "stubborn.cjs",
    `process.on("SIGTERM", () => {});
     require("node:fs").writeFileSync(process.argv[2], JSON.stringify({ child: process.pid, folder: process.env.HELM_CACHE_HOME }));
     setInterval(() => {}, 1000);`,
  );
  const controller = new AbortController();
  const note = join(folder, "stubborn.json");
  const running = helmRunner(path, process.env)({ arguments: [note], signal: controller.signal });
  const { child } = await untilWritten(note);
  const lost = new Failure({ kind: "conflict", code: "P0521", message: "the Lease was lost" });
  controller.abort(lost);
  await expect(running).rejects.toBe(lost);
  await untilGone(child);
});

test("a run that is killed takes Helm, what that started, and the kubeconfig along", async () => {
  const path = await program(
    "orphan.cjs",
    `const { spawn } = require("node:child_process");
     const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
     require("node:fs").writeFileSync(process.argv[2], JSON.stringify({ child: child.pid, folder: process.env.HELM_CACHE_HOME }));
     setInterval(() => {}, 1000);`,
  );
  const note = join(folder, "orphan.json");
  const runner = join(import.meta.dirname, "..", "..", "..", "src", "clients", "helm", "process.ts");
  const script = join(folder, "run.mjs");
  await writeFile(
    script,
    `import { helmRunner } from ${JSON.stringify(runner)};
     await helmRunner(${JSON.stringify(path)}, process.env)({
       arguments: [${JSON.stringify(note)}], signal: new AbortController().signal });`,
  );
  const run = spawn(process.execPath, [script], { stdio: "ignore" });
  const seen = await untilWritten(note);
  run.kill("SIGKILL");
  await untilGone(seen.child);
  while (existsSync(join(seen.folder, ".."))) await new Promise((resolve) => setImmediate(resolve));
});

test("a run whose signal is already aborted starts nothing", async () => {
  const run = helmRunner("/does/not/exist", {});
  await expect(run({ arguments: [], signal: AbortSignal.abort(new Error("over")) })).rejects.toThrow("over");
});

test("a program that can't be started says so where Helm's own words would be", async () => {
  const { exitCode, stderr } = await helmRunner(
    join(folder, "nothing"),
    {},
  )({ arguments: [], signal: signal() });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("ENOENT");
});

const untilWritten = async (path: string): Promise<{ child: number; folder: string }> => {
  const { readFile } = await import("node:fs/promises");
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text.endsWith("}")) return JSON.parse(text);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const untilGone = async (pid: number): Promise<void> => {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
};
