/**
 * The Azure Pipelines task's entry: the real process around `runTask`. What it imports at once is little, so that the log
 * begins soon; the rest loads behind the first line.
 */
import module from "node:module";
import { loggingCommand } from "../../reporters/azure-pipelines/commands.ts";
import { hostProcess, keepCompiled } from "../ci/process.ts";
import { endProcess } from "../programs.ts";
import { readAgent } from "./agent.ts";
import { runTask } from "./task.ts";

const { env } = process;
// On a system too old for Node 24 the agent takes an older one in its place: NodeHandler.cs, GetNodeLocation.
if (typeof module.enableCompileCache !== "function") {
  const reason = `The task needs Node 24, which this agent's system is too old for; the agent took ${process.versions.node}.`;
  process.stdout.write(`${loggingCommand("task", "logissue", { type: "error" }, reason)}\n`);
  process.stdout.write(`${loggingCommand("task", "complete", { result: "Failed" }, reason)}\n`);
  process.exit(0);
}
keepCompiled(env.AGENT_TEMPDIRECTORY);

const agent = readAgent({ ...env });
// Helm, git and the sandbox inherit this environment; connections and secret variables are none of theirs.
for (const name of agent.taken) delete env[name];

await runTask({ agent, ...hostProcess(import.meta.url) });
// The result is in the log; another number than 0 is to the agent a process that broke.
await endProcess(0);
