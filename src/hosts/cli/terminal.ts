/** Where a command's words go: stdout for results, stderr for progress and errors; and whether a person is there. */
import type { Sink } from "../../reporters/reporter.ts";

export interface Terminal {
  readonly out: Sink;
  readonly err: Sink;
  readonly color: boolean;
  /** Asks a yes-or-no question; undefined where no person can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Asks for a line of text; undefined where no person can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}
