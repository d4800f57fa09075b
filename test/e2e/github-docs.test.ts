/** docs/github.md, followed: its commands run on a sandbox, its workflows run step by step on the shipped action. */
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { openCommand, root } from "./command.ts";
import { followCommands, readPage } from "./docs-page.ts";
import { annotationsOf, runStep } from "./github-runner.ts";

const page = await readPage("github.md");

const stepSchema = z.looseObject({
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflowSchema = z.looseObject({
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(stepSchema) })),
});

/** What each of the page's samples hands to the action, by `uses:`. */
const samples = page
  .blocks("yaml")
  .map((text): unknown => parse(text))
  .map((sample) =>
    (Array.isArray(sample)
      ? z.array(stepSchema).parse(sample)
      : Object.values(workflowSchema.parse(sample).jobs).flatMap(({ steps }) => steps)
    ).filter(({ uses = "" }) => uses.startsWith("aks-provision/provision@")),
  );

const contexts: Readonly<Record<string, string>> = {
  "${{ vars.AZURE_CLIENT_ID }}": "",
  "${{ vars.AZURE_TENANT_ID }}": "",
  "${{ vars.AZURE_SUBSCRIPTION_ID }}": "",
  "${{ github.event.pull_request.head.repo.fork == true }}": "true",
};
const given = (value: unknown): string => contexts[String(value)] ?? String(value);

const openCheckout = async (name: string) => {
  const command = await openCommand(name);
  onTestFinished(() => command[Symbol.asyncDispose]());
  const work = join(command.folder, "work");
  await mkdir(work);
  return { command, work };
};

test("the page's commands do what it says, one after the other, in a new repository", async () => {
  const { command, work } = await openCheckout("gha-page");
  await followCommands(page, work, join(command.folder, "sandbox"));
});

test("the page's workflows: each sample's steps do what it says", async () => {
  const { command, work } = await openCheckout("gha-samples");
  await symlink(join(root, "pipelines", "static-ip.yaml"), join(work, "provision.yaml"));
  const variables = { PROVISION_SANDBOX: join(command.folder, "sandbox") };
  const run = async (inputs: Readonly<Record<string, unknown>>) => {
    const strings = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, given(value)]));
    const sandbox = strings.offline === "true" ? "false" : "true";
    return runStep({ folder: command.folder, inputs: { ...strings, sandbox }, variables });
  };
  const all = samples.flat();
  expect(all).toHaveLength(5);
  for (const sample of all) {
    const inputs = sample.with ?? {};
    if (inputs["plan-file"] !== undefined) await run({ command: "plan", "plan-file": inputs["plan-file"] });
    const { exitCode, raw, ...step } = await run(inputs);
    expect(exitCode, raw).toBe(0);
    expect(annotationsOf(step)).toEqual([]);
  }
});

test("what the page says of an output, an input or a code is so", async () => {
  const action = z
    .looseObject({ inputs: z.record(z.string(), z.unknown()), outputs: z.record(z.string(), z.unknown()) })
    .parse(parse(await readFile(join(root, "action.yml"), "utf8")));
  for (const name of Object.keys(action.outputs)) expect(page.text).toContain(`\`${name}\``);
  for (const sample of samples.flat())
    expect(Object.keys(sample.with ?? {}).filter((name) => !(name in action.inputs))).toEqual([]);
});
