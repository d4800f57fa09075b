/** What a command of the command line is: its words, its options, its work. */

import type { Machine } from "../../application/machine.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Signals } from "../signals.ts";
import type { Terminal } from "./terminal.ts";

export interface Option {
  readonly name: string;
  readonly kind: "flag" | "text" | "list";
  /** How the value is called in help: `FILE`. */
  readonly value?: string;
  readonly help: string;
}

/** What was given on the command line, by option name. */
export interface Given {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

export interface Invocation {
  readonly given: Given;
  readonly machine: Machine;
  readonly terminal: Terminal;
  /** Absolute: the folder of this tool's own package, with pipelines/ and templates/ in it. */
  readonly packageFolder: string;
  /** The sandbox's own program: a bundle beside this one, or its source in the checkout. */
  readonly sandboxEntry: string;
  readonly signals: Signals;
}

export interface Command {
  readonly name: string;
  /** Not in the list of commands: for programs, not for people. */
  readonly hidden?: true;
  /** One line of the command list. */
  readonly summary: string;
  /** After `provision `. */
  readonly usage: string;
  readonly options: readonly Option[];
  readonly examples: readonly { readonly command: string; readonly what: string }[];
  /** How many words may follow the command. */
  readonly positionals: { readonly least: number; readonly most: number };
  run(invocation: Invocation): Promise<ExitCode>;
}
