/**
 * From a step's zod schema to its Shape, the plain data that the language checks against. Only a closed subset of
 * zod has a Shape; whatever a Shape could not say (transforms, coercion, refinements) is refused here, by name and
 * path, so that nothing which a schema promises gets lost between zod and the manifest. Used by the generator, and
 * at run time for a pipeline's own steps.
 */
import { z } from "zod";
import type {
  ArrayShape,
  NumberShape,
  Property,
  Scalar,
  Shape,
  ShapeNotes,
  StringShape,
} from "../step/shape.ts";

/** Says which part of a schema is outside the subset, and what to write instead. */
export class UnsupportedSchema extends Error {
  override readonly name = "UnsupportedSchema";
  /** As in `input.pools[].size`. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
  }
}

type Schema = z.core.$ZodType;

/**
 * The Shape of a schema.
 * @param path where it stands, for messages: `input`.
 * @throws UnsupportedSchema for anything outside the subset: string, number, boolean, null, literal, enum, secret,
 * array, object, record with string keys, union, nullable, optional, default, readonly, `z.json()`, `z.unknown()`.
 */
export const shapeFromZod = (schema: Schema, path: string): Shape => {
  const notes = notesOf(schema);
  const bare = bareShape(schema, path);
  return { ...bare, ...notes };
};

const notesOf = (schema: Schema): ShapeNotes => {
  const description = z.globalRegistry.get(schema)?.description;
  return description === undefined ? {} : { description };
};

const bareShape = (schema: Schema, path: string): Shape => {
  if (schema instanceof z.core.$ZodCustom) return secretShape(schema, path);
  if (schema instanceof z.core.$ZodString) return stringShape(schema, path);
  if (schema instanceof z.core.$ZodNumber) return numberShape(schema, path);
  if (schema instanceof z.core.$ZodArray) return arrayShape(schema, path);
  refuseChecks(schema, path);
  if (schema instanceof z.core.$ZodBoolean) {
    if (schema._zod.def.coerce) throw new UnsupportedSchema(path, "coercion is not allowed; use z.boolean()");
    return { kind: "boolean" };
  }
  if (schema instanceof z.core.$ZodNull) return { kind: "null" };
  if (schema instanceof z.core.$ZodLiteral) return literalShape(schema._zod.def.values, path);
  if (schema instanceof z.core.$ZodEnum) return enumShape(Object.values(schema._zod.def.entries), path);
  if (schema instanceof z.core.$ZodObject) return objectShape(schema, path);
  if (schema instanceof z.core.$ZodRecord) return recordShape(schema, path);
  if (schema instanceof z.core.$ZodUnion) {
    return { kind: "union", options: schema._zod.def.options.map((option) => shapeFromZod(option, path)) };
  }
  if (schema instanceof z.core.$ZodNullable) {
    return { kind: "union", options: [shapeFromZod(schema._zod.def.innerType, path), { kind: "null" }] };
  }
  if (schema instanceof z.core.$ZodReadonly) return shapeFromZod(schema._zod.def.innerType, path);
  if (schema instanceof z.core.$ZodOptional) return shapeFromZod(schema._zod.def.innerType, path);
  if (schema instanceof z.core.$ZodDefault) return defaultShape(schema, path);
  if (schema instanceof z.core.$ZodUnknown || isJson(schema)) return { kind: "json" };
  throw new UnsupportedSchema(path, `zod's \`${schema._zod.def.type}\` has no shape; use a plainer type`);
};

const secretShape = (schema: z.core.$ZodCustom, path: string): Shape => {
  if (z.globalRegistry.get(schema)?.secret !== true) {
    throw new UnsupportedSchema(path, "custom types and instanceof are not allowed; a secret is `secret()`");
  }
  refuseChecks(schema, path);
  return { kind: "secret" };
};

const refinement =
  "refinements, overwrites and other checks do not reach the schema of the pipeline; drop them";

const refuseChecks = (schema: Schema, path: string): void => {
  if ((schema._zod.def.checks?.length ?? 0) > 0) throw new UnsupportedSchema(path, refinement);
};

const stringShape = (schema: z.core.$ZodString, path: string): Shape => {
  const definition = schema._zod.def;
  if (definition.coerce) throw new UnsupportedSchema(path, "coercion is not allowed; use z.string()");
  let shape: StringShape = { kind: "string" };
  const own = schema instanceof z.core.$ZodStringFormat ? [schema] : [];
  for (const check of [...own, ...(definition.checks ?? [])]) {
    if (check instanceof z.core.$ZodCheckMinLength) {
      shape = { ...shape, minimumLength: check._zod.def.minimum };
    } else if (check instanceof z.core.$ZodCheckMaxLength) {
      shape = { ...shape, maximumLength: check._zod.def.maximum };
    } else if (check instanceof z.core.$ZodCheckLengthEquals) {
      shape = { ...shape, minimumLength: check._zod.def.length, maximumLength: check._zod.def.length };
    } else if (check instanceof z.core.$ZodCheckStringFormat && check._zod.def.pattern) {
      shape = { ...shape, pattern: patternOf(check._zod.def.pattern, shape, path) };
    } else {
      throw new UnsupportedSchema(path, refinement);
    }
  }
  return shape;
};

const patternOf = (pattern: RegExp, shape: StringShape, path: string): string => {
  if (pattern.flags.replace("u", "") !== "") {
    throw new UnsupportedSchema(
      path,
      `a pattern has no flags in JSON Schema; write /${pattern.source}/ without`,
    );
  }
  if (shape.pattern !== undefined)
    throw new UnsupportedSchema(path, "only one pattern is possible; join them");
  return pattern.source;
};

const numberShape = (schema: z.core.$ZodNumber, path: string): Shape => {
  const definition = schema._zod.def;
  if (definition.coerce) throw new UnsupportedSchema(path, "coercion is not allowed; use z.number()");
  let shape: NumberShape = { kind: "number" };
  const own = schema instanceof z.core.$ZodNumberFormat ? [schema] : [];
  for (const check of [...own, ...(definition.checks ?? [])]) {
    if (check instanceof z.core.$ZodCheckNumberFormat && check._zod.def.format === "safeint") {
      shape = { ...shape, integer: true };
    } else if (check instanceof z.core.$ZodCheckGreaterThan && check._zod.def.inclusive) {
      shape = { ...shape, minimum: Number(check._zod.def.value) };
    } else if (check instanceof z.core.$ZodCheckLessThan && check._zod.def.inclusive) {
      shape = { ...shape, maximum: Number(check._zod.def.value) };
    } else {
      throw new UnsupportedSchema(path, "only .int(), .min() and .max() of a number have a shape");
    }
  }
  return shape;
};

const arrayShape = (schema: z.core.$ZodArray, path: string): Shape => {
  let shape: ArrayShape = { kind: "array", items: shapeFromZod(schema._zod.def.element, `${path}[]`) };
  for (const check of schema._zod.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckMinLength)
      shape = { ...shape, minimumItems: check._zod.def.minimum };
    else if (check instanceof z.core.$ZodCheckMaxLength)
      shape = { ...shape, maximumItems: check._zod.def.maximum };
    else throw new UnsupportedSchema(path, refinement);
  }
  return shape;
};

const literalShape = (values: readonly unknown[], path: string): Shape => {
  const scalars = values.map((value): Scalar => {
    if (
      value === null ||
      typeof value === "string" ||
      typeof value === "number" ||
      typeof value === "boolean"
    ) {
      return value;
    }
    throw new UnsupportedSchema(path, `a literal is a string, number, boolean or null, not ${typeof value}`);
  });
  const [only] = scalars;
  if (scalars.length === 1 && only !== undefined) return { kind: "literal", value: only };
  return { kind: "union", options: scalars.map((value) => ({ kind: "literal", value })) };
};

const enumShape = (values: readonly (string | number)[], path: string): Shape => ({
  kind: "string",
  values: values.map((value) => {
    if (typeof value === "string") return value;
    throw new UnsupportedSchema(path, "an enum is of strings");
  }),
});

const objectShape = (schema: z.core.$ZodObject, path: string): Shape => {
  const { catchall, shape } = schema._zod.def;
  if (catchall !== undefined && !(catchall instanceof z.core.$ZodNever)) {
    throw new UnsupportedSchema(path, "an object with further keys is not allowed; use z.record()");
  }
  const properties: Record<string, Property> = {};
  for (const [name, property] of Object.entries(shape)) {
    const inner = shapeFromZod(property, `${path}.${name}`);
    if (!inner.description)
      throw new UnsupportedSchema(`${path}.${name}`, "lacks .describe(), one sentence with units");
    properties[name] = { shape: inner, required: isRequired(property) };
  }
  const kind = properties.kind?.shape;
  const isHandle = kind?.kind === "literal" && typeof kind.value === "string";
  return { kind: "object", properties, ...(isHandle ? { handle: String(kind.value) } : {}) };
};

const isRequired = (schema: Schema): boolean => {
  if (schema instanceof z.core.$ZodReadonly || schema instanceof z.core.$ZodNullable) {
    return isRequired(schema._zod.def.innerType);
  }
  return !(schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodDefault);
};

const recordShape = (schema: z.core.$ZodRecord, path: string): Shape => {
  const { keyType, valueType } = schema._zod.def;
  if (!(keyType instanceof z.core.$ZodString) || (keyType._zod.def.checks?.length ?? 0) > 0) {
    throw new UnsupportedSchema(path, "the keys of a record are z.string()");
  }
  return { kind: "record", values: shapeFromZod(valueType, `${path}.*`) };
};

const defaultShape = (schema: z.core.$ZodDefault, path: string): Shape => {
  if (schema instanceof z.core.$ZodPrefault)
    throw new UnsupportedSchema(path, "use .default(), not .prefault()");
  const value: unknown = schema._zod.def.defaultValue;
  const parsed = z.json().safeParse(value);
  if (!parsed.success) throw new UnsupportedSchema(path, "a default is plain JSON");
  return { ...shapeFromZod(schema._zod.def.innerType, path), default: parsed.data };
};

/** `z.json()` is a lazy union of the six JSON types; every other lazy schema has no shape. */
const isJson = (schema: Schema): boolean => {
  if (!(schema instanceof z.core.$ZodLazy)) return false;
  const inner = schema._zod.innerType;
  return (
    inner instanceof z.core.$ZodUnion &&
    inner._zod.def.options.map((option) => option._zod.def.type).join() ===
      "string,number,boolean,null,array,record"
  );
};
