/**
 * Every workflow that `init` can write, against the vendors' published JSON Schemas. No package carries them, so they
 * are read from a folder that PROVISION_CI_SCHEMAS names, and the test is skipped without one: `github-workflow.json`
 * of SchemaStore/schemastore (src/schemas/json) and `service-schema.json` of microsoft/azure-pipelines-vscode.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { combinationsOf, type Host } from "./combinations.ts";
import { generatedWorkflow } from "./generated.ts";

const folder = process.env.PROVISION_CI_SCHEMAS;

const files: Readonly<Record<Host, string>> = {
  github: "github-workflow.json",
  "azure-pipelines": "service-schema.json",
};

/** That of Azure Pipelines names the tasks of Microsoft alone; what is left is what the language says of a task. */
const schemaOf = (host: Host, schema: Record<string, unknown>): Record<string, unknown> => {
  if (host === "github") return schema;
  const { definitions } = z.looseObject({ definitions: z.record(z.string(), z.unknown()) }).parse(schema);
  const task = { type: "object", properties: { task: { type: "string" } }, required: ["task"] };
  return { ...schema, definitions: { ...definitions, task } };
};

/** To Azure Pipelines every scalar is a text, and its schema says so. */
const read = (host: Host, text: string): unknown =>
  parse(text, host === "github" ? {} : { schema: "failsafe" });

describe.skipIf(folder === undefined).each(["github", "azure-pipelines"] as const)("%s", (host) => {
  // Azure Pipelines' patterns are no regular expressions of Unicode's kind.
  const ajv = new Ajv({
    unicodeRegExp: false,
    strict: false,
    validateFormats: false,
    allErrors: true,
    logger: false,
  });
  let validate: ReturnType<Ajv["compile"]>;

  beforeAll(async () => {
    const text = await readFile(join(folder ?? "", files[host]), "utf8");
    validate = ajv.compile(schemaOf(host, z.record(z.string(), z.unknown()).parse(JSON.parse(text))));
  });

  test.for(combinationsOf(host))("$pipeline in $environments is valid", async (combination) => {
    validate(read(host, await generatedWorkflow(combination)));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("the schema refuses what is wrong", async () => {
    const [combination] = combinationsOf(host);
    if (!combination) throw new Error("there is a combination");
    const text = await generatedWorkflow(combination);
    const wrong = text.replace(/timeout-minutes: 15|timeoutInMinutes: 15/, "timeOut: 15");
    expect(wrong).not.toBe(text);
    expect(validate(read(host, wrong))).toBe(false);
  });
});
