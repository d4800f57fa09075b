/** `provision init`: from nothing to a pipeline, its environments and a CI workflow, in one command. */
import { join } from "node:path";
import type { ExitCode } from "../../exit-codes.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command, Invocation } from "../command.ts";
import { bootstrapCommands, bootstrapOf } from "../init/bootstrap.ts";
import type { Choices } from "../init/choices.ts";
import { choose } from "../init/choose.ts";
import { generatedFiles } from "../init/files.ts";
import { nextSteps, renderNextSteps, renderWritten } from "../init/next-steps.ts";
import { originOf, readRemote } from "../init/remote.ts";
import { shippedPipelines } from "../init/shipped-pipelines.ts";
import type { WorkflowParts } from "../init/workflow.ts";
import { writeFiles } from "../init/write.ts";
import { styleOf } from "../open.ts";
import { ownAction } from "../release.ts";

export const init: Command = {
  name: "init",
  summary: "Begin: write a pipeline, its environments and a CI workflow into this folder.",
  usage: "init",
  options: [
    {
      name: "pipeline",
      kind: "text",
      value: "NAME",
      help: "One that comes with provision, such as static-ip; another name lists them.",
    },
    {
      name: "input",
      kind: "list",
      value: "NAME=VALUE",
      help: "A value for one of its inputs, in every environment. May be repeated.",
    },
    {
      name: "environment",
      kind: "list",
      value: "NAME",
      help: "May be repeated; they are brought up in this order. Default: dev, then prod.",
    },
    { name: "ci", kind: "text", value: "HOST", help: "github, azure-pipelines or none." },
    {
      name: "repository",
      kind: "text",
      value: "OWNER/NAME",
      help: "On GitHub. Default: what git's remote `origin` says.",
    },
    {
      name: "service-connection",
      kind: "text",
      value: "NAME",
      help: "Of Azure Pipelines, to Azure Resource Manager.",
    },
    {
      name: "action",
      kind: "text",
      value: "REF",
      help: `The action of GitHub's workflow. Default: ${ownAction.reference}.`,
    },
    { name: "force", kind: "flag", help: "Replace files that are there and differ." },
  ],
  positionals: { least: 0, most: 0 },
  examples: [
    { command: "provision init", what: "asks for what it needs" },
    {
      command: "provision init --pipeline static-ip --ci github --repository octo/network",
      what: "without a question: environments dev and prod, a GitHub workflow",
    },
    {
      command:
        "provision init --pipeline aks-nginx-flux --input domain=example.com --environment prod --ci azure-pipelines --service-connection azure",
      what: "one environment, on Azure Pipelines",
    },
  ],
  run: async (invocation) => {
    const { machine } = invocation;
    return initialise(invocation, await originOf(machine.directory, machine.variables));
  },
};

/** `origin`: the address of git's remote of that name. */
export const initialise = async (invocation: Invocation, origin: string | undefined): Promise<ExitCode> => {
  const { given, terminal, machine, packageFolder } = invocation;
  const { readText } = machine;
  const style = styleOf(invocation);
  const { checked, ...choices } = await choose({
    given,
    ask: terminal.ask,
    shipped: await shippedPipelines(join(packageFolder, "pipelines"), readText),
    remote: readRemote(origin),
    columns: style.columns,
  });
  const bootstrap = await bootstrapOf(choices.ci, packageFolder, readText);
  const files = generatedFiles(choices, checked, {
    workflow: await workflowParts(choices, packageFolder, readText),
    bootstrap,
  });
  const written = await writeFiles(machine.directory, files, { force: given.flag("force") });
  const { out } = terminal;
  if (written.length === 0)
    out.write(`${style.success("Nothing to do:")} all ${files.length} files are as wanted.\n`);
  else out.write(`${style.success("Written:")}\n${renderWritten(written, style)}`);
  const commands = bootstrap ? bootstrapCommands(bootstrap, choices) : [];
  const steps = nextSteps(choices, checked, commands);
  if (written.length > 0) out.write(`\nNext:\n${renderNextSteps(steps, style)}\n`);
  if (choices.ci.host === "github" && choices.ci.action === ownAction && !ownAction.pinned)
    terminal.err.write(`\n${style.warning("note")}: ${unpinned}\n`);
  return exitCodes.done;
};

const unpinned = `this is a development build, which can't pin its action to a commit; the workflow uses ${ownAction.reference}. Give \`--action OWNER/NAME@COMMIT\` to pin it.`;

const workflowParts = async (
  { ci }: Choices,
  packageFolder: string,
  readText: (path: string) => Promise<string>,
): Promise<WorkflowParts | undefined> => {
  if (ci.host === "none") return undefined;
  const part = (name: string) =>
    readText(join(packageFolder, "templates", "workflows", ci.host, `${name}.yml`));
  return { begin: await part("begin"), environment: await part("environment"), end: await part("end") };
};
