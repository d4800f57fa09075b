/** `contains(search, item)`. */
import { type ExpressionFunction, scalars, textOf } from "./function.ts";

export const contains: ExpressionFunction = {
  name: "contains",
  description:
    "Whether a text has another one in it, or a list has an item. Upper and lower case differ; items compare with their type.",
  parameters: [["string", "list"], scalars],
  minimum: 2,
  maximum: 2,
  result: { kind: "boolean" },
  takesSecrets: false,
  call: ([search = null, item = null]) =>
    Array.isArray(search) ? search.includes(item) : textOf(search).includes(textOf(item)),
};
