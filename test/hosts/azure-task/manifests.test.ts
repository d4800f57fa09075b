/**
 * What Azure DevOps reads of task and extension: every input is one that the task reads, and what the service and the
 * agent want is kept. The vendor's own schema is in no package: PROVISION_CI_SCHEMAS names a folder with
 * `tasks.schema.json` of microsoft/azure-pipelines-task-lib, and that test is skipped without it.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { z } from "zod";
import product from "../../../package.json" with { type: "json" };
import taskSource from "../../../src/hosts/azure-task/extension/task.json" with { type: "json" };
import extensionSource from "../../../src/hosts/azure-task/extension/vss-extension.json" with {
  type: "json",
};
import { extensionManifest, taskManifest, taskPackage } from "../../../src/hosts/azure-task/manifests.ts";

const made = { version: product.version, repository: "https://github.com/octo/provision" };
const taskSchema = z.looseObject({
  name: z.string(),
  version: z.strictObject({ Major: z.number(), Minor: z.number(), Patch: z.number() }),
  friendlyName: z.string().max(40),
  groups: z.array(z.looseObject({ name: z.string() })),
  inputs: z.array(
    z.looseObject({
      name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/),
      label: z.string(),
      helpMarkDown: z.string(),
      groupName: z.string().optional(),
      visibleRule: z.string().optional(),
    }),
  ),
  outputVariables: z.array(z.looseObject({ name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/) })),
  execution: z.record(z.string(), z.looseObject({ target: z.string() })),
  minimumAgentVersion: z.string(),
});
const task = taskSchema.parse(taskManifest(taskSource, made));
const names = task.inputs.map(({ name }) => name);

test("the task is `Provision` of the product's major version, for Node 24 alone, which agents have since 4.265.1", () => {
  expect(task).toMatchObject({ name: "Provision", minimumAgentVersion: "4.265.1" });
  const { Major, Minor, Patch } = task.version;
  expect([Major, Minor, Patch].join(".")).toBe(product.version);
  expect(task.execution).toEqual({ Node24: { target: "dist/azure-task.js" } });
});

test("the task reads every input that it declares, and declares every one that it reads", async () => {
  const source = await readFile(join(import.meta.dirname, "../../../src/hosts/azure-task/inputs.ts"), "utf8");
  const read = [...source.matchAll(/\b(?:input|flag|path)\("(\w+)"/g)].map(([, name]) => name);
  expect([...new Set(read)].sort()).toEqual([...names].sort());
});

test("groups and rules name what is there", () => {
  const groups = task.groups.map(({ name }) => name);
  for (const { groupName, visibleRule = "" } of task.inputs) {
    if (groupName !== undefined) expect(groups).toContain(groupName);
    const ruled = [...visibleRule.matchAll(/(\w+) (?:=|!=) /g)].map(([, name]) => name ?? "");
    expect(ruled.filter((name) => !names.includes(name))).toEqual([]);
  }
});

test("the extension brings the folder that its contribution names, under one version", () => {
  const extension = z
    .looseObject({
      version: z.string(),
      files: z.array(z.looseObject({ path: z.string() })),
      contributions: z.tuple([z.looseObject({ properties: z.object({ name: z.string() }) })]),
    })
    .parse(extensionManifest(extensionSource, made));
  expect(extension.version).toBe(product.version);
  const [{ properties }] = extension.contributions;
  expect(extension.files.map(({ path }) => path)).toContain(properties.name);
  expect(taskPackage(made)).toMatchObject({ type: "module", version: product.version });
});

const schemas = process.env.PROVISION_CI_SCHEMAS;

test.skipIf(schemas === undefined)(
  "the vendor's schema takes the task, and refuses one that is wrong",
  async () => {
    const text = await readFile(join(schemas ?? "", "tasks.schema.json"), "utf8");
    // Draft 4: what later drafts call otherwise does not occur in it, but for its own address.
    const { id: _, $schema: __, ...schema } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    const validate = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }).compile(schema);
    validate(taskManifest(taskSource, made));
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...taskManifest(taskSource, made), category: "Elsewhere" })).toBe(false);
  },
);
