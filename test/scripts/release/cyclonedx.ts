/** Holds a document against CycloneDX's own schema, as its own library carries it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { expect } from "vitest";
import { z } from "zod";

const folder = resolve(import.meta.dirname, "../../../node_modules/@cyclonedx/cyclonedx-library/res/schema");
const schema = (name: string) =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(join(folder, name), "utf8")));

// The schema has words of its own beside JSON Schema's, and formats that only ajv-formats knows.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(schema("spdx.SNAPSHOT.schema.json"), "http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json");
ajv.addSchema(
  schema("jsf-0.82.SNAPSHOT.schema.json"),
  "http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json",
);
const validate = ajv.compile(schema("bom-1.6.SNAPSHOT.schema.json"));

export const expectCycloneDx = (document: unknown): void => {
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
};

const documentSchema = z.object({
  metadata: z.object({ component: z.object({ "bom-ref": z.string(), name: z.string() }) }),
  components: z.array(
    z.object({
      "bom-ref": z.string(),
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).default([]),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/** The parts that tests look at. */
export const readCycloneDx = (document: unknown) => documentSchema.parse(document);
