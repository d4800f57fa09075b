/** The machine that a host runs on: files, environment, time. Handed in, so that tests need no disk and no clock. */
import type { Clock } from "../step/context.ts";

export interface Machine {
  /** The process environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Node and the path of the command line's program, where it can be started once more. */
  readonly program?: readonly string[] | undefined;
  /** Absolute; relative paths on the command line start here. */
  readonly directory: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Text of a file, as UTF-8. Rejects with Node's error codes (`ENOENT`). */
  readonly readText: (path: string) => Promise<string>;
  /** Writes a file whole or not at all, readable by its owner alone. */
  readonly writeText: (path: string, text: string) => Promise<void>;
  /** Size in bytes. Rejects as `readText` does. */
  readonly size: (path: string) => Promise<number>;
  /** Loads a local step file's default export. */
  readonly importModule: (path: string) => Promise<unknown>;
}
