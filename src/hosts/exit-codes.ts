/** How a process ends: the same numbers for every command and every host. */

import type { RunResult } from "../run/up.ts";
import type { Failure } from "../step/failure.ts";

export const exitCodes = {
  done: 0,
  failed: 1,
  /** Invalid pipeline, or usage. */
  invalid: 2,
  /** `plan --detailed-exitcode` has changes; `status` found drift. */
  changes: 3,
  /** Preflight found a blocker. */
  blocked: 4,
  cancelled: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const codeOfOutcome = (outcome: RunResult["outcome"]): ExitCode => {
  switch (outcome) {
    case "done":
      return exitCodes.done;
    case "failed":
      return exitCodes.failed;
    case "cancelled":
      return exitCodes.cancelled;
  }
};

/** Codes of files, usage, inputs, secrets and local steps: what was asked for was wrong, not the world. */
const usageCodes = /^P00|^P04[2-5]/;

export const codeOfFailure = ({ kind, code }: Pick<Failure, "kind" | "code">): ExitCode => {
  if (kind === "cancelled") return exitCodes.cancelled;
  return usageCodes.test(code) && code !== "P0443" ? exitCodes.invalid : exitCodes.failed;
};
