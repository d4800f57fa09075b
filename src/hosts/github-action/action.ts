/** The GitHub Action: inputs, the event, then the job that every CI host runs. */
import { readFile } from "node:fs/promises";
import { githubDialect } from "../../reporters/github/commands.ts";
import { printable } from "../../reporters/style.ts";
import { Failure } from "../../step/failure.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Signals } from "../signals.ts";
import { version } from "../version.ts";
import { type ActionInputs, readInputs } from "./inputs.ts";

export interface ActionSurroundings {
  /** The step's environment, inputs and all. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** The log. */
  readonly write: (text: string) => void;
  /** How the command line is started, for Helm's and kubectl's login. */
  readonly program: readonly string[];
  readonly sandboxEntry: string;
  readonly signals: Signals;
}

export const runAction = async (around: ActionSurroundings): Promise<ExitCode> => {
  const { variables, write } = around;
  let inputs: ActionInputs;
  try {
    inputs = readInputs(variables);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    write(`${refusal(error)}\n`);
    return exitCodes.invalid;
  }
  write(`${githubDialect.harmless(firstLine(inputs))}\n`);
  const [{ runJob }, { readChange }, { createGithubHost }] = await Promise.all([
    import("../ci/job.ts"),
    import("./event.ts"),
    import("./host.ts"),
  ]);
  const payload = variables.GITHUB_EVENT_PATH
    ? await readFile(variables.GITHUB_EVENT_PATH, "utf8").catch(() => undefined)
    : undefined;
  const change = readChange(variables.GITHUB_EVENT_NAME, payload);
  return runJob(inputs.request, createGithubHost(around, inputs, change));
};

const firstLine = ({ request: { command, pipeline, inputsFile } }: ActionInputs): string =>
  printable(
    `provision ${version}: ${command} ${pipeline}${inputsFile === undefined ? "" : ` with ${inputsFile}`}`,
  );

const refusal = ({ code, message, hint }: Failure): string => {
  const told = printable(hint === undefined ? message : `${message}\nHint: ${hint}`);
  return githubDialect.annotation({ severity: "error", title: code, message: told });
};
