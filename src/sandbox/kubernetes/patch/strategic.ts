/**
 * Strategic merge patch, for built-in kinds: lists of objects merge by their key, with the directives `$patch`
 * (replace, delete, merge), `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…`.
 */
import { isObject, type Json, type JsonObject, listOf, objectOf, sameJson } from "../json.ts";
import { sets } from "../kinds/merge-keys.ts";
import { patchKeyOf } from "../kinds/shapes.ts";
import { types } from "../kinds/types.generated.ts";

const itemType = (text: string | undefined): string => /^[[{](.*)[\]}]$/.exec(text ?? "")?.[1] ?? text ?? "";

/** `type` is a name of types.generated.ts; values of no known type merge as a JSON merge patch. */
export const strategicMerge = (document: Json | undefined, patch: Json, type: string): Json => {
  if (!isObject(patch)) return patch;
  if (patch.$patch === "replace") return withoutDirectives(patch);
  const current = objectOf(document);
  const merged: JsonObject = { ...current };
  const retained = Array.isArray(patch.$retainKeys) ? patch.$retainKeys : undefined;
  if (retained) for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key];
  for (const [key, value] of Object.entries(patch)) {
    const [directive, field] = key.startsWith("$") ? key.split("/") : ["", key];
    if (value === undefined || field === undefined) continue;
    if (directive === "$deleteFromPrimitiveList") {
      const gone = listOf(value);
      merged[field] = listOf(merged[field]).filter((item) => !gone.some((other) => sameJson(item, other)));
    } else if (directive === "$setElementOrder") {
    } else if (value === null) {
      delete merged[field];
    } else {
      merged[field] = mergeField(merged[field], value, type, field);
    }
  }
  for (const [key, order] of Object.entries(patch)) {
    const field = /^\$setElementOrder\/(.*)$/.exec(key)?.[1];
    if (field !== undefined && merged[field] !== undefined) {
      merged[field] = ordered(listOf(merged[field]), listOf(order), patchKeyOf(type, field));
    }
  }
  return merged;
};

const mergeField = (current: Json | undefined, patch: Json, type: string, field: string): Json => {
  const below = itemType(types[type]?.[field]);
  if (!Array.isArray(patch)) return strategicMerge(current, patch, below);
  if (sets.has(`${type}.${field}`)) {
    const merged = [...listOf(current)];
    for (const item of patch) if (!merged.some((other) => sameJson(other, item))) merged.push(item);
    return merged;
  }
  const key = patchKeyOf(type, field);
  if (key === undefined) return patch;
  return mergeItems(listOf(current), patch, key, below);
};

const mergeItems = (current: readonly Json[], patch: readonly Json[], key: string, type: string): Json[] => {
  if (patch.some((item) => isObject(item) && item.$patch === "replace")) {
    return patch.filter((item) => !(isObject(item) && item.$patch === "replace"));
  }
  const merged = [...current];
  for (const item of patch) {
    const index = merged.findIndex((other) => sameJson(objectOf(other)[key], objectOf(item)[key]));
    if (isObject(item) && item.$patch === "delete") {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) {
      merged[index] = strategicMerge(merged[index], item, type);
    } else {
      merged.push(isObject(item) ? withoutDirectives(item) : item);
    }
  }
  return merged;
};

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(patch).flatMap(([key, value]) => {
      if (key.startsWith("$")) return [];
      return [[key, isObject(value) ? withoutDirectives(value) : value]];
    }),
  );

/** Named items in the given order; the others stay behind the neighbour that they stood behind. */
const ordered = (items: readonly Json[], order: readonly Json[], key: string | undefined): Json[] => {
  const rank = (item: Json): number =>
    order.findIndex((wanted) =>
      key === undefined ? sameJson(wanted, item) : sameJson(objectOf(wanted)[key], objectOf(item)[key]),
    );
  let last = -1;
  return items
    .map((item) => {
      const own = rank(item);
      if (own >= 0) last = own;
      return { item, own, anchor: own >= 0 ? own : last };
    })
    .sort((a, b) => a.anchor - b.anchor || (a.own >= 0 ? -1 : 0) - (b.own >= 0 ? -1 : 0))
    .map(({ item }) => item);
};
