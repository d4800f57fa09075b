/**
 * Values under a shape, after sigs.k8s.io/structured-merge-diff/typed: which fields a value sets, how two values
 * differ, what a value is without some fields.
 */
import { canonicalText, isObject, type Json, type JsonObject, objectOf, sameJson } from "../json.ts";
import { emptySet, type FieldSet, isEmpty, member, setOf } from "./field-set.ts";
import { childShape, resolve, type Shape } from "./shape.ts";

/** The path element of a list's item. */
export const elementOf = (shape: Shape & { kind: "list" | "set" }, item: Json): string => {
  if (shape.kind === "set") return `v:${JSON.stringify(item)}`;
  const keys: JsonObject = {};
  for (const key of shape.keys) keys[key] = objectOf(item)[key] ?? shape.defaults[key];
  return `k:${canonicalText(keys)}`;
};

/** The items of a keyed list or set by element, in order; later duplicates are left out. */
export const itemsOf = (
  shape: Shape & { kind: "list" | "set" },
  list: readonly Json[],
): Map<string, Json> => {
  const items = new Map<string, Json>();
  for (const item of list) {
    const element = elementOf(shape, item);
    if (!items.has(element)) items.set(element, item);
  }
  return items;
};

const isEmptyObject = (value: Json | undefined): boolean =>
  value === null || (isObject(value) && Object.values(value).every((item) => item === undefined));

/** The fields that a configuration sets. */
export const fieldsOf = (value: Json | undefined, given: Shape): FieldSet => {
  const shape = resolve(given, value);
  if (value === undefined) return emptySet;
  if (shape.kind === "leaf") return member;
  if (shape.kind === "map") {
    if (!isObject(value)) return emptySet;
    return setOf(
      false,
      Object.entries(value).flatMap(([name, item]) => {
        if (item === undefined) return [];
        const element = `f:${name}`;
        const below = fieldsOf(item, childShape(shape, element));
        const here = below.here || isEmptyObject(item) || shape.field(name) === undefined;
        return [[element, { here, children: below.children }] as const];
      }),
    );
  }
  if (!Array.isArray(value)) return emptySet;
  return setOf(
    false,
    [...itemsOf(shape, value)].map(([element, item]) => {
      const below = shape.kind === "set" ? emptySet : fieldsOf(item, shape.items);
      return [element, { here: true, children: below.children }] as const;
    }),
  );
};

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const nothing: Comparison = { added: emptySet, modified: emptySet, removed: emptySet };
const leafComparison = (a: Json | undefined, b: Json | undefined): Comparison => {
  if (a === undefined) return b === undefined ? nothing : { ...nothing, added: member };
  if (b === undefined) return { ...nothing, removed: member };
  return sameJson(a, b) ? nothing : { ...nothing, modified: member };
};

const isHollow = (value: Json | undefined): boolean =>
  value === undefined || value === null || (Array.isArray(value) ? value.length === 0 : isEmptyObject(value));

/** What Go writes of a struct or a list without anything in it. */
const emptyLike = (value: Json | undefined): Json | undefined =>
  isObject(value) ? {} : Array.isArray(value) ? [] : undefined;

/** How `b` differs from `a`. */
export const compare = (a: Json | undefined, b: Json | undefined, given: Shape): Comparison => {
  if (a === undefined && b === undefined) return nothing;
  const left = resolve(given, a);
  const shape = a === undefined ? resolve(given, b) : left;
  if (shape.kind === "leaf" || resolve(given, b ?? a).kind === "leaf") return leafComparison(a, b);
  if (isHollow(a) && isHollow(b)) return leafComparison(a, b);
  const parts: (readonly [string, Comparison])[] = [];
  if (shape.kind === "map") {
    const from = objectOf(a);
    const to = objectOf(b);
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const element = `f:${name}`;
      const there = a !== undefined && shape.alwaysThere?.has(name) === true;
      const empty = there ? emptyLike(to[name] ?? from[name]) : undefined;
      const before = from[name] === undefined ? empty : from[name];
      const after = to[name] === undefined ? empty : to[name];
      parts.push([element, compare(before, after, childShape(shape, element))]);
    }
  } else {
    const from = itemsOf(shape, Array.isArray(a) ? a : []);
    const to = itemsOf(shape, Array.isArray(b) ? b : []);
    for (const element of new Set([...from.keys(), ...to.keys()])) {
      const items: Shape = shape.kind === "set" ? { kind: "leaf" } : shape.items;
      parts.push([element, compare(from.get(element), to.get(element), items)]);
    }
  }
  const pick = (side: keyof Comparison) => parts.map(([element, part]) => [element, part[side]] as const);
  return {
    added: setOf(a === undefined, pick("added")),
    modified: setOf(false, pick("modified")),
    removed: setOf(b === undefined, pick("removed")),
  };
};

/** The value without the fields of a set; what becomes empty by that goes too. */
export const without = (value: Json | undefined, set: FieldSet, given: Shape): Json | undefined => {
  const shape = resolve(given, value);
  if (value === undefined || shape.kind === "leaf" || isEmpty(set)) {
    return shape.kind === "leaf" && !isEmpty(set) && typeof value === "object" ? undefined : value;
  }
  if (shape.kind === "map") {
    if (!isObject(value) || isEmptyObject(value)) return undefined;
    const rest: JsonObject = {};
    for (const [name, item] of Object.entries(value)) {
      const element = `f:${name}`;
      const below = set.children.get(element);
      if (below?.here) continue;
      const kept = below ? without(item, below, childShape(shape, element)) : item;
      if (kept !== undefined) rest[name] = kept;
    }
    return Object.keys(rest).length > 0 ? rest : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const rest: Json[] = [];
  for (const item of value) {
    const below = set.children.get(elementOf(shape, item));
    if (below?.here) continue;
    const kept = below && shape.kind === "list" ? without(item, below, shape.items) : item;
    if (kept !== undefined) rest.push(kept);
  }
  return rest.length > 0 ? rest : undefined;
};

/** The set, with each field that leads to a member made a member, where the shape names it (list items, too). */
export const withNamedFields = (set: FieldSet, given: Shape, here = false): FieldSet => ({
  here,
  children: new Map(
    [...set.children].map(([element, child]) => {
      const named = given.kind === "map" && given.field(element.slice(2)) !== undefined;
      const below = childShape(given, element);
      return [
        element,
        withNamedFields(child, below, child.here || (child.children.size > 0 && named)),
      ] as const;
    }),
  ),
});
