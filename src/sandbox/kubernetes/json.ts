/** JSON as the API server handles it, and how to look into a value whose shape nobody has promised. */

export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A property that is `undefined` counts as absent everywhere. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value as an object; an empty one where it is none. */
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The value as a list; an empty one where it is none. */
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** The objects of a list. */
export const objectsOf = (value: Json | undefined): JsonObject[] => listOf(value).filter(isObject);

export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

export const numberOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;

/** The strings of an object, as labels and annotations are. */
export const textsOf = (value: Json | undefined): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const [key, item] of Object.entries(objectOf(value))) if (typeof item === "string") texts[key] = item;
  return texts;
};

/** Follows names into nested objects: `at(pod, "status", "phase")`. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined => {
  let current = value;
  for (const name of path) current = objectOf(current)[name];
  return current;
};

/** A copy that shares nothing with the original; absent properties are left out. */
export const copyOf = <Value extends Json | undefined>(value: Value): Value => structuredClone(value);

/** Deep equality, in which the order of keys and absent properties do not count. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const key of Object.keys(a)) if (!sameJson(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
};

/** Keys sorted at every level: equal values have equal texts. */
export const canonicalText = (value: Json | undefined): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalText(value[key])}`);
  }
  return `{${parts.join(",")}}`;
};
