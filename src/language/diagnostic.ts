/** What is said about a pipeline's text: collected, never thrown, each with a stable code, a place and a hint. */

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

export interface Location {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  /** `P0001` … `P0399`: one code, one meaning, for ever. Listed in `codes.ts`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly location: Location;
  /** Other places that belong to it: every edge of a cycle, the first of two equal keys. */
  readonly related: readonly RelatedLocation[];
  /** What to do, as a sentence: "did you mean `address`?". */
  readonly hint?: string | undefined;
}

export interface RelatedLocation {
  readonly message: string;
  readonly location: Location;
}
