/** The task's inputs, from the agent's words to a request. What is wrong is one error that says how to write it. */
import { relative, resolve } from "node:path";
import { type JobCommand, type JobRequest, jobCommands } from "../ci/host.ts";
import { usageFailure } from "../usage.ts";
import type { Agent } from "./agent.ts";

export interface TaskInputs {
  readonly request: Omit<JobRequest, "subscription">;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Id of the service connection, where one is to be used: never offline, never in the sandbox. */
  readonly connection: string | undefined;
}

/** @throws Failure P0440 for the first input that is wrong. */
export const readInputs = (agent: Pick<Agent, "given" | "variables">, directory: string): TaskInputs => {
  const input = (name: string) => agent.given(`INPUT_${name}`);
  const command = commandOf(input("command"));
  const flag = (name: string, commands: readonly JobCommand[]) =>
    only(name, booleanOf(name, input(name)), command, commands) === true;
  const path = (name: string) => pathOf(input(name), agent);
  const offline = flag("offline", ["plan"]);
  const sandbox = flag("sandbox", jobCommands);
  const workingDirectory = path("workingDirectory") ?? directory;
  /** As a person would write it there, so that plans of two agents name the same files. */
  const fromThere = (file: string | undefined) =>
    file === undefined ? undefined : relative(workingDirectory, resolve(workingDirectory, file));
  const planFile = only("planFile", path("planFile"), command, ["plan", "up"]);
  return {
    request: {
      command,
      pipeline: fromThere(path("pipeline")) ?? "provision.yaml",
      inputs: input("inputs"),
      inputsFile: fromThere(path("inputsFile")),
      planFile: planFile,
      offline,
      prune: flag("prune", ["plan", "up"]),
      sandbox,
    },
    workingDirectory,
    connection: offline || sandbox ? undefined : input("azureSubscription"),
  };
};

const commandOf = (text: string | undefined): JobCommand => {
  const command = jobCommands.find((name) => name === text);
  if (command !== undefined) return command;
  throw usageFailure(
    text === undefined ? "the input `command` is missing" : `there is no command \`${text}\``,
    `it is one of ${jobCommands.join(", ")}`,
  );
};

const booleanOf = (name: string, text: string | undefined): true | undefined => {
  if (text === undefined || /^false$/i.test(text)) return undefined;
  if (/^true$/i.test(text)) return true;
  throw usageFailure(`the input \`${name}\` is \`${text}\``, "it is `true` or `false`");
};

/** An input that means something to some commands alone: with the others it would be a mistake that nobody sees. */
const only = <Value>(
  name: string,
  value: Value | undefined,
  command: JobCommand,
  commands: readonly JobCommand[],
): Value | undefined => {
  if (value === undefined || commands.includes(command)) return value;
  throw usageFailure(
    `the input \`${name}\` does not go with \`command: ${command}\``,
    `it goes with ${commands.join(" and ")}`,
  );
};

/** Where the agent puts a path that is empty: the folder of the sources, by the name that it has in this kind of job. */
const roots = [
  "BUILD_REPOSITORY_LOCALPATH",
  "BUILD_SOURCESDIRECTORY",
  "SYSTEM_DEFAULTWORKINGDIRECTORY",
  "SYSTEM_ARTIFACTSDIRECTORY",
];

/**
 * A path input. The agent makes every one absolute, from the folder of the sources, and an empty one that very folder
 * (src/Agent.Worker/TaskRunner.cs, TranslateFilePathInput): so that folder means that nothing was said.
 */
const pathOf = (text: string | undefined, { variables }: Pick<Agent, "variables">): string | undefined => {
  if (text === undefined) return undefined;
  const path = resolve(text);
  return roots.some((name) => variables[name] && resolve(variables[name]) === path) ? undefined : text;
};
