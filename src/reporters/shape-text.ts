/** A Shape in words, and an object's properties as rows of a table. */
import type { ObjectShape, Shape } from "../step/shape.ts";

/** The type of a value, as a reader of a reference page wants it: `list of integer ≥ 1`. */
export const typeText = (shape: Shape): string => {
  switch (shape.kind) {
    case "string":
      return shape.values
        ? shape.values.map((value) => `\`${value}\``).join(" or ")
        : `string${limits(shape)}`;
    case "number":
      return `${shape.integer ? "integer" : "number"}${range(shape.minimum, shape.maximum, "")}`;
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "literal":
      return `\`${JSON.stringify(shape.value)}\``;
    case "secret":
      return "secret";
    case "array":
      return `list of ${typeText(shape.items)}${range(shape.minimumItems, shape.maximumItems, " items")}`;
    case "object":
      return shape.handle === undefined ? "object" : `${shape.handle} handle`;
    case "record":
      return `map of ${typeText(shape.values)}`;
    case "union":
      return shape.options.map(typeText).join(" or ");
    case "json":
      return "any value";
  }
};

const limits = (shape: { pattern?: string; minimumLength?: number; maximumLength?: number }): string => {
  const length = range(shape.minimumLength, shape.maximumLength, " characters");
  return `${length}${shape.pattern === undefined ? "" : `, \`${shape.pattern}\``}`;
};

const range = (minimum: number | undefined, maximum: number | undefined, unit: string): string => {
  if (minimum === undefined && maximum === undefined) return "";
  if (maximum === undefined) return `, at least ${minimum}${unit}`;
  if (minimum === undefined) return `, at most ${maximum}${unit}`;
  return minimum === maximum ? `, ${minimum}${unit}` : `, ${minimum} to ${maximum}${unit}`;
};

export interface Row {
  /** `pools[].size`. */
  readonly path: string;
  readonly shape: Shape;
  readonly required: boolean;
}

/** Every property, and those of plain objects in it; a handle is one value and stays whole. */
export const rowsOf = (object: ObjectShape, prefix = ""): readonly Row[] =>
  Object.entries(object.properties).flatMap(([name, { shape, required }]) => {
    const path = `${prefix}${name}`;
    return [{ path, shape, required }, ...insideOf(shape, path)];
  });

const insideOf = (shape: Shape, path: string): readonly Row[] => {
  switch (shape.kind) {
    case "object":
      return shape.handle === undefined ? rowsOf(shape, `${path}.`) : [];
    case "array":
      return insideOf(shape.items, `${path}[]`);
    case "record":
      return insideOf(shape.values, `${path}.*`);
    case "union":
      return shape.options.flatMap((option) => insideOf(option, path));
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "secret":
    case "json":
      return [];
  }
};
