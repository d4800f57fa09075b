/** The merge shape of each built-in type, from its fields and the exceptions of merge-keys.ts. */
import { deduced, leaf, type Shape } from "../ssa/shape.ts";
import { atomicFields, atomicTypes, conditionTypes, listKeys, patchKeys, sets } from "./merge-keys.ts";
import { types } from "./types.generated.ts";

const shapes = new Map<string, Shape>();

/** Such fields that other types leave out when they are empty. */
const alwaysThereByType: Readonly<Record<string, readonly string[]>> = {
  V1CustomResourceDefinitionSpec: ["names"],
  V1CustomResourceDefinitionStatus: ["acceptedNames", "conditions"],
};

const alwaysThereIn = (type: string): ReadonlySet<string> => {
  const more = alwaysThereByType[type];
  return more ? new Set([...alwaysThere, ...more]) : alwaysThere;
};

/** Fields of Go structs that are structs themselves, not pointers, and lists that are not left out. */
const alwaysThere: ReadonlySet<string> = new Set([
  "metadata",
  "spec",
  "status",
  "template",
  "strategy",
  "updateStrategy",
  "jobTemplate",
  "containers",
  "resources",
  "scaleTargetRef",
  "podSelector",
]);

/** The shape of a type by name (`V1Deployment`). Types refer to one another in circles, so fields are read late. */
export const shapeOfType = (type: string): Shape => {
  const known = shapes.get(type);
  if (known) return known;
  const fields = types[type];
  const shape: Shape = !fields
    ? leaf
    : atomicTypes.has(type)
      ? leaf
      : { kind: "map", field: fieldOf(type, fields), items: undefined, alwaysThere: alwaysThereIn(type) };
  shapes.set(type, shape);
  return shape;
};

const fieldOf = (type: string, fields: Readonly<Record<string, string>>) => {
  const found = new Map<string, Shape>();
  return (name: string): Shape | undefined => {
    const text = fields[name];
    if (text === undefined) return undefined;
    const known = found.get(name);
    if (known) return known;
    const shape = shapeOfField(`${type}.${name}`, text);
    found.set(name, shape);
    return shape;
  };
};

const shapeOfField = (field: string, text: string): Shape => {
  if (atomicFields.has(field)) return leaf;
  if (sets.has(field)) return { kind: "set" };
  const item = /^\[(.*)\]$/.exec(text)?.[1];
  if (item !== undefined) {
    const keys = keysOf(field);
    if (!keys) return leaf;
    const defaults = keys.includes("protocol") ? { protocol: "TCP" } : {};
    return { kind: "list", keys, defaults, items: shapeOfType(item) };
  }
  const value = /^\{(.*)\}$/.exec(text)?.[1];
  if (value !== undefined)
    return { kind: "map", field: () => undefined, items: shapeOfField(`${field}{}`, value) };
  return text === "any" ? deduced : shapeOfType(text);
};

const keysOf = (field: string): readonly string[] | undefined => {
  const [type = "", name = ""] = field.split(".");
  return listKeys[field] ?? (name === "conditions" && conditionTypes.test(type) ? ["type"] : undefined);
};

/** The key by which a strategic merge patch merges a list of objects; `undefined` when it replaces the list. */
export const patchKeyOf = (type: string, field: string): string | undefined => {
  const name = `${type}.${field}`;
  return patchKeys[name] ?? keysOf(name)?.[0];
};
