/**
 * Sets of fields, as `metadata.managedFields` holds them (FieldsV1): a tree whose edges are path elements
 * (`f:name`, `k:{"name":"web"}`, `v:"item"`). A node may itself be in the set (`.`), besides what is below it.
 */
import { canonicalText, isObject, type JsonObject } from "../json.ts";

export interface FieldSet {
  /** Whether the path that leads here is in the set. */
  readonly here: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { here: false, children: new Map() };
/** Just the path that leads here. */
export const member: FieldSet = { here: true, children: new Map() };

export const isEmpty = (set: FieldSet): boolean => !set.here && set.children.size === 0;

const build = (here: boolean, children: Map<string, FieldSet>): FieldSet => {
  for (const [element, child] of children) if (isEmpty(child)) children.delete(element);
  return { here, children };
};

/** A set made of its children; empty ones are left out. */
export const setOf = (here: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet =>
  build(here, new Map(children));

export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const other = children.get(element);
    children.set(element, other ? union(other, child) : child);
  }
  return { here: a.here || b.here, children };
};

/** What is in `a` and not in `b`, path by path: taking `f:spec` away leaves `f:spec/f:replicas`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  setOf(
    a.here && !b.here,
    [...a.children].map(([element, child]) => {
      const other = b.children.get(element);
      return [element, other ? difference(child, other) : child] as const;
    }),
  );

export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  setOf(
    a.here && b.here,
    [...a.children].map(([element, child]) => {
      const other = b.children.get(element);
      return [element, other ? intersection(child, other) : emptySet] as const;
    }),
  );

/** What is in `a` and neither in `b` nor below a path of `b`. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet =>
  b.here
    ? emptySet
    : setOf(
        a.here,
        [...a.children].map(([element, child]) => {
          const other = b.children.get(element);
          return [element, other ? recursiveDifference(child, other) : child] as const;
        }),
      );

/** A set with one path: `["f:spec", "f:replicas"]`. */
export const pathSet = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>(
    (set, element) => ({ here: false, children: new Map([[element, set]]) }),
    member,
  );

/** FieldsV1: `{"f:spec":{"f:replicas":{}}}`. */
export const toFieldsV1 = (set: FieldSet): JsonObject => {
  const fields: JsonObject = {};
  if (set.here && set.children.size > 0) fields["."] = {};
  for (const element of [...set.children.keys()].sort()) {
    fields[element] = toFieldsV1(set.children.get(element) ?? emptySet);
  }
  return fields;
};

const fromFields = (fields: JsonObject, root: boolean): FieldSet => {
  const entries = Object.entries(fields).filter(([element]) => element !== ".");
  return {
    here: !root && (entries.length === 0 || fields["."] !== undefined),
    children: new Map(
      entries.map(
        ([element, child]) =>
          [canonicalElement(element), fromFields(isObject(child) ? child : {}, false)] as const,
      ),
    ),
  };
};

export const fromFieldsV1 = (fields: JsonObject): FieldSet => fromFields(fields, true);

/** Keys of list items are written with their fields sorted, whoever wrote them. */
const canonicalElement = (element: string): string => {
  if (!element.startsWith("k:")) return element;
  try {
    return `k:${canonicalText(JSON.parse(element.slice(2)))}`;
  } catch {
    return element;
  }
};

/** Every path of the set, as people read it: `.spec.containers[name="web"].image`. */
export const pathsOf = (set: FieldSet, prefix = ""): string[] => [
  ...(set.here ? [prefix] : []),
  ...[...set.children.keys()]
    .sort()
    .flatMap((element) => pathsOf(set.children.get(element) ?? emptySet, prefix + elementText(element))),
];

/** `f:image` → `.image`, `k:{"name":"web"}` → `[name="web"]`, `v:1` → `[=1]`. */
export const elementText = (element: string): string => {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  const keys: unknown = JSON.parse(rest);
  if (typeof keys !== "object" || keys === null) return `[${rest}]`;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",")}]`;
};
