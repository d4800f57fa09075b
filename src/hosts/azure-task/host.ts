/** Azure Pipelines as the host of a job: its logging commands, its folder for what lasts as long as the job. */
import { tmpdir } from "node:os";
import { azurePipelinesDialect, loggingCommand } from "../../reporters/azure-pipelines/commands.ts";
import type { Secret } from "../../step/secret.ts";
import type { JobHost } from "../ci/host.ts";
import { withJobSandbox } from "../ci/process.ts";
import { realMachine } from "../machine.ts";
import { type Agent, isFork } from "./agent.ts";
import type { ServiceConnection } from "./connection.ts";
import { hintOnAzurePipelines } from "./hints.ts";
import type { TaskInputs } from "./inputs.ts";
import { isSettable } from "./output-names.ts";
import type { Summary } from "./summary.ts";
import type { TaskSurroundings } from "./task.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** The agent empties this folder before and after each job. */
export const jobFolder = ({ AGENT_TEMPDIRECTORY: folder }: Variables): string => folder || tmpdir();

export interface HostParts {
  readonly agent: Agent;
  readonly inputs: TaskInputs;
  /** The job's variables with its login. */
  readonly variables: Variables;
  readonly connection: ServiceConnection | undefined;
  readonly summary: Summary;
}

export const createAzureHost = (
  { write, program, sandboxEntry, signals }: TaskSurroundings,
  { agent, inputs, variables, connection, summary }: HostParts,
): JobHost => {
  const fork = isFork(agent);
  const command = (name: string, properties: Readonly<Record<string, string>>, data: string) =>
    write(`${loggingCommand("task", name, properties, data)}\n`);
  const settable = (name: string): boolean => {
    if (isSettable(name)) return true;
    const message = `The output ${name} is not handed on: a variable of that name could steer later steps.`;
    write(`${azurePipelinesDialect.annotation({ severity: "warning", message })}\n`);
    return false;
  };
  return {
    dialect: azurePipelinesDialect,
    write,
    // At the job's end the agent kills every process that has the job's VSTS_PROCESS_LOOKUP_ID in its environment (unless
    // the variable `process.clean` is false), and empties the folder.
    machine: realMachine(withJobSandbox(variables, jobFolder(variables)), inputs.workingDirectory, program),
    workspace:
      variables.BUILD_REPOSITORY_LOCALPATH || variables.BUILD_SOURCESDIRECTORY || inputs.workingDirectory,
    signals,
    sandboxEntry,
    fork,
    secrets: [...(connection ? secretsOf(connection) : []), variables.SYSTEM_ACCESSTOKEN ?? ""],
    graph: "text",
    names: { planFile: "planFile" },
    hintFor: (failure) => hintOnAzurePipelines(failure, fork),
    summary: async (markdown) => summary.add(markdown),
    output: async (name, value) => {
      if (settable(name)) command("setvariable", { variable: name, isoutput: "true" }, value);
    },
    secretOutput: async (name, secret) => {
      if (!settable(name)) return;
      const [variable, value] = asOneLine(name, secret);
      command("setvariable", { variable, isoutput: "true", issecret: "true" }, value);
      if (variable !== name)
        write(
          `note: output ${name} is a secret of several lines, which a variable can't be: it is ${variable}, in base64\n`,
        );
    },
    comment: undefined,
  };
};

/** The agent refuses a secret with a line end in it: src/Agent.Worker/TaskCommandExtension.cs, MultilineSecret. */
const asOneLine = (name: string, secret: Secret): readonly [variable: string, value: string] => {
  const text = secret.reveal();
  return /[\r\n]/.test(text) ? [`${name}_base64`, Buffer.from(text).toString("base64")] : [name, text];
};

const secretsOf = ({ login }: ServiceConnection): readonly string[] => {
  switch (login.kind) {
    case "workload-identity":
      return [login.jobToken.reveal()];
    case "key":
      return [login.key.reveal()];
    case "certificate":
      return [login.certificate.reveal()];
    case "managed-identity":
      return [];
  }
};
