/** A folder of descriptions is read as its publishers keep it: both forms, many files, their own keywords. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDescriptions } from "./openapi.ts";

const folderOf = async (files: Readonly<Record<string, unknown>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-openapi-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), JSON.stringify(content));
  }
  return folder;
};

const resource = {
  type: "object",
  required: ["id", "location"],
  properties: {
    id: { type: "string", readOnly: true, format: "arm-id" },
    location: { type: "string" },
    size: { type: "integer", minimum: 0, exclusiveMinimum: true, "x-nullable": true },
    tier: { type: "string", enum: ["Basic", "Standard"], "x-ms-enum": { name: "Tier", modelAsString: true } },
  },
};

const swagger = (version: string, definition: unknown) => ({
  swagger: "2.0",
  info: { title: "Things", version },
  paths: {
    "/subscriptions/{subscriptionId}/providers/Things.Of/things/{name}": {
      put: {
        operationId: "Things_Create",
        parameters: [
          { $ref: "../common/types.json#/parameters/Version" },
          { name: "body", in: "body", schema: { $ref: "#/definitions/Thing" } },
        ],
        responses: {
          200: { description: "", schema: { $ref: "#/definitions/Thing" } },
          204: { description: "" },
          default: { description: "", schema: { $ref: "../common/types.json#/definitions/ErrorResponse" } },
        },
      },
    },
    "/{scope}/providers/Things.Of/marks/{name}": {
      get: { operationId: "Marks_Get", responses: { 200: { description: "", schema: { type: "object" } } } },
    },
  },
  definitions: { Thing: definition },
});

const common = {
  swagger: "2.0",
  info: { title: "Common", version: "1" },
  definitions: {
    Resource: resource,
    ErrorResponse: { type: "object", required: ["error"], properties: { error: { type: "object" } } },
  },
  parameters: { Version: { name: "api-version", in: "query", type: "string" } },
};

const path = "/subscriptions/1/providers/things.of/THINGS/a";

test("Swagger: an operation is found by path and version, and checked with what other files define", async () => {
  const folder = await folderOf({
    "common/types.json": common,
    "stable/2020-01-01.json": swagger("2020-01-01", { type: "object" }),
    "stable/2021-01-01.json": swagger("2021-01-01", {
      allOf: [{ $ref: "../common/types.json#/definitions/Resource" }],
    }),
    "stable/examples/Thing.json": { parameters: {}, responses: {} },
  });
  const descriptions = await openDescriptions(folder);
  expect(descriptions.operations).toBe(4);
  const found = descriptions.find("PUT", path, "2021-01-01");
  expect(found?.operationId).toBe("Things_Create");
  expect(found?.statuses).toEqual(["200", "204", "default"]);
  // What is read-only is required of an answer alone.
  expect(found?.checkRequest({ location: "here" })).toEqual([]);
  expect(found?.checkAnswer(200, { location: "here" })).toEqual([expect.stringContaining('"id"')]);
  expect(found?.checkAnswer(200, { id: "/a", location: "here", size: 1, tier: "Basic" })).toEqual([]);
  expect(found?.checkAnswer(200, { id: "/a", location: 1, tier: "Free" })).toHaveLength(2);
  expect(found?.checkAnswer(204, undefined)).toBeUndefined();
  expect(found?.checkAnswer(409, {})).toEqual([expect.stringContaining('"error"')]);
  expect(descriptions.find("PUT", path, "2020-01-01")?.checkAnswer(200, { location: 1 })).toEqual([]);
  expect(descriptions.find("PUT", path, "2020-06-01")?.version).toBe("2020-01-01");
  expect(descriptions.find("PUT", path, "2019-01-01")).toBeUndefined();
  expect(descriptions.find("GET", path)).toBeUndefined();
});

test("Swagger: a scope is a path of any length", async () => {
  const folder = await folderOf({ "types.json": common, "things.json": swagger("1", { type: "object" }) });
  const { find } = await openDescriptions(folder);
  expect(find("GET", "/subscriptions/1/resourceGroups/g/providers/Things.Of/marks/m")?.operationId).toBe(
    "Marks_Get",
  );
});

test("OpenAPI 3: bodies are those of JSON, and null is allowed where it says so", async () => {
  const schema = {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string", nullable: true } },
  };
  const content = { "application/json": { schema } };
  const folder = await folderOf({
    "openapi.json": {
      openapi: "3.0.3",
      info: { title: "Zones", version: "4.0.0" },
      paths: {
        "/zones/{id}": {
          patch: {
            operationId: "zones-edit",
            requestBody: { content },
            responses: { 200: { content }, "4XX": { content } },
          },
        },
      },
    },
  });
  const found = (await openDescriptions(folder)).find("PATCH", "/zones/a");
  expect(found?.checkRequest({ name: null })).toEqual([]);
  expect(found?.checkAnswer(200, {})).toHaveLength(1);
  expect(found?.checkAnswer(404, { name: 1 })).not.toEqual([]);
  expect(found?.checkAnswer(500, {})).toBeUndefined();
});
