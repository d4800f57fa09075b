/**
 * The GitHub Action's entry: the real process around `runAction`. What it imports at once is little, so that the log
 * begins soon; the rest loads behind the first line.
 */
import module from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { listenForSignals } from "../signals.ts";
import { runAction } from "./action.ts";
import { withoutInputs } from "./inputs.ts";

const { env } = process;
// Later steps of the job find what the first one compiled. The folder is the job's own.
if (env.RUNNER_TEMP) module.enableCompileCache(join(env.RUNNER_TEMP, "provision-code"));

const here = dirname(fileURLToPath(import.meta.url));
const bundled = here.endsWith("dist");
const given = { ...env };
// Helm, git and the sandbox inherit this environment; a secret among the inputs is none of theirs.
for (const name of Object.keys(given)) if (withoutInputs(given)[name] === undefined) delete env[name];

const code = await runAction({
  variables: given,
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
process.exit(code);
