/** JSON Schemas of the wire bodies of an Azure SDK package, from its declarations and its names on the wire. */
import type { Declarations, Property } from "./declarations.ts";
import type { WireNames } from "./wire-names.ts";

export type Schema = boolean | { readonly [keyword: string]: unknown };

/**
 * `answer`: nothing that is not declared, nothing required missing; an optional property may be null, as ARM writes it.
 * `request`: nothing that is not declared, nothing required missing, and nothing that only the service may write.
 */
export type Direction = "answer" | "request";

const primitives: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  // Both of a day and of a time.
  Date: { type: "string", anyOf: [{ format: "date-time" }, { format: "date" }] },
  Uint8Array: { type: "string" },
};

const schemaOfType = (text: string, declarations: Declarations): Schema => {
  const type = text.trim();
  const of = (inner: string): Schema => schemaOfType(inner, declarations);
  const known = primitives[type];
  if (known !== undefined) return known;
  const dictionary =
    /^Record<string, (.+)>$/.exec(type)?.[1] ?? /^\{\s*\[\w+: string\]: ([^;]+);?\s*\}$/.exec(type)?.[1];
  if (dictionary !== undefined) return { type: "object", additionalProperties: of(dictionary) };
  if (type.endsWith("[]")) return { type: "array", items: of(type.slice(0, -2).replace(/^\((.*)\)$/, "$1")) };
  const options = type.split(" | ");
  if (options.length > 1) return { anyOf: options.map(of) };
  if (type === "null") return { type: "null" };
  if (/^".*"$/.test(type)) return { const: type.slice(1, -1) };
  if (declarations.interfaces.has(type)) return { $ref: `#/definitions/${type}` };
  const values = declarations.values.get(type.toLowerCase());
  if (values !== undefined) return { enum: values };
  const alias = declarations.aliases.get(type);
  return alias === undefined ? true : of(alias);
};

interface Branch {
  readonly properties: Record<string, Schema>;
  readonly required: string[];
  readonly inner: Map<string, Branch>;
}

const branch = (): Branch => ({ properties: {}, required: [], inner: new Map() });

const grow = (root: Branch, path: readonly string[], schema: Schema, required: boolean): void => {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    root.properties[key] = schema;
    if (required) root.required.push(key);
    return;
  }
  const next = root.inner.get(key) ?? branch();
  root.inner.set(key, next);
  grow(next, rest, schema, required);
};

const objectSchema = ({ properties, required, inner }: Branch, open: boolean): Schema => ({
  type: "object",
  properties: {
    ...properties,
    ...Object.fromEntries([...inner].map(([key, below]) => [key, objectSchema(below, open)])),
  },
  required,
  ...(open ? {} : { additionalProperties: false }),
});

const propertySchema = (
  { type, readOnly, optional }: Property,
  limits: Readonly<Record<string, unknown>>,
  declarations: Declarations,
  direction: Direction,
): Schema => {
  if (direction === "request" && readOnly) return false;
  const schema = schemaOfType(type, declarations);
  const limited =
    typeof schema === "boolean" || Object.keys(limits).length === 0 ? schema : { allOf: [schema, limits] };
  return direction === "answer" && optional ? { anyOf: [limited, { type: "null" }] } : limited;
};

/** One schema with a definition for each interface. */
export const modelSchemas = (declarations: Declarations, names: WireNames, direction: Direction): Schema => {
  const definitions = [...declarations.interfaces].map(([name, properties]): [string, Schema] => {
    // A model that is only ever sent has no reader; its names are those of the wire.
    const wire = names.get(name);
    const root = branch();
    for (const [key, property] of properties) {
      const { path, limits } = wire?.get(key) ?? { path: [key], limits: {} };
      const required = !property.optional && !(direction === "request" && property.readOnly);
      grow(root, path, propertySchema(property, limits, declarations, direction), required);
    }
    return [name, objectSchema(root, declarations.open.has(name))];
  });
  return { definitions: Object.fromEntries(definitions) };
};
