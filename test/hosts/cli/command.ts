/** The command line in this process: a folder of the test's own, and what was said. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Machine } from "../../../src/application/machine.ts";
import { run } from "../../../src/hosts/cli/run.ts";
import { realMachine } from "../../../src/hosts/machine.ts";
import { memorySink } from "../../reporters/memory-sink.ts";

export interface CommandLine extends AsyncDisposable {
  readonly folder: string;
  run(
    ...words: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/**
 * Wide, so that messages stay on one line; with no variable of this machine. `files`: what stands in the place of the
 * disk's own, and variables. `ask`: a person at the terminal; without one, nobody is there.
 */
export const openCommandLine = async (
  files: Partial<Pick<Machine, "readText" | "size" | "variables">> = {},
  ask?: (question: string) => Promise<string>,
): Promise<CommandLine> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-cli-"));
  return {
    folder,
    run: async (...words) => {
      const [out, err] = [memorySink(1_000), { ...memorySink(1_000), terminal: false }];
      const code = await run(words, {
        machine: { ...realMachine({}, folder), ...files },
        terminal: { out, err, color: false, confirm: undefined, ask },
        packageFolder: resolve(import.meta.dirname, "../../.."),
        sandboxEntry: "",
        signals: { stopping: () => false, signal: new AbortController().signal, onStopping: () => {} },
      });
      return { code, out: out.written.join(""), err: err.written.join("") };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};
