/** Where a command's words go: stdout for results, stderr for progress and errors; and whether a person is there. */
import type { Sink } from "../../reporters/reporter.ts";

export interface Terminal {
  readonly out: Sink;
  readonly err: Sink;
  readonly color: boolean;
  /** Asks a yes-or-no question; undefined where no person can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** Colour by https://no-color.org and FORCE_COLOR, else where a terminal is. */
export const wantsColor = (
  variables: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
): boolean => {
  if (variables.NO_COLOR) return false;
  if (variables.FORCE_COLOR !== undefined) return variables.FORCE_COLOR !== "0";
  return terminal && variables.TERM !== "dumb";
};
