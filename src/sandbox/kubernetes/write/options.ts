/** How a write is to be done, as its query says. */
export interface WriteOptions {
  /** `fieldManager`, or what the user agent's first word says. */
  readonly manager: string;
  readonly dryRun: boolean;
  readonly validation: "Strict" | "Warn" | "Ignore";
  readonly subresource: "" | "status";
  /** Becomes a `Warning` header. */
  readonly warn: (message: string) => void;
}

/** For writes in process: strict, so that a behaviour's misspelt field is found by its first test. */
export const inProcess = (manager: string, subresource: "" | "status" = ""): WriteOptions => ({
  manager,
  dryRun: false,
  validation: "Strict",
  subresource,
  warn: () => undefined,
});
