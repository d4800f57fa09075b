/** Which handles a shape holds, for "where handles come from" on a step's page. */
import type { Shape } from "../../src/step/shape.ts";

/** The kinds of handle that a value may be or hold. */
export const handlesIn = (shape: Shape): readonly string[] => {
  switch (shape.kind) {
    case "object":
      return shape.handle === undefined
        ? Object.values(shape.properties).flatMap((property) => handlesIn(property.shape))
        : [shape.handle];
    case "array":
      return handlesIn(shape.items);
    case "record":
      return handlesIn(shape.values);
    case "union":
      return shape.options.flatMap(handlesIn);
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "secret":
    case "json":
      return [];
  }
};
