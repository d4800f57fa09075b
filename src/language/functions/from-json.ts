/** `fromJSON(text)`. */
import { reservedNames } from "../yaml-tree.ts";
import { ArgumentError, type ExpressionFunction, type Known, textOf } from "./function.ts";

/** What `JSON.parse` gives, as a value of ours. */
const known = (value: unknown): Known => {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== "object") return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (reservedNames.has(key)) throw new ArgumentError(`\`${key}\` cannot be a key`);
      return [key, known(entry)];
    }),
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the original quotes the text.
    throw new ArgumentError("the text is not JSON");
  }
};

export const fromJson: ExpressionFunction = {
  name: "fromJSON",
  description: "The value that a JSON text stands for. Its type is known once the text is.",
  parameters: [["string"]],
  minimum: 1,
  maximum: 1,
  result: { kind: "json" },
  takesSecrets: false,
  call: ([text = null]) => known(parse(textOf(text))),
};
