/** How a process ends: the same numbers for every command and every host. */

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
