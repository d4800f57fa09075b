/** How custom resources merge: `x-kubernetes-list-type`, `-map-keys`, `-map-type` of their structural schema. */
import { isObject, type Json, type JsonObject, listOf, objectOf, textOf } from "../json.ts";
import { shapeOfType } from "../kinds/shapes.ts";
import { deduced, leaf, type Shape } from "../ssa/shape.ts";

/** The shape of a whole custom resource. */
export const shapeOfCustom = (schema: JsonObject): Shape => {
  const root = shapeOfSchema(schema);
  const known: Record<string, Shape> = {
    apiVersion: leaf,
    kind: leaf,
    metadata: shapeOfType("V1ObjectMeta"),
  };
  return {
    kind: "map",
    field: (name) => known[name] ?? (root.kind === "map" ? root.field(name) : undefined),
    items: deduced,
  };
};

/** The shape of one value. A schema that says nothing leaves the merge to what the value looks like. */
export const shapeOfSchema = (schema: Json | undefined): Shape => {
  if (!isObject(schema)) return deduced;
  if (schema["x-kubernetes-int-or-string"] === true) return leaf;
  switch (schema.type) {
    case "object":
      return shapeOfObject(schema);
    case "array":
      return shapeOfList(schema);
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return leaf;
    default:
      return deduced;
  }
};

const shapeOfObject = (schema: JsonObject): Shape => {
  if (schema["x-kubernetes-map-type"] === "atomic") return leaf;
  if (schema["x-kubernetes-embedded-resource"] === true) return deduced;
  const properties = objectOf(schema.properties);
  const found = new Map<string, Shape>();
  const open = isObject(schema.additionalProperties)
    ? shapeOfSchema(schema.additionalProperties)
    : schema.additionalProperties === true || schema["x-kubernetes-preserve-unknown-fields"] === true
      ? deduced
      : undefined;
  if (Object.keys(properties).length === 0)
    return open ? { kind: "map", field: () => undefined, items: open } : deduced;
  return {
    kind: "map",
    field: (name) => {
      if (properties[name] === undefined) return undefined;
      const known = found.get(name) ?? shapeOfSchema(properties[name]);
      found.set(name, known);
      return known;
    },
    items: open,
  };
};

const shapeOfList = (schema: JsonObject): Shape => {
  if (schema["x-kubernetes-list-type"] === "set") return { kind: "set" };
  if (schema["x-kubernetes-list-type"] !== "map") return leaf;
  const keys = listOf(schema["x-kubernetes-list-map-keys"]).flatMap((key) => textOf(key) ?? []);
  const properties = objectOf(objectOf(schema.items).properties);
  const defaults: JsonObject = {};
  for (const key of keys) {
    const value = objectOf(properties[key]).default;
    if (value !== undefined) defaults[key] = value;
  }
  return { kind: "list", keys, defaults, items: shapeOfSchema(schema.items) };
};
