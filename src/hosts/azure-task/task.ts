/** The Azure Pipelines task: inputs, service connection, then the job that every CI host runs, and its result. */
import { join } from "node:path";
import { reasonOf } from "../../application/file-errors.ts";
import { azurePipelinesDialect, loggingCommand } from "../../reporters/azure-pipelines/commands.ts";
import { Failure } from "../../step/failure.ts";
import { firstLine, refusal } from "../ci/first-words.ts";
import type { HostProcess } from "../ci/process.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type Agent, isFork } from "./agent.ts";
import { hintOnAzurePipelines } from "./hints.ts";
import { readInputs, type TaskInputs } from "./inputs.ts";

/** The agent starts a task in the folder of the sources. */
export interface TaskSurroundings extends HostProcess {
  readonly agent: Agent;
}

export const runTask = async (around: TaskSurroundings): Promise<ExitCode> => {
  const code = await runInputs(around);
  around.write(`${completion(code)}\n`);
  return code;
};

const runInputs = async (around: TaskSurroundings): Promise<ExitCode> => {
  const { agent, write } = around;
  try {
    const inputs = readInputs(agent, around.directory);
    write(`${azurePipelinesDialect.harmless(firstLine(inputs.request))}\n`);
    return await runJobOf(inputs, around);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const hint = hintOnAzurePipelines(error, isFork(agent));
    write(`${azurePipelinesDialect.annotation(refusal(error, hint))}\n`);
    return exitCodes.invalid;
  }
};

const runJobOf = async (inputs: TaskInputs, around: TaskSurroundings): Promise<ExitCode> => {
  const { agent, write } = around;
  const [{ runJob }, { readConnection }, { withLogin }, { createAzureHost, jobFolder }, { createSummary }] =
    await Promise.all([
      import("../ci/job.ts"),
      import("./connection.ts"),
      import("./login.ts"),
      import("./host.ts"),
      import("./summary.ts"),
    ]);
  const connection = inputs.connection === undefined ? undefined : readConnection(inputs.connection, agent);
  await using login = connection && (await withLogin(agent.variables, connection));
  const folder = join(jobFolder(agent.variables), `provision-${process.pid}`);
  const summary = createSummary(join(folder, `Provision ${inputs.request.command}.md`));
  const variables = login?.variables ?? agent.variables;
  const host = createAzureHost(around, { agent, inputs, variables, connection, summary });
  const code = await runJob({ ...inputs.request, subscription: connection?.subscription }, host);
  const handedOver = await summary.finish().catch(noSummary);
  if (handedOver !== undefined) write(`${handedOver}\n`);
  return code;
};

/** The job has ended as it has: a full disk makes no failure of it, and hides none. */
const noSummary = (error: unknown): string => {
  const message = `No summary: it can't be written: ${reasonOf(error)}. All of it is in the log.`;
  return azurePipelinesDialect.annotation({ severity: "warning", message });
};

/** The agent takes the result from here: a process that ends with another number than 0 is to it one that broke. */
const completion = (code: ExitCode): string =>
  code === exitCodes.done
    ? loggingCommand("task", "complete", { result: "Succeeded" }, "")
    : loggingCommand("task", "complete", { result: "Failed" }, reasons[code]);

const reasons: Readonly<Record<Exclude<ExitCode, typeof exitCodes.done>, string>> = {
  [exitCodes.failed]: "Failed",
  [exitCodes.invalid]: "Not valid",
  [exitCodes.changes]: "Drift",
  [exitCodes.blocked]: "Preflight found a blocker",
  [exitCodes.cancelled]: "Cancelled",
};
