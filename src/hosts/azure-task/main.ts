/**
 * The Azure Pipelines task's entry: the real process around `runTask`. What it imports at once is little, so that the log
 * begins soon; the rest loads behind the first line.
 */
import module from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loggingCommand } from "../../reporters/azure-pipelines/commands.ts";
import { listenForSignals } from "../signals.ts";
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
// Later steps of the job find what the first one compiled. The folder is the job's own.
if (env.AGENT_TEMPDIRECTORY) module.enableCompileCache(join(env.AGENT_TEMPDIRECTORY, "provision-code"));

const here = dirname(fileURLToPath(import.meta.url));
const bundled = here.endsWith("dist");
const agent = readAgent({ ...env });
// Helm, git and the sandbox inherit this environment; connections and secret variables are none of theirs.
for (const name of agent.taken) delete env[name];

await runTask({
  agent,
  directory: process.cwd(),
  write: (text) => {
    process.stdout.write(text);
  },
  program: [process.execPath, resolve(here, bundled ? "provision.js" : "../cli/main.ts")],
  sandboxEntry: resolve(here, bundled ? "sandbox.js" : "../../sandbox/main.ts"),
  signals: listenForSignals(),
});

// Connections that are kept alive would keep the process, too; what was written goes out first.
await new Promise<void>((done) => process.stdout.write("", () => done()));
process.exit(0);
