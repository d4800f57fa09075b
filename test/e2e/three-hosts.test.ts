/** One pipeline file, unchanged, on the three hosts where its users work: the same clouds come of it, thing by thing. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./command.ts";
import { finalState } from "./final-state.ts";

const pipeline = "pipelines/aks-nginx-flux.yaml";
const inputs = "domain: example.com\n";

/** Each as its host starts it. `folder`: the host's own, for its files. */
const hosts = {
  "the command line": (folder: string) => ({
    bundle: "provision.js",
    words: ["up", "--sandbox", "--yes", pipeline, "--inputs", join(folder, "inputs.yaml")],
    variables: {},
  }),
  "the GitHub Action": (folder: string) => ({
    bundle: "github-action.js",
    words: [],
    variables: {
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: root,
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      RUNNER_TEMP: folder,
      INPUT_COMMAND: "up",
      INPUT_PIPELINE: pipeline,
      INPUT_INPUTS: inputs,
      INPUT_SANDBOX: "true",
    },
  }),
  "the Azure Pipelines task": (folder: string) => ({
    bundle: "azure-task.js",
    words: [],
    variables: {
      TF_BUILD: "True",
      AGENT_TEMPDIRECTORY: folder,
      BUILD_SOURCESDIRECTORY: root,
      SYSTEM_DEFAULTWORKINGDIRECTORY: root,
      INPUT_COMMAND: "up",
      INPUT_PIPELINE: join(root, pipeline),
      INPUT_INPUTS: inputs,
      INPUT_SANDBOX: "true",
    },
  }),
} as const;
type Host = keyof typeof hosts;

let folder: string;
const states = new Map<Host, Readonly<Record<string, unknown>>>();
const logs = new Map<Host, string>();

const runOn = async (host: Host): Promise<void> => {
  const own = join(folder, host.replaceAll(" ", "-"));
  await mkdir(own);
  for (const name of ["output", "summary"]) await writeFile(join(own, name), "");
  await writeFile(join(own, "inputs.yaml"), inputs);
  const { bundle, words, variables } = hosts[host](own);
  const sandbox = join(own, "sandbox");
  const env = {
    PATH: process.env.PATH,
    HOME: own,
    LANG: "C.UTF-8",
    PROVISION_SANDBOX: sandbox,
    PROVISION_SANDBOX_PACE: "instant",
    PROVISION_CACHE: join(folder, "cache"),
  };
  const options = { cwd: root, reject: false, extendEnv: false, all: true } as const;
  const { all } = await execa(process.execPath, [join(root, "dist", bundle), ...words], {
    ...options,
    env: { ...env, ...variables },
  });
  logs.set(host, all);
  await execa(process.execPath, [join(root, "dist", "provision.js"), "sandbox", "stop"], { ...options, env });
  states.set(host, await finalState(sandbox));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-three-hosts-"));
  for (const host of ["the command line", "the GitHub Action", "the Azure Pipelines task"] as const)
    await runOn(host);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["the command line", "the GitHub Action", "the Azure Pipelines task"] as const)(
  "%s brings all of it up",
  (host) => {
    expect(logs.get(host)).toContain("16 steps verified");
  },
);

test("what it made is worth comparing", () => {
  const names = Object.keys(states.get("the command line") ?? {});
  const of = (part: string) => names.filter((name) => name.includes(part)).length;
  expect(names.length).toBeGreaterThan(100);
  expect([of("managedClusters/"), of("Release "), of("ClusterIssuer ")].every((count) => count > 0)).toBe(
    true,
  );
});

test.each(["the GitHub Action", "the Azure Pipelines task"] as const)(
  "%s leaves the same clouds as the command line, thing by thing",
  (host) => {
    expect(states.get(host)).toEqual(states.get("the command line"));
  },
);

test("the hosts got their results in their own places", async () => {
  const own = (host: Host, file: string) => readFile(join(folder, host.replaceAll(" ", "-"), file), "utf8");
  expect(await own("the GitHub Action", "output")).toMatch(/^address<<(\S+)\n[\d.]+\n\1$/m);
  expect(await own("the GitHub Action", "summary")).toContain("16 steps verified");
  expect(logs.get("the Azure Pipelines task")).toMatch(
    /##vso\[task\.setvariable variable=address;[^\]]*\][\d.]+/,
  );
});
