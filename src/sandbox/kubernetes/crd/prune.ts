/** Drops what a structural schema does not name, and fills in its defaults. */
import { copyOf, isObject, type Json, type JsonObject, objectOf } from "../json.ts";

export interface Pruned {
  readonly object: JsonObject;
  /** Paths of what was dropped. */
  readonly unknown: readonly string[];
}

/** Prunes a custom resource; apiVersion, kind and metadata are always kept. */
export const prune = (object: JsonObject, schema: JsonObject): Pruned => {
  const unknown: string[] = [];
  const { apiVersion, kind, metadata, ...rest } = object;
  const pruned = pruneValue(rest, schema, "", unknown);
  return { object: { apiVersion, kind, metadata, ...objectOf(pruned) }, unknown: unknown.toSorted() };
};

const pruneValue = (value: Json, schema: JsonObject, path: string, unknown: string[]): Json => {
  if (Array.isArray(value)) {
    const items = objectOf(schema.items);
    return value.map((item, index) => pruneValue(item, items, `${path}[${index}]`, unknown));
  }
  if (!isObject(value)) return value;
  const properties = objectOf(schema.properties);
  const open = schema.additionalProperties;
  const keep = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const pruned: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const below = properties[name] ?? open;
    const field = path ? `${path}.${name}` : name;
    if (isObject(below)) pruned[name] = pruneValue(item, below, field, unknown);
    else if (keep || below === true || (embedded && ["apiVersion", "kind", "metadata"].includes(name))) {
      pruned[name] = item;
    } else unknown.push(field);
  }
  return pruned;
};

/** The value with the schema's defaults where it says nothing; a `null` counts as nothing unless nullable. */
export const withDefaults = (value: Json, schema: JsonObject): Json => {
  if (Array.isArray(value)) {
    const items = schema.items;
    return isObject(items) ? value.map((item) => withDefaults(item, items)) : value;
  }
  if (!isObject(value)) return value;
  const filled: JsonObject = { ...value };
  for (const [name, property] of Object.entries(objectOf(schema.properties))) {
    if (!isObject(property)) continue;
    const absent = filled[name] === undefined || (filled[name] === null && property.nullable !== true);
    if (absent && property.default !== undefined) filled[name] = copyOf(property.default);
    else if (filled[name] === null && absent) delete filled[name];
    const item = filled[name];
    if (item !== undefined) filled[name] = withDefaults(item, property);
  }
  if (isObject(schema.additionalProperties)) {
    const known = objectOf(schema.properties);
    for (const [name, item] of Object.entries(filled)) {
      if (item !== undefined && known[name] === undefined) {
        filled[name] = withDefaults(item, schema.additionalProperties);
      }
    }
  }
  return filled;
};
