/** One pipeline file, unchanged, on the three hosts where its users work: the same clouds come of it, thing by thing. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTask, type TaskResult } from "./azure-agent.ts";
import { root } from "./command.ts";
import { finalState } from "./final-state.ts";
import { runStep, type StepResult } from "./github-runner.ts";

const pipeline = "aks-nginx-flux.yaml";
const inputs = "domain: example.com\n";

type State = Readonly<Record<string, unknown>>;

let folder: string;
let commandLine: { readonly log: string; readonly state: State };
let action: StepResult & { readonly state: State };
let task: TaskResult & { readonly state: State };

/** A folder for one host, with its checkout in it, and a sandbox of its own. */
const openHost = async (name: string, checkout: string) => {
  const own = join(folder, name);
  const sources = join(own, checkout);
  await mkdir(sources, { recursive: true });
  await symlink(join(root, "pipelines", pipeline), join(sources, pipeline));
  await writeFile(join(sources, "inputs.yaml"), inputs);
  const variables = {
    PROVISION_SANDBOX: join(own, "sandbox"),
    PROVISION_SANDBOX_PACE: "instant",
    PROVISION_CACHE: join(folder, "cache"),
    PROVISION_CHARTS: join(root, ".charts"),
  };
  const provision = (...words: readonly string[]) =>
    execa(process.execPath, [join(root, "dist", "provision.js"), ...words], {
      cwd: sources,
      reject: false,
      extendEnv: false,
      all: true,
      env: { PATH: process.env.PATH, HOME: own, LANG: "C.UTF-8", ...variables },
    });
  /** What came of it. Stopped, the sandbox has all of its state on disk. */
  const state = async (): Promise<State> => {
    await provision("sandbox", "stop");
    return finalState(variables.PROVISION_SANDBOX);
  };
  return { own, variables, provision, state };
};

const request = { command: "up", pipeline, inputs, sandbox: "true" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-three-hosts-"));
  const plain = await openHost("command-line", "checkout");
  const { all } = await plain.provision("up", "--sandbox", "--yes", pipeline, "--inputs", "inputs.yaml");
  commandLine = { log: all, state: await plain.state() };
  const github = await openHost("github", "work");
  const step = await runStep({ folder: github.own, inputs: request, variables: github.variables });
  action = { ...step, state: await github.state() };
  const azure = await openHost("azure", "s");
  const ran = await runTask({ folder: azure.own, inputs: request, variables: azure.variables });
  task = { ...ran, state: await azure.state() };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("each host brings all of it up", () => {
  for (const { log } of [commandLine, action, task]) expect(log).toContain("16 steps verified");
});

test("what it made is worth comparing", () => {
  const names = Object.keys(commandLine.state);
  const of = (part: string) => names.filter((name) => name.includes(part)).length;
  expect(names.length).toBeGreaterThan(100);
  expect([of("managedClusters/"), of("Release "), of("ClusterIssuer ")].every((count) => count > 0)).toBe(
    true,
  );
});

test("the GitHub Action leaves the same clouds as the command line, thing by thing", () => {
  expect(action.state).toEqual(commandLine.state);
});

test("the Azure Pipelines task leaves the same clouds as the command line, thing by thing", () => {
  expect(task.state).toEqual(commandLine.state);
});

test("the hosts got their results in their own places", () => {
  expect(action.outputs.address).toMatch(/^[\d.]+$/);
  expect(action.summary).toContain("16 steps verified");
  expect(task.raw).toMatch(/##vso\[task\.setvariable variable=address;[^\]]*\][\d.]+/);
});
