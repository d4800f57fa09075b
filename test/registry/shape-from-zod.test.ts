/** Every schema either keeps all that it promises in its Shape, or is refused with its path and a reason. */
import { expect, test } from "vitest";
import { z } from "zod";
import { shapeFromZod } from "../../src/registry/shape-from-zod.ts";
import { publicIpHandle } from "../../src/step/handle.ts";
import { secret } from "../../src/step/secret.ts";

const described = (schema: z.ZodType) => z.object({ field: schema.describe("A field.") });

test.each([
  [
    "a text with limits",
    z
      .string()
      .min(1)
      .max(63)
      .regex(/^[a-z]+$/),
    { kind: "string", minimumLength: 1, maximumLength: 63, pattern: "^[a-z]+$" },
  ],
  ["a text of fixed length", z.string().length(4), { kind: "string", minimumLength: 4, maximumLength: 4 }],
  ["a choice", z.enum(["Free", "Standard"]), { kind: "string", values: ["Free", "Standard"] }],
  [
    "a whole number with limits",
    z.number().int().min(1).max(9),
    { kind: "number", integer: true, minimum: 1, maximum: 9 },
  ],
  ["z.int()", z.int().min(0), { kind: "number", integer: true, minimum: 0 }],
  ["yes or no", z.boolean(), { kind: "boolean" }],
  ["a literal", z.literal("x"), { kind: "literal", value: "x" }],
  ["null as a literal", z.literal(null), { kind: "literal", value: null }],
  ["a secret", secret(), { kind: "secret" }],
  [
    "a list",
    z.array(z.string()).min(1).max(3),
    { kind: "array", items: { kind: "string" }, minimumItems: 1, maximumItems: 3 },
  ],
  ["free keys", z.record(z.string(), z.number()), { kind: "record", values: { kind: "number" } }],
  ["any JSON", z.json(), { kind: "json" }],
  ["anything", z.unknown(), { kind: "json" }],
  ["free keys with any JSON", z.record(z.string(), z.json()), { kind: "record", values: { kind: "json" } }],
  [
    "one of several",
    z.union([z.string(), z.number()]),
    { kind: "union", options: [{ kind: "string" }, { kind: "number" }] },
  ],
  ["perhaps null", z.string().nullable(), { kind: "union", options: [{ kind: "string" }, { kind: "null" }] }],
])("%s", (_, schema, shape) => {
  expect(shapeFromZod(described(schema), "input")).toEqual({
    kind: "object",
    properties: { field: { shape: { ...shape, description: "A field." }, required: true } },
  });
});

test("a property with a default, or an optional one, is not required", () => {
  const schema = z.object({
    count: z.number().default(3).describe("How many."),
    zone: z.string().describe("Which zone.").optional(),
    secretly: secret().optional().describe("Perhaps a token."),
  });
  expect(shapeFromZod(schema, "input")).toEqual({
    kind: "object",
    properties: {
      count: { shape: { kind: "number", default: 3, description: "How many." }, required: false },
      zone: { shape: { kind: "string", description: "Which zone." }, required: false },
      secretly: { shape: { kind: "secret", description: "Perhaps a token." }, required: false },
    },
  });
});

test("an object with a literal kind is a handle", () => {
  expect(shapeFromZod(publicIpHandle, "output")).toMatchObject({ kind: "object", handle: "public-ip" });
});

const address = z.string().refine((text) => text.includes("@"));

test.each([
  ["a transform", z.string().transform((text) => text.length)],
  ["a refinement", address],
  ["an overwrite", z.string().trim()],
  ["coercion of text", z.coerce.string()],
  ["coercion of a number", z.coerce.number()],
  ["coercion of yes or no", z.coerce.boolean()],
  ["a pipe", z.string().pipe(z.string())],
  ["a preprocessed value", z.preprocess((value) => value, z.string())],
  ["a date", z.date()],
  ["instanceof", z.instanceof(URL)],
  ["a custom type", z.custom<string>(() => true)],
  ["a refined secret", secret().refine(() => true)],
  ["a refined object", z.object({}).refine(() => true)],
  ["a format without a pattern", z.url()],
  ["a pattern with flags", z.string().regex(/a/i)],
  ["two patterns", z.string().regex(/a/).regex(/b/)],
  ["an open interval", z.number().positive()],
  ["a multiple", z.number().multipleOf(5)],
  ["a tuple", z.tuple([z.string()])],
  ["an intersection", z.intersection(z.object({}), z.object({}))],
  ["an object with further keys", z.looseObject({})],
  ["a recursive type", z.lazy(() => z.string())],
  ["a caught error", z.string().catch("x")],
  ["a prefault", z.string().prefault("x")],
  ["a record with keys of a choice", z.record(z.enum(["a"]), z.string())],
])("%s is refused, with its path", (_, schema) => {
  expect(() => shapeFromZod(described(schema), "input")).toThrow(/^input\.field/);
});

test("a field that nobody described is refused", () => {
  const schema = z.object({ pools: z.array(z.object({ size: z.string() })).describe("Pools.") });
  expect(() => shapeFromZod(schema, "input")).toThrow("input.pools[].size: lacks .describe()");
});
