/**
 * The very steps of the workflows that `init` writes, on the built action and the built task: what is planned is
 * approved by its file and carried out, then nothing is left to do and all is well. In the sandbox, for want of a cloud.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { evaluated } from "../hosts/cli/init/github-expression.ts";
import { runTask } from "./azure-agent.ts";
import { root } from "./command.ts";
import { runStep } from "./github-runner.ts";

interface Place {
  /** The job's folder: the sandbox, and the host's own files. */
  readonly host: string;
  /** The checkout in it: where `init` wrote. */
  readonly sources: string;
}

/** `checkout`: its name in the job's folder, as the host has it. */
const place = async (checkout: string, ...words: readonly string[]): Promise<Place> => {
  const host = await mkdtemp(join(tmpdir(), "provision-init-"));
  const made = { host, sources: join(host, checkout) };
  await mkdir(made.sources);
  const { exitCode, log } = await provision(made, "init", "--pipeline", "static-ip", ...words);
  expect(log).toContain("Written:");
  expect(exitCode).toBe(0);
  return made;
};

const sandboxOf = ({ host }: Place) => ({ PROVISION_SANDBOX: join(host, "sandbox") });

const provision = async (made: Place, ...words: readonly string[]) => {
  const { all, exitCode } = await execa(process.execPath, [join(root, "dist", "provision.js"), ...words], {
    cwd: made.sources,
    reject: false,
    extendEnv: false,
    all: true,
    env: { PATH: process.env.PATH, HOME: made.host, ...sandboxOf(made) },
  });
  return { log: all, exitCode };
};

const end = async (made: Place | undefined) => {
  if (!made) return;
  await provision(made, "sandbox", "stop");
  await rm(made.host, { recursive: true, force: true });
};

describe("GitHub", () => {
  const workflowSchema = z.object({
    env: z.object({ OFFLINE: z.string() }),
    jobs: z.record(
      z.string(),
      z.object({
        steps: z.array(z.object({ uses: z.string(), with: z.record(z.string(), z.unknown()).default({}) })),
      }),
    ),
  });
  const push = { event_name: "push", event: {} };
  const forkPullRequest = {
    event_name: "pull_request",
    event: { pull_request: { head: { repo: { fork: true } }, user: { login: "stranger" } } },
  };
  let made: Place;

  beforeAll(async () => {
    made = await place("work", "--ci", "github", "--repository", "octo/net");
  });
  afterAll(() => end(made));

  const runJob = async (job: string, github: object, over: Readonly<Record<string, string>>) => {
    const text = await readFile(join(made.sources, ".github/workflows/provision.yml"), "utf8");
    const { env, jobs } = workflowSchema.parse(parse(text));
    const step = jobs[job]?.steps.find(({ uses }) => uses.startsWith("aks-provision/"));
    const OFFLINE = evaluated(env.OFFLINE, { github });
    const contexts = { github, env: { OFFLINE }, vars: {}, matrix: { environment: "dev" } };
    const inputs = Object.entries(step?.with ?? {}).map(([name, value]) => [
      name,
      String(value).replace(/\$\{\{.*?\}\}/g, (expression) => evaluated(expression, contexts)),
    ]);
    return runStep({
      folder: made.host,
      inputs: { ...Object.fromEntries(inputs), ...over },
      variables: sandboxOf(made),
    });
  };
  const inSandbox = { sandbox: "true" };

  test("a fork's pull request is planned without a login, a sandbox or a secret", async () => {
    const { exitCode, log } = await runJob("plan-dev", forkPullRequest, {});
    expect(log).toContain("rg-demo-dev");
    expect(exitCode).toBe(0);
  });

  test("a plan is carried out as its file says; after that, nothing is left to do, and all is well", async () => {
    const plan = await runJob("plan-dev", push, inSandbox);
    expect(plan.outputs.changes, plan.log).toBe("true");
    expect(plan.outputs.plan).toBe(join(made.sources, "plan-dev.json"));
    const up = await runJob("up-dev", push, inSandbox);
    expect(up.log).toContain("2 steps verified");
    expect(up.exitCode).toBe(0);
    expect((await runJob("plan-dev", push, inSandbox)).outputs.changes).toBe("false");
    const status = await runJob("status", push, inSandbox);
    expect(status.exitCode).toBe(0);
    expect([status.outputs.drift, status.outputs.healthy]).toEqual(["false", "true"]);
  });

  test("what was approved for one world is refused in another", async () => {
    // The plan on disk is that of the last test, which had nothing to do: there is nothing of prod in it.
    await copyFile(join(made.sources, "plan-dev.json"), join(made.sources, "plan-prod.json"));
    const { exitCode, log } = await runJob("up-prod", push, inSandbox);
    expect(log).toMatch(/P044\d/);
    expect(exitCode).not.toBe(0);
  });
});

describe("Azure Pipelines", () => {
  const stepSchema = z.looseObject({
    task: z.string().optional(),
    inputs: z.record(z.string(), z.unknown()).default({}),
  });
  const jobSchema = z.looseObject({
    steps: z.array(stepSchema).optional(),
    strategy: z
      .looseObject({ runOnce: z.object({ deploy: z.object({ steps: z.array(stepSchema) }) }).optional() })
      .optional(),
  });
  const pipelineSchema = z.object({
    stages: z.array(z.object({ stage: z.string(), jobs: z.array(jobSchema) })),
  });
  let made: Place;

  beforeAll(async () => {
    made = await place("s", "--ci", "azure-pipelines", "--service-connection", "azure");
  });
  afterAll(() => end(made));

  const runStage = async (stage: string, over: Readonly<Record<string, string>>, fork = false) => {
    const text = await readFile(join(made.sources, "azure-pipelines.yml"), "utf8");
    const { stages } = pipelineSchema.parse(parse(text));
    const job = stages.find((candidate) => candidate.stage === stage)?.jobs[0];
    const steps = job?.steps ?? job?.strategy?.runOnce?.deploy.steps ?? [];
    const task = steps.find((step) => step.task === "Provision@0");
    const macros: Record<string, string> = {
      environment: "dev",
      "Build.ArtifactStagingDirectory": join(made.host, "staging"),
      "Pipeline.Workspace": join(made.host, "workspace"),
    };
    const inputs = Object.entries(task?.inputs ?? {}).map(([name, value]) => [
      name,
      String(value).replace(/\$\(([\w.]+)\)/g, (_, macro: string) => macros[macro] ?? ""),
    ]);
    return runTask({
      folder: made.host,
      inputs: { ...Object.fromEntries(inputs), ...over },
      fork,
      variables: sandboxOf(made),
    });
  };
  const inSandbox = { sandbox: "true" };

  test("a fork's pull request is planned without a login, a sandbox or a secret", async () => {
    const { log, result } = await runStage("plan_fork", {}, true);
    expect(log).toContain("rg-demo-dev");
    expect(result).toBe("Succeeded");
  });

  test("a plan is carried out as its file says; after that, nothing is left to do, and all is well", async () => {
    await mkdir(join(made.host, "staging"));
    const plan = await runStage("plan_dev", inSandbox);
    expect(plan.outputs.changes, plan.log).toBe("true");
    // What the steps `publish` and `download` do.
    await mkdir(join(made.host, "workspace", "plan-dev"), { recursive: true });
    await copyFile(
      join(made.host, "staging", "plan-dev.json"),
      join(made.host, "workspace", "plan-dev", "plan-dev.json"),
    );
    const up = await runStage("up_dev", inSandbox);
    expect(up.log).toContain("2 steps verified");
    expect(up.result).toBe("Succeeded");
    expect((await runStage("plan_dev", inSandbox)).outputs.changes).toBe("false");
    const status = await runStage("status", inSandbox);
    expect([status.outputs.drift, status.outputs.healthy]).toEqual(["false", "true"]);
  });
});
