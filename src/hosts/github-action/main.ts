/**
 * The GitHub Action's entry: the real process around `runAction`. What it imports at once is little, so that the log
 * begins soon; the rest loads behind the first line.
 */
import { hostProcess, keepCompiled } from "../ci/process.ts";
import { endProcess } from "../programs.ts";
import { runAction } from "./action.ts";
import { withoutInputs } from "./inputs.ts";

const { env } = process;
keepCompiled(env.RUNNER_TEMP);

const variables = { ...env };
const kept = withoutInputs(variables);
// Helm, git and the sandbox inherit this environment; a secret among the inputs is none of theirs.
for (const name of Object.keys(variables)) if (kept[name] === undefined) delete env[name];

await endProcess(await runAction({ variables, ...hostProcess(import.meta.url) }));
