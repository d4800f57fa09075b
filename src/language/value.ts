/**
 * Values as the evaluator sees them: plain data in which a leaf may be a secret, or a hole, which stands for what
 * nobody knows yet and says whose output it waits for.
 */
import { Secret } from "../step/secret.ts";

/** What a hole waits for. */
export type Origin =
  | { readonly kind: "step"; readonly step: string; readonly output: string }
  | { readonly kind: "secret"; readonly name: string };

export class Hole {
  readonly origins: readonly Origin[];
  /** True where what will fill it is a secret. */
  readonly secret: boolean;

  constructor(origins: readonly Origin[], secret: boolean) {
    this.origins = origins;
    this.secret = secret;
  }
}

export type Value =
  | null
  | string
  | number
  | boolean
  | Secret
  | Hole
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** Whether unknown data (a parsed input, an observed output) is made of values alone. */
export const isValue = (data: unknown): data is Value => {
  if (data === null || data instanceof Secret || data instanceof Hole) return true;
  switch (typeof data) {
    case "string":
    case "number":
    case "boolean":
      return true;
    case "object":
      return Object.values(data).every((item) => item === undefined || isValue(item));
    default:
      return false;
  }
};
