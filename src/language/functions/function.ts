/** What a function of the expression language is: its name, what it takes and gives, and what it does. */
import type { Shape } from "../../step/shape.ts";

/** The kinds of value that operators and functions tell apart. */
export type Kind = "null" | "string" | "number" | "boolean" | "list" | "object";

/** A value with neither holes nor secrets in it: what functions compute with. */
export type Known =
  | null
  | string
  | number
  | boolean
  | readonly Known[]
  | { readonly [key: string]: Known | undefined };

export interface ExpressionFunction {
  /** As it is documented; calls may write it in any case, as on GitHub. */
  readonly name: string;
  readonly description: string;
  /** The kinds each argument may have; the last entry holds for all further ones. */
  readonly parameters: readonly (readonly Kind[])[];
  readonly minimum: number;
  readonly maximum: number;
  readonly result: Shape;
  /** Whether a secret may go in, which makes the result one. Where it may not, the result would tell of it. */
  readonly takesSecrets: boolean;
  /** The arguments that matter, by number; all where it is not given. What is unknown elsewhere does no harm. */
  readonly reads?: (first: Known) => ReadonlySet<number>;
  /** Computes the result. Throws an ArgumentError where an argument of the right kind is still of no use. */
  call(values: readonly Known[]): Known;
}

export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

export const scalars = ["string", "number", "boolean"] as const satisfies readonly Kind[];
export const anything = ["null", ...scalars, "list", "object"] as const satisfies readonly Kind[];

/** What kind a known value is. */
export const kindOf = (value: Known): Kind => {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    default:
      return Array.isArray(value) ? "list" : "object";
  }
};

/** A scalar as text: numbers and booleans as JSON writes them. */
export const textOf = (value: Known): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new ArgumentError(`a text, number or boolean is needed, and this is a ${kindOf(value)}`);
};
