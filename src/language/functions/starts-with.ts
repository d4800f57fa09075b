/** `startsWith(text, start)`. */
import { type ExpressionFunction, textOf } from "./function.ts";

export const startsWith: ExpressionFunction = {
  name: "startsWith",
  description: "Whether a text starts with another one. Upper and lower case differ.",
  parameters: [["string"], ["string"]],
  minimum: 2,
  maximum: 2,
  result: { kind: "boolean" },
  takesSecrets: false,
  call: ([text = null, start = null]) => textOf(text).startsWith(textOf(start)),
};
