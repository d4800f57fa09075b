/** Azure Pipelines' file, as `init` writes it: its stages, who may log in, and what is asserted after an approval. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { combinationsOf } from "./combinations.ts";
import { generatedWorkflow } from "./generated.ts";

const stepSchema = z.looseObject({
  task: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).optional(),
});
const stageSchema = z.object({
  stage: z.string(),
  dependsOn: z.array(z.string()),
  condition: z.string(),
  lockBehavior: z.string().optional(),
  jobs: z.tuple([
    z.looseObject({
      job: z.string().optional(),
      deployment: z.string().optional(),
      environment: z.string().optional(),
      steps: z.array(stepSchema).optional(),
      strategy: z
        .looseObject({
          matrix: z.record(z.string(), z.object({ environment: z.string() })).optional(),
          runOnce: z.object({ deploy: z.object({ steps: z.array(stepSchema) }) }).optional(),
        })
        .optional(),
    }),
  ]),
});
const pipelineSchema = z.looseObject({ stages: z.array(stageSchema) });

const stagesOf = async (index = 2) => {
  const combination = combinationsOf("azure-pipelines")[index];
  if (!combination) throw new Error("there is a combination");
  const text = await generatedWorkflow(combination);
  const { stages } = pipelineSchema.parse(parse(text));
  return {
    text,
    stages: stages.map(({ jobs: [job], ...stage }) => ({
      ...stage,
      job,
      steps: job.steps ?? job.strategy?.runOnce?.deploy.steps ?? [],
    })),
  };
};

const tasksOf = (steps: readonly z.output<typeof stepSchema>[]) =>
  steps.filter(({ task }) => task === "Provision@0");

test("plans are made at once, and environments come up one after the other", async () => {
  const { stages } = await stagesOf();
  expect(stages.map(({ stage, dependsOn }) => [stage, dependsOn])).toEqual([
    ["plan_fork", []],
    ["plan_dev", []],
    ["up_dev", ["plan_dev"]],
    ["plan_test_eu", []],
    ["up_test_eu", ["plan_test_eu", "up_dev"]],
    ["plan_prod", []],
    ["up_prod", ["plan_prod", "up_test_eu"]],
    ["status", []],
  ]);
});

test("`up` waits for the environment's approval, in turn, and asserts the very file that was approved", async () => {
  const { stages } = await stagesOf();
  const planned = stages.find(({ stage }) => stage === "plan_test_eu");
  const up = stages.find(({ stage }) => stage === "up_test_eu");
  expect(up).toMatchObject({ lockBehavior: "sequential", job: { deployment: "up", environment: "test-eu" } });
  expect(planned?.steps).toContainEqual(
    expect.objectContaining({
      publish: "$(Build.ArtifactStagingDirectory)/plan-test-eu.json",
      artifact: "plan-test-eu",
    }),
  );
  expect(tasksOf(planned?.steps ?? [])[0]?.inputs).toMatchObject({
    command: "plan",
    planFile: "$(Build.ArtifactStagingDirectory)/plan-test-eu.json",
  });
  expect(up?.steps).toContainEqual(
    expect.objectContaining({ download: "current", artifact: "plan-test-eu" }),
  );
  expect(tasksOf(up?.steps ?? [])[0]?.inputs).toMatchObject({
    command: "up",
    planFile: "$(Pipeline.Workspace)/plan-test-eu/plan-test-eu.json",
  });
});

test("a fork's pull request reaches no login and no secret, and nothing else runs for it", async () => {
  const { stages } = await stagesOf();
  const fork = stages.find(({ stage }) => stage === "plan_fork");
  expect(tasksOf(fork?.steps ?? [])).toEqual([
    expect.objectContaining({
      inputs: {
        command: "plan",
        pipeline: "provision.yaml",
        inputsFile: "environments/$(environment).yaml",
        offline: true,
      },
    }),
  ]);
  expect(tasksOf(fork?.steps ?? [])[0]?.env).toBeUndefined();
  expect(fork?.condition).toBe("eq(variables['System.PullRequest.IsFork'], 'True')");
  for (const { stage, condition } of stages.filter(
    ({ stage }) => stage.startsWith("plan_") && stage !== "plan_fork",
  ))
    expect(condition, stage).toContain("ne(variables['System.PullRequest.IsFork'], 'True')");
  for (const { stage, condition } of stages.filter(({ stage }) => stage.startsWith("up_"))) {
    expect(condition, stage).toContain("eq(variables['Build.SourceBranch'], 'refs/heads/main')");
    expect(condition, stage).toContain(
      `eq(dependencies.${stage.replace("up_", "plan_")}.outputs['plan.provision.changes'], 'true')`,
    );
  }
});

test("the status looks at every environment, at night alone", async () => {
  const { stages } = await stagesOf();
  const status = stages.at(-1);
  expect(status?.condition).toBe("eq(variables['Build.Reason'], 'Schedule')");
  expect(Object.values(status?.job.strategy?.matrix ?? {})).toEqual([
    { environment: "dev" },
    { environment: "test-eu" },
    { environment: "prod" },
  ]);
});

test("every task but the fork's logs in by the service connection, and has the secrets by its environment", async () => {
  const { stages, text } = await stagesOf();
  const tasks = stages.filter(({ stage }) => stage !== "plan_fork").flatMap(({ steps }) => tasksOf(steps));
  expect(tasks).toHaveLength(7);
  for (const { inputs, env } of tasks) {
    expect(inputs.azureSubscription).toBe("my azure (prod)");
    expect(env).toEqual({ CLOUDFLARE_API_TOKEN: "$(CLOUDFLARE_API_TOKEN)" });
  }
  expect(text).not.toMatch(/__[A-Z]/);
});
