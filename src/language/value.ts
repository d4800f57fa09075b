/**
 * Values as the evaluator sees them: plain data in which a leaf may be a secret, or a hole, which stands for what
 * nobody knows yet and says whose output it waits for.
 */
import type { Secret } from "../step/secret.ts";

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
