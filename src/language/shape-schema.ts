/** A step's shape as JSON Schema: what may be written for it in a file, literally or as an expression. */
import type { Shape } from "../step/shape.ts";

export type JsonSchema = { readonly [key: string]: unknown };

const reference = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
/** A whole-value `${{ }}`; defined by the pipeline's schema. */
export const expression = reference("expression");
/** Text with `${{ }}` in it; defined there too. */
const interpolated = reference("interpolated");

/** Names of the properties that must be given. */
export const requiredOf = (shape: Extract<Shape, { kind: "object" }>): readonly string[] =>
  Object.entries(shape.properties)
    .filter(([, property]) => property.required && property.shape.default === undefined)
    .map(([name]) => name);

/** An object, with the properties that must be given and no others. */
export const objectSchema = (shape: Extract<Shape, { kind: "object" }>): JsonSchema => ({
  type: "object",
  additionalProperties: false,
  required: requiredOf(shape),
  properties: Object.fromEntries(
    Object.entries(shape.properties).map(([name, property]) => [name, shapeSchema(property.shape)]),
  ),
});

/** A shape as it may be written in a file: literally, or as an expression. */
const shapeSchema = (shape: Shape): JsonSchema => ({
  ...(shape.description === undefined ? {} : { description: shape.description }),
  ...(shape.default === undefined ? {} : { default: shape.default }),
  ...form(shape),
});

const form = (shape: Shape): JsonSchema => {
  const written = literalForms(shape);
  if (shape.kind === "json") return {};
  if (shape.kind === "string" && Object.keys(written[0] ?? {}).length === 1) return { type: "string" };
  return { anyOf: [...written, takesText(shape) ? interpolated : expression] };
};

/** Where text may be made of parts. */
const takesText = (shape: Shape): boolean =>
  shape.kind === "string" ||
  shape.kind === "secret" ||
  (shape.kind === "union" && shape.options.some(takesText));

const literalForms = (shape: Shape): readonly JsonSchema[] => {
  switch (shape.kind) {
    case "string":
      return [
        defined({
          type: "string",
          enum: shape.values,
          pattern: shape.pattern,
          minLength: shape.minimumLength,
          maxLength: shape.maximumLength,
        }),
      ];
    case "number":
      return [
        defined({
          type: shape.integer ? "integer" : "number",
          minimum: shape.minimum,
          maximum: shape.maximum,
        }),
      ];
    case "boolean":
    case "null":
      return [{ type: shape.kind }];
    case "literal":
      return [{ const: shape.value }];
    case "secret":
      return [];
    case "array":
      return [
        defined({
          type: "array",
          items: shapeSchema(shape.items),
          minItems: shape.minimumItems,
          maxItems: shape.maximumItems,
        }),
      ];
    case "object":
      return [objectSchema(shape)];
    case "record":
      return [{ type: "object", additionalProperties: shapeSchema(shape.values) }];
    case "union":
      return shape.options.flatMap(literalForms);
    case "json":
      return [{}];
  }
};

const defined = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
