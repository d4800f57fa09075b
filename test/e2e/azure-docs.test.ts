/** docs/azure-pipelines.md, followed: its commands run on a sandbox, its pipelines run task by task on the shipped bundle. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import taskSource from "../../src/hosts/azure-task/extension/task.json" with { type: "json" };
import { issuesOf, runTask } from "./azure-agent.ts";
import { openCommand, root } from "./command.ts";
import { followCommands, readPage } from "./docs-page.ts";

const page = await readPage("azure-pipelines.md");

const steps = z.array(
  z.looseObject({ task: z.string().optional(), inputs: z.record(z.string(), z.unknown()).default({}) }),
);
const jobSchema = z.looseObject({
  steps: steps.optional(),
  strategy: z.object({ runOnce: z.object({ deploy: z.object({ steps }) }) }).optional(),
});
const pipelineSchema = z.looseObject({
  steps: steps.optional(),
  stages: z.array(z.looseObject({ jobs: z.array(jobSchema) })).default([]),
});

/** What each of the page's samples hands to the task. */
const samples = page.blocks("yaml").map((text) => {
  const pipeline = pipelineSchema.parse(parse(text));
  const jobs = [
    pipeline,
    ...pipeline.stages.flatMap((stage) => stage.jobs.map((job) => jobSchema.parse(job))),
  ];
  return jobs
    .flatMap((job) => [...(job.steps ?? []), ...(jobSchema.parse(job).strategy?.runOnce.deploy.steps ?? [])])
    .filter(({ task }) => task === "Provision@0")
    .map(({ inputs }) => inputs);
});

const openSources = async (name: string) => {
  const command = await openCommand(name);
  onTestFinished(() => command[Symbol.asyncDispose]());
  const sources = join(command.folder, "s");
  await mkdir(sources);
  return { command, sources };
};

test("the page's commands do what it says, one after the other, in a new repository", async () => {
  const { command, sources } = await openSources("azp-page");
  await followCommands(page, sources, join(command.folder, "sandbox"));
});

test("the page's pipelines: each sample's tasks do what it says, one after the other", async () => {
  const { command, sources } = await openSources("azp-samples");
  await symlink(join(root, "pipelines", "static-ip.yaml"), join(sources, "provision.yaml"));
  // The macros of the samples, as the agent has them; an artifact that is kept is found under the same name.
  const variables = (text: string) =>
    text
      .replace("$(Build.ArtifactStagingDirectory)", command.folder)
      .replace("$(Pipeline.Workspace)/plan", command.folder);
  expect(samples.map((tasks) => tasks.length)).toEqual([1, 1, 2, 1, 2]);
  for (const inputs of samples.flat()) {
    const { azureSubscription: _, ...rest } = inputs;
    const given = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, variables(String(value))]),
    );
    const sandbox = given.offline === "true" ? "false" : "true";
    const task = await runTask({
      folder: command.folder,
      inputs: { ...given, sandbox },
      variables: { PROVISION_SANDBOX: join(command.folder, "sandbox") },
    });
    expect(task.result, task.raw).toBe("Succeeded");
    expect(issuesOf(task)).toEqual([]);
  }
});

test("what the page says of inputs and outputs is what the task has", () => {
  const inputs = new Set(taskSource.inputs.map(({ name }) => name));
  for (const name of inputs) expect(page.text).toContain(`\`${name}\``);
  for (const { name } of taskSource.outputVariables) expect(page.text).toContain(`\`${name}\``);
  const used = samples.flat().flatMap((task) => Object.keys(task));
  expect(used.filter((name) => !inputs.has(name))).toEqual([]);
});
