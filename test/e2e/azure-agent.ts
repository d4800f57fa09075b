/**
 * A step of an Azure Pipelines job, as the agent starts it: the shipped bundle with the agent's environment. What the log
 * says is read as the agent reads it.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { agentEnvironment, type Job } from "../hosts/azure-task/agent-environment.ts";
import { type Command, readAsAzure } from "../reporters/runner-parsers.ts";
import { type BundleRun, maskedBy, startBundle } from "./bundle-run.ts";

export interface TaskOptions extends Omit<Job, "sources" | "temporary"> {
  /** Below this folder are the sources (`s`) and the agent's folder of the job (`_temp`). */
  readonly folder: string;
  /** `env:`. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export interface TaskResult {
  readonly exitCode: number | undefined;
  /** As it was written, commands and all. */
  readonly raw: string;
  readonly commands: readonly Command[];
  /** What a person sees: lines without commands, every mask replaced. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** What was handed over as the run's summary. */
  readonly summary: string;
  /** Of `task.complete`. */
  readonly result: string | undefined;
}

export interface RunningTask extends Omit<BundleRun, "ended"> {
  readonly ended: Promise<TaskResult>;
}

export const startTask = async ({ folder, variables = {}, ...job }: TaskOptions): Promise<RunningTask> => {
  const sources = join(folder, "s");
  const temporary = join(folder, "_temp");
  await mkdir(sources, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const task = startBundle("azure-task.js", {
    cwd: sources,
    env: { HOME: folder, ...variables, ...agentEnvironment({ ...job, sources, temporary }) },
  });
  const end = async (): Promise<TaskResult> => {
    const { exitCode, raw } = await task.ended;
    const { commands, log } = readAsAzure(raw, "culture");
    const of = (name: string) => commands.filter((command) => command.name === `task.${name}`);
    const summaries = await Promise.all(of("uploadsummary").map(({ data }) => readFile(data, "utf8")));
    return {
      exitCode,
      raw,
      commands,
      log: maskedBy(
        log.join("\n"),
        of("setsecret").map(({ data }) => data),
      ),
      outputs: Object.fromEntries(
        of("setvariable").map(({ properties: { variable = "" }, data }) => [variable, data]),
      ),
      summary: summaries.join("\n"),
      result: of("complete").at(-1)?.properties.result,
    };
  };
  return { ...task, ended: end() };
};

export const runTask = async (options: TaskOptions): Promise<TaskResult> => (await startTask(options)).ended;

/** Errors and warnings, as the run's page shows them. */
export const issuesOf = ({ commands }: Pick<TaskResult, "commands">): readonly string[] =>
  commands
    .filter(({ name }) => name === "task.logissue")
    .map(({ properties: { type = "", code = "", sourcepath = "", linenumber = "" }, data }) =>
      [type, code, sourcepath === "" ? "" : `${sourcepath}:${linenumber}`, data]
        .filter((part) => part !== "")
        .join(" | "),
    );
