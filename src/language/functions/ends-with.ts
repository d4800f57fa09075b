/** `endsWith(text, end)`. */
import { type ExpressionFunction, textOf } from "./function.ts";

export const endsWith: ExpressionFunction = {
  name: "endsWith",
  description: "Whether a text ends with another one. Upper and lower case differ.",
  parameters: [["string"], ["string"]],
  minimum: 2,
  maximum: 2,
  result: { kind: "boolean" },
  takesSecrets: false,
  call: ([text = null, end = null]) => textOf(text).endsWith(textOf(end)),
};
