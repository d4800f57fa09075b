/** Asks programs on this machine which version they are. */
import { execa } from "execa";
import type { ClientKey } from "../../step/context.ts";

export interface Tools {
  /** The first version number in what the program prints; undefined where there is no such program. */
  version(program: string, ...words: readonly string[]): Promise<string | undefined>;
}

export const tools: ClientKey<Tools> = {
  name: "tools",
  open: async ({ variables }) => toolsWith(variables),
};

/** Milliseconds for a program to say its version. */
const timeout = 10_000;

export const toolsWith = (variables: Readonly<Record<string, string | undefined>>): Tools => ({
  version: async (program, ...words) => {
    const { stdout, stderr, exitCode } = await execa(program, words, {
      env: Object.fromEntries(
        Object.entries(variables).flatMap(([name, value]): [string, string][] =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout,
    });
    // Some print it on stderr; one that could not be started has no exit code.
    return exitCode === undefined ? undefined : /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}\n${stderr}`)?.[0];
  },
});
