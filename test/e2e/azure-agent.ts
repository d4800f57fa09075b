/**
 * A step of an Azure Pipelines job, as the agent starts it: the shipped bundle with the agent's environment. What the log
 * says is read as the agent reads it.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { agentEnvironment, type Job } from "../hosts/azure-task/agent-environment.ts";
import { type Command, readAsAzure } from "../reporters/runner-parsers.ts";
import { root } from "./command.ts";

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

export interface RunningTask {
  /** Resolves as soon as the log holds this; rejects where the task ends without it. */
  until(text: string): Promise<void>;
  readonly pid: number;
  readonly ended: Promise<TaskResult>;
}

export const startTask = async ({ folder, variables = {}, ...job }: TaskOptions): Promise<RunningTask> => {
  const sources = join(folder, "s");
  const temporary = join(folder, "_temp");
  await mkdir(sources, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const task = execa(process.execPath, [join(root, "dist", "azure-task.js")], {
    cwd: sources,
    extendEnv: false,
    reject: false,
    all: true,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      PROVISION_SANDBOX_PACE: "instant",
      NO_COLOR: "1",
      ...variables,
      ...agentEnvironment({ ...job, sources, temporary }),
    },
  });
  let raw = "";
  const waiting: { readonly text: string; readonly found: () => void }[] = [];
  task.all?.setEncoding("utf8").on("data", (part: string) => {
    raw += part;
    for (const { text, found } of waiting) if (raw.includes(text)) found();
  });
  const end = async (): Promise<TaskResult> => {
    const { exitCode } = await task;
    const { commands, log } = readAsAzure(raw, "culture");
    const of = (name: string) => commands.filter((command) => command.name === `task.${name}`);
    const summaries = await Promise.all(of("uploadsummary").map(({ data }) => readFile(data, "utf8")));
    return {
      exitCode,
      raw,
      commands,
      log: of("setsecret").reduce((text, { data }) => text.replaceAll(data, "***"), log.join("\n")),
      outputs: Object.fromEntries(
        of("setvariable").map(({ properties: { variable = "" }, data }) => [variable, data]),
      ),
      summary: summaries.join("\n"),
      result: of("complete").at(-1)?.properties.result,
    };
  };
  const ended = end();
  return {
    pid: task.pid ?? -1,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        if (raw.includes(text)) resolve();
        waiting.push({ text, found: resolve });
        ended.then(() => reject(new Error(`the task ended without \`${text}\`: ${raw}`)), reject);
      }),
  };
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
