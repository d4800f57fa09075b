/** What preflight says of one requirement. */
export interface Finding {
  /** `P0600` … `P0699`: one code, one meaning, for ever. */
  readonly code: string;
  /** A `blocker` stops the run before its first write; `ok` says what was looked at and found good. */
  readonly severity: "blocker" | "warning" | "ok";
  readonly message: string;
  /** What to do about it; a command where there is one. */
  readonly hint?: string | undefined;
}
