/** What the generated workflow hands to our action is what the action takes, and what it reads is what the action gives. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readInputs } from "../../../../src/hosts/github-action/inputs.ts";
import { combinationsOf } from "./combinations.ts";
import { generatedWorkflow } from "./generated.ts";
import { evaluated } from "./github-expression.ts";

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ required: z.boolean().optional() })),
  outputs: z.record(z.string(), z.unknown()),
});
const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      outputs: z.record(z.string(), z.string()).default({}),
      steps: z.array(
        z.object({
          id: z.string().optional(),
          uses: z.string(),
          with: z.record(z.string(), z.unknown()).default({}),
          env: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

const action = async () =>
  actionSchema.parse(parse(await readFile(join(import.meta.dirname, "../../../../action.yml"), "utf8")));

const jobsOf = async () => {
  const [, combination] = combinationsOf("github");
  if (!combination) throw new Error("there is a combination");
  return workflowSchema.parse(parse(await generatedWorkflow(combination))).jobs;
};

const isOwn = ({ uses }: { readonly uses: string }) => uses.startsWith("aks-provision/");

test("every input is one of the action's, and none that it requires is missing", async () => {
  const { inputs } = await action();
  const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
  for (const step of Object.values(await jobsOf()).flatMap((job) => job.steps.filter(isOwn))) {
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
    expect(Object.keys(step.with)).toEqual(expect.arrayContaining(required));
  }
});

test("every output that is read is one of the action's", async () => {
  const { outputs } = await action();
  const jobs = Object.values(await jobsOf());
  const ids = jobs.flatMap((job) => job.steps.filter(isOwn).map(({ id }) => id));
  const read = [...JSON.stringify(jobs).matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
  expect(read.length).toBeGreaterThan(0);
  for (const [, id, output] of read) {
    expect(ids).toContain(id);
    expect(Object.keys(outputs)).toContain(output);
  }
});

/** As the runner hands them to the action. */
const variables = (inputs: Readonly<Record<string, unknown>>, contexts: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      String(value).replace(/\$\{\{.*?\}\}/g, (expression) => evaluated(expression, contexts)),
    ]),
  );

const contexts = (OFFLINE: boolean) => ({
  github: { event_name: "pull_request", token: "t" },
  env: { OFFLINE: String(OFFLINE) },
  vars: OFFLINE ? {} : { AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t", AZURE_SUBSCRIPTION_ID: "s" },
  matrix: { environment: "prod" },
});

test.for([true, false])("the action takes all of them, offline: %s", async (offline) => {
  const jobs = await jobsOf();
  const taken = Object.entries(jobs).flatMap(([name, job]) =>
    job.steps
      .filter(isOwn)
      .map((step) => [name, readInputs(variables(step.with, contexts(offline)))] as const),
  );
  expect(taken.map(([name, { request }]) => [name, request.command, request.inputsFile])).toEqual([
    ["plan-dev", "plan", "environments/dev.yaml"],
    ["up-dev", "up", "environments/dev.yaml"],
    ["plan-prod", "plan", "environments/prod.yaml"],
    ["up-prod", "up", "environments/prod.yaml"],
    ["status", "status", "environments/prod.yaml"],
  ]);
  const plan = taken[0]?.[1];
  expect(plan).toMatchObject({
    comment: !offline,
    request: { offline, planFile: "plan-dev.json", subscription: offline ? undefined : "s" },
  });
});
