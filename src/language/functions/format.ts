/** `format(template, value, ...)`. */
import { ArgumentError, type ExpressionFunction, type Known, scalars, textOf } from "./function.ts";

const piece = /\{\{|\}\}|\{(\d{1,3})\}|[{}]/g;

export const format: ExpressionFunction = {
  name: "format",
  description:
    "A text with `{0}`, `{1}` … replaced by the values that follow. `{{` and `}}` stand for single braces.",
  parameters: [["string"], scalars],
  minimum: 1,
  maximum: 255,
  result: { kind: "string" },
  takesSecrets: true,
  reads: (template) => {
    const numbers = new Set([0]);
    if (typeof template === "string")
      for (const match of template.matchAll(piece))
        if (match[1] !== undefined) numbers.add(Number(match[1]) + 1);
    return numbers;
  },
  call: ([template = null, ...values]) =>
    textOf(template).replaceAll(piece, (found: string, digits: string | undefined) => {
      if (found === "{{") return "{";
      if (found === "}}") return "}";
      if (digits === undefined) throw new ArgumentError("a single brace is written twice: `{{` or `}}`");
      const value: Known | undefined = values[Number(digits)];
      if (value === undefined) throw new ArgumentError(`there is no value for \`${found}\``);
      return textOf(value);
    }),
};
