/** Which branch of a union a list or map is meant to be. Pure. */
import type { Shape } from "../step/shape.ts";
import type { MapNode, TreeNode } from "./yaml-tree.ts";

/** The branch that knows more of a map's keys than any other does; what is wrong in it tells most. */
export const nearestBranch = <Branch extends Shape>(
  node: TreeNode,
  branches: readonly Branch[],
): Branch | undefined => {
  if (node.kind !== "map") return undefined;
  const known = (shape: Shape): number =>
    shape.kind === "object"
      ? node.entries.filter(({ key }) => Object.hasOwn(shape.properties, key)).length
      : 0;
  const [first, second] = branches.toSorted((a, b) => known(b) - known(a));
  return first && known(first) > (second ? known(second) : 0) ? first : undefined;
};

/** The branches of a union, and of unions in it; any other shape is its own only branch. */
export const flatten = (shape: Shape): readonly Exclude<Shape, { kind: "union" }>[] =>
  shape.kind === "union" ? shape.options.flatMap(flatten) : [shape];

/** Whether a list or map may be of a shape at all. */
export const sameForm = (node: TreeNode, shape: Shape): boolean =>
  shape.kind === "json" ||
  (node.kind === "list" ? shape.kind === "array" : shape.kind === "object" || shape.kind === "record");

/** False where a property that tells the branches apart has the value of another one. */
export const discriminates = (node: MapNode, shape: Shape): boolean =>
  shape.kind !== "object" ||
  node.entries.every(({ key, value }) => {
    const property = Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
    return (
      property?.shape.kind !== "literal" || (value.kind === "scalar" && value.value === property.shape.value)
    );
  });
