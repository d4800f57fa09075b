/** `join(list, separator)`. */
import { type ExpressionFunction, scalars, textOf } from "./function.ts";

export const join: ExpressionFunction = {
  name: "join",
  description:
    "The items of a list as one text, with a separator between them (a comma where none is given).",
  parameters: [["list", ...scalars], ["string"]],
  minimum: 1,
  maximum: 2,
  result: { kind: "string" },
  takesSecrets: true,
  call: ([list = null, separator = ","]) =>
    Array.isArray(list) ? list.map(textOf).join(textOf(separator)) : textOf(list),
};
