/** What preflight found out about requirements, one for each thing that it asked about. Serialisable, free of secrets. */

export interface Finding {
  /** `P0600` … `P0699`: one code, one meaning, for ever. */
  readonly code: string;
  /** A blocker stops a run before its first write. */
  readonly severity: "blocker" | "warning" | "ok";
  /** Ids of the steps that require it, in the order of the graph. */
  readonly steps: readonly string[];
  readonly message: string;
  /** What to do about it, as a sentence; a command where there is one. */
  readonly hint?: string | undefined;
}
