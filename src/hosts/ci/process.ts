/** A CI host's step as a process: what its entry sees of it, and how later steps of the job begin sooner. */
import module from "node:module";
import { join } from "node:path";
import { programsBeside } from "../programs.ts";
import { listenForSignals, type Signals } from "../signals.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface HostProcess {
  /** Absolute. */
  readonly directory: string;
  /** The log. */
  readonly write: (text: string) => void;
  /** How the command line is started, for Helm's and kubectl's login. */
  readonly program: readonly string[];
  readonly sandboxEntry: string;
  readonly signals: Signals;
}

/** `entry`: `import.meta.url` of the host's entry. */
export const hostProcess = (entry: string): HostProcess => {
  const { program, sandboxEntry } = programsBeside(entry);
  return {
    directory: process.cwd(),
    write: (text) => {
      process.stdout.write(text);
    },
    program,
    sandboxEntry,
    signals: listenForSignals(),
  };
};

/** Later steps of the job find what the first one compiled. `folder`: the job's own; without one, nothing is kept. */
export const keepCompiled = (folder: string | undefined): void => {
  if (folder) module.enableCompileCache(join(folder, "provision-code"));
};

/** A sandbox of the job's own, for its later steps, too: it goes with the job's `folder`. PROVISION_SANDBOX wins. */
export const withJobSandbox = (variables: Variables, folder: string): Variables => ({
  ...variables,
  PROVISION_SANDBOX: variables.PROVISION_SANDBOX || join(folder, "provision-sandbox"),
});
