/** The language's cases, `test/cases/language/*.case`. `UPDATE_CASES=1` writes down what is said now. */
import { writeFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { codes } from "../../src/language/codes.ts";
import { pipelineSchema } from "../../src/language/schema.ts";
import { casesDirectory, readCases } from "./case.ts";
import { fixtureManifest } from "./fixture-manifest.ts";
import { summary } from "./summary.ts";

const cases = readCases();

test.each(cases)("$name: $title", (entry) => {
  const said = summary(entry);
  if (process.env.UPDATE_CASES)
    writeFileSync(new URL(`${entry.name}.case`, casesDirectory), `${entry.head}${said}`);
  else expect(said).toBe(entry.expected);
});

test("every code has a case, and no case has a code outside the table", () => {
  const found = new Set(cases.flatMap(({ expected }) => expected.match(/^P\d{4}(?= )/gm) ?? []));
  expect([...found].toSorted()).toEqual(Object.keys(codes).toSorted());
});

const judged = cases.filter((entry) => entry.schema !== "not-applicable");
const accepts = new Ajv({ strict: false, allErrors: true }).compile(pipelineSchema(fixtureManifest));

test.each(judged)("the schema $schema $name", (entry) => {
  const value: unknown = parseDocument(entry.text, { schema: "core", stringKeys: true }).toJS();
  const accepted = accepts(value);
  expect(accepted ? "accepts" : `refuses`, JSON.stringify(accepts.errors?.slice(0, 3))).toBe(entry.schema);
});

test("the schema accepts every case that the language accepts", () => {
  for (const entry of judged)
    if (/^pipeline /m.test(entry.expected)) expect(entry.schema, entry.name).toBe("accepts");
});
