/** `toJSON(value)`. */
import { anything, type ExpressionFunction } from "./function.ts";

export const toJson: ExpressionFunction = {
  name: "toJSON",
  description: "A value as JSON text, indented by two spaces.",
  parameters: [anything],
  minimum: 1,
  maximum: 1,
  result: { kind: "string" },
  takesSecrets: true,
  call: ([value = null]) => JSON.stringify(value, undefined, 2),
};
