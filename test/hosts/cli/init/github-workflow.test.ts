/** GitHub's workflow, as `init` writes it: valid by GitHub's own parser, least rights, and the right jobs for each event. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { combinationsOf } from "./combinations.ts";
import { commit, generatedWorkflow } from "./generated.ts";
import { evaluated } from "./github-expression.ts";
import { githubParser } from "./github-parser.ts";

const combinations = combinationsOf("github");

const stepSchema = z.object({
  uses: z.string(),
  id: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).optional(),
});
const jobSchema = z.object({
  if: z.string(),
  needs: z.array(z.string()).default([]),
  environment: z.string().optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  permissions: z.record(z.string(), z.string()),
  "timeout-minutes": z.number(),
  steps: z.array(stepSchema),
});
const workflowSchema = z.object({
  permissions: z.object({}).strict(),
  env: z.object({ OFFLINE: z.string() }),
  jobs: z.record(z.string(), jobSchema),
});

const workflowOf = async (combination = combinations[1]) => {
  if (!combination) throw new Error("there is a combination");
  const text = await generatedWorkflow(combination);
  return { text, ...workflowSchema.parse(parse(text)) };
};

test.for(combinations)("$pipeline in $environments: GitHub's parser finds no fault", async (combination) => {
  const content = await generatedWorkflow(combination);
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await githubParser();
  const { context, value } = parseWorkflow({ name: "provision.yml", content }, new NoOperationTraceWriter());
  expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
  if (!value) throw new Error("a workflow without errors has a value");
  const template = await convertWorkflowTemplate(context, value);
  expect(template.errors ?? []).toEqual([]);
  const names = combination.environments.flatMap((name) => [`plan-${name}`, `up-${name}`]);
  expect(template.jobs.map(({ id }) => id.value)).toEqual([...names, "status"]);
});

test("every action is pinned by a commit, with its version beside it", async () => {
  const { text } = await workflowOf();
  const uses = text.match(/uses: .*/g) ?? [];
  expect(uses.length).toBeGreaterThan(10);
  const own = `uses: aks-provision/provision@${commit}`;
  for (const line of uses.filter((line) => line !== own))
    expect(line).toMatch(/^uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("jobs ask for no more rights than they need", async () => {
  const { jobs } = await workflowOf();
  const login = { contents: "read", "id-token": "write" };
  expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
    "plan-dev": { ...login, "pull-requests": "write" },
    "up-dev": login,
    "plan-prod": { ...login, "pull-requests": "write" },
    "up-prod": login,
    status: { ...login, issues: "write" },
  });
});

test("environments come one after the other, each with its approval, and no run is cut off", async () => {
  const { jobs } = await workflowOf();
  expect(jobs["up-dev"]).toMatchObject({ environment: "dev", needs: ["plan-dev"] });
  expect(jobs["up-prod"]).toMatchObject({ environment: "prod", needs: ["plan-prod", "up-dev"] });
  expect(jobs["up-prod"]?.concurrency).toEqual({ group: "provision-prod", "cancel-in-progress": false });
  for (const [name, job] of Object.entries(jobs))
    if (!name.startsWith("up-")) expect(job.environment).toBeUndefined();
});

test("`up` asserts the very file that its plan has left", async () => {
  const { jobs } = await workflowOf();
  const withOf = (job: string, uses: string) =>
    jobs[job]?.steps.find((step) => step.uses.startsWith(uses))?.with ?? {};
  const planned = withOf("plan-dev", "aks-provision/");
  expect(withOf("plan-dev", "actions/upload-artifact")).toMatchObject({ path: planned["plan-file"] });
  expect(withOf("up-dev", "actions/download-artifact").name).toBe(
    withOf("plan-dev", "actions/upload-artifact").name,
  );
  expect(withOf("up-dev", "aks-provision/")).toMatchObject({
    "plan-file": planned["plan-file"],
    command: "up",
  });
});

test("secrets reach our own action alone, by its environment", async () => {
  const { text, jobs } = await workflowOf();
  for (const { uses, env } of Object.values(jobs).flatMap((job) => job.steps)) {
    const secret = Object.values(env ?? {}).some((value) => value.includes("secrets."));
    expect(secret, uses).toBe(uses.startsWith("aks-provision/"));
  }
  const rest = text.replaceAll("CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}", "");
  expect(rest).not.toMatch(/secrets\.\w/);
});

test("a pipeline without secrets has no empty map of them", async () => {
  const { jobs } = await workflowOf(combinations.find(({ pipeline }) => pipeline === "static-ip"));
  expect(jobs["plan-prod"]?.steps.map(({ env }) => env)).toEqual([undefined, undefined, undefined]);
});

const repository = "octo/net.work";
const pullRequest = (fork: boolean, login = "octo") => ({
  repository,
  event_name: "pull_request",
  ref: "refs/pull/1/merge",
  event: { pull_request: { head: { repo: { fork } }, user: { login } } },
});
const push = { repository, event_name: "push", ref: "refs/heads/main", event: {} };
const byHand = { ...push, event_name: "workflow_dispatch" };

const plans = ["plan-dev", "plan-prod"];
const all = ["plan-dev", "up-dev", "plan-prod", "up-prod"];

test.for([
  ["a pull request", pullRequest(false), "", plans],
  ["a fork's pull request", pullRequest(true), "", plans],
  ["a push to main", push, "", all],
  ["the night", { ...push, event_name: "schedule" }, "", ["status"]],
  ["`up` by hand", byHand, "up", all],
  ["`status` by hand", byHand, "status", ["status"]],
  ["`up` by hand on another branch", { ...byHand, ref: "refs/heads/x" }, "up", plans],
  ["a push to somebody's copy", { ...push, repository: "other/net.work" }, "", []],
  ["the night in somebody's copy", { ...push, event_name: "schedule", repository: "other/net.work" }, "", []],
] as const)("%s runs just the jobs that it is for", async ([, github, command, expected]) => {
  const { jobs } = await workflowOf();
  const inputs = command === "" ? {} : { command };
  // A job without status functions in its condition needs those before it to have succeeded.
  const ran: string[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const needs = Object.fromEntries(
      job.needs.map((need) => [need, { outputs: ran.includes(need) ? { changes: "true" } : {} }]),
    );
    if (evaluated(job.if, { github, inputs, needs }) === "true") ran.push(name);
  }
  expect(ran).toEqual(expected);
});

test("where a plan has no changes nobody is asked, and where one before failed nothing goes on", async () => {
  const { jobs } = await workflowOf();
  const contexts = (changes: string) => ({
    github: push,
    inputs: {},
    needs: { "plan-prod": { outputs: { changes } } },
  });
  const condition = jobs["up-prod"]?.if ?? "";
  expect(evaluated(condition, contexts("true"))).toBe("true");
  expect(evaluated(condition, contexts("false"))).toBe("false");
  expect(evaluated(condition, contexts("true"), { failed: true })).toBe("false");
});

test.for([
  ["a pull request", pullRequest(false), "false", "true"],
  ["a fork's", pullRequest(true), "true", "false"],
  ["Dependabot's", pullRequest(false, "dependabot[bot]"), "true", "false"],
  ["a push to main", push, "false", "false"],
] as const)("%s: a login and a comment only where there may be one", async ([, github, offline, comment]) => {
  const workflow = await workflowOf();
  const OFFLINE = evaluated(workflow.env.OFFLINE, { github });
  expect(OFFLINE).toBe(offline);
  const plan = workflow.jobs["plan-dev"]?.steps.find(({ id }) => id === "plan");
  expect(evaluated(String(plan?.with.comment), { github, env: { OFFLINE } })).toBe(comment);
});
