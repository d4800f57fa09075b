/** The GitHub Action: inputs, the event, then the job that every CI host runs. */
import { readFile } from "node:fs/promises";
import { githubDialect } from "../../reporters/github/commands.ts";
import { Failure } from "../../step/failure.ts";
import { firstLine, refusal } from "../ci/first-words.ts";
import type { HostProcess } from "../ci/process.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type ActionInputs, readInputs } from "./inputs.ts";

export interface ActionSurroundings extends HostProcess {
  /** The step's environment, inputs and all. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export const runAction = async (around: ActionSurroundings): Promise<ExitCode> => {
  const { variables, write } = around;
  let inputs: ActionInputs;
  try {
    inputs = readInputs(variables);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    write(`${githubDialect.annotation(refusal(error))}\n`);
    return exitCodes.invalid;
  }
  write(`${githubDialect.harmless(firstLine(inputs.request))}\n`);
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
