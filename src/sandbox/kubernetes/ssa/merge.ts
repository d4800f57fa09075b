/** Merges an applied configuration into the live object, after structured-merge-diff's merging walker. */
import { isObject, type Json, type JsonObject } from "../json.ts";
import { childShape, resolve, type Shape } from "./shape.ts";
import { itemsOf } from "./typed.ts";

/** `live` with everything that `config` sets; keyed lists merge item by item, in the configuration's order. */
export const merge = (live: Json | undefined, config: Json | undefined, given: Shape): Json | undefined => {
  if (config === undefined) return live;
  const shape = resolve(given, config);
  if (shape.kind === "leaf" || live === undefined || live === null) return config;
  if (shape.kind === "map") {
    if (!isObject(config)) return config === null && isObject(live) ? live : config;
    if (!isObject(live)) return config;
    const merged: JsonObject = { ...live };
    for (const [name, item] of Object.entries(config)) {
      if (item !== undefined) merged[name] = merge(live[name], item, childShape(shape, `f:${name}`));
    }
    return merged;
  }
  if (!Array.isArray(config) || !Array.isArray(live)) return config ?? live;
  return mergeList(shape, live, config);
};

/**
 * Shared items take the configuration's order; items of the live list alone stay where they are relative to their
 * shared neighbours; new ones come where the configuration has them.
 */
const mergeList = (shape: Shape & { kind: "list" | "set" }, live: Json[], config: Json[]): Json[] => {
  const left = itemsOf(shape, live);
  const right = itemsOf(shape, config);
  const leftKeys = [...left.keys()];
  const rightKeys = [...right.keys()];
  const shared = rightKeys.filter((element) => left.has(element));
  const merged: Json[] = [];
  const done = new Set<string>();
  const take = (element: string) => {
    done.add(element);
    const items: Shape = shape.kind === "set" ? { kind: "leaf" } : shape.items;
    const item = merge(left.get(element), right.get(element), items);
    if (item !== undefined) merged.push(item);
    if (shared[0] === element) shared.shift();
  };
  let l = 0;
  let r = 0;
  while (l < leftKeys.length || r < rightKeys.length) {
    const a = leftKeys[l];
    const b = rightKeys[r];
    if (a !== undefined && a === b) {
      take(a);
      l++;
      r++;
    } else if (
      a !== undefined &&
      b !== undefined &&
      right.has(a) &&
      shared[0] !== undefined &&
      shared[0] !== a
    ) {
      l++;
    } else if (a !== undefined && !right.has(a)) {
      take(a);
      l++;
    } else if (a !== undefined && done.has(a)) {
      l++;
    } else if (b !== undefined) {
      take(b);
      r++;
    } else {
      l++;
    }
  }
  return merged;
};
