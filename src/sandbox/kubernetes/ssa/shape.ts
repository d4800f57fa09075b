/**
 * How a type merges: which values are taken whole, which lists are keyed. Built-in types (kinds/shapes.ts) and
 * structural schemas (crd/shape.ts) both come down to this.
 */
import { isObject, type Json, type JsonObject } from "../json.ts";

export type Shape =
  /** A scalar, or a list or map that is owned and replaced as a whole. */
  | { readonly kind: "leaf" }
  /** Named fields and, where `items` is given, free keys. */
  | {
      readonly kind: "map";
      readonly field: (name: string) => Shape | undefined;
      readonly items: Shape | undefined;
      /**
       * Structs and lists that Go writes even when they are empty, so that a new object is compared with one that has
       * them: a first writer owns what is in them, and not the fields themselves.
       */
      readonly alwaysThere?: ReadonlySet<string>;
    }
  /** A list whose items are told apart by some of their fields. */
  | {
      readonly kind: "list";
      readonly keys: readonly string[];
      /** What a key counts as where the item leaves it out. */
      readonly defaults: JsonObject;
      readonly items: Shape;
    }
  /** A list of scalars in which each value counts once. */
  | { readonly kind: "set" }
  /** Nothing is known: objects merge by key, everything else is taken whole. */
  | { readonly kind: "deduced" };

export const leaf: Shape = { kind: "leaf" };
export const deduced: Shape = { kind: "deduced" };

const deducedMap: Shape & { kind: "map" } = { kind: "map", field: () => undefined, items: deduced };

/** The shape as it applies to one value. */
export const resolve = (shape: Shape, value: Json | undefined): Exclude<Shape, { kind: "deduced" }> => {
  if (shape.kind !== "deduced") return shape;
  return isObject(value) ? deducedMap : { kind: "leaf" };
};

/** The shape of what an element (`f:name`, `k:{...}`, `v:...`) of a value leads to. */
export const childShape = (shape: Shape, element: string): Shape => {
  if (shape.kind === "list") return shape.items;
  if (shape.kind === "map") return shape.field(element.slice(2)) ?? shape.items ?? deduced;
  return deduced;
};
