/** `provision plan`: what `up` would do. Offline it needs no credentials, no network and no Helm. */
import { resolve } from "node:path";
import { reasonOf } from "../../../application/file-errors.ts";
import { hasPipelineName } from "../../../application/open-pipeline.ts";
import { hasChanges, type Plan, problemsOf } from "../../../plan/plan.ts";
import { encodePlan } from "../../../plan/plan-file.ts";
import { renderPlanMarkdown } from "../../../reporters/plan-markdown.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { planOffline, prepare } from "../../../run/prepare.ts";
import { Failure } from "../../../step/failure.ts";
import { usageFailure } from "../arguments.ts";
import { type Command, exitCodes, type Invocation } from "../command.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions } from "../options.ts";

export const plan: Command = {
  name: "plan",
  summary: "Show what `up` would do, before anything exists or against what is there.",
  usage: "plan [PIPELINE]",
  options: [
    {
      name: "offline",
      kind: "flag",
      help: "Ask nobody: show everything as if nothing existed yet. Needs no credentials.",
    },
    {
      name: "out",
      kind: "text",
      value: "FILE",
      help: "Write the plan to a file, which `provision up FILE` asserts.",
    },
    { name: "destroy", kind: "flag", help: "Plan `destroy` instead." },
    { name: "prune", kind: "flag", help: "Plan to remove what no step names any more." },
    { name: "detailed-exitcode", kind: "flag", help: "Exit with 3 where there is something to change." },
    { name: "markdown", kind: "flag", help: "Print the plan as Markdown, for a pull request." },
    ...pipelineOptions,
    ...worldOptions,
    jsonOption,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    {
      command: "provision plan --offline pipelines/static-ip.yaml",
      what: "without credentials, as on a fork's pull request",
    },
    {
      command: "provision plan --out plan.json pipelines/static-ip.yaml",
      what: "to be approved, then asserted by `provision up plan.json`",
    },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const offline = given.flag("offline");
    const out = given.text("out");
    if (out !== undefined && hasPipelineName(out)) {
      throw usageFailure(
        `--out ${out} would be a pipeline by its name, and \`up\` would read it as one`,
        "choose another name, as in `--out plan.json`",
      );
    }
    const opened = await open(invocation, {
      file: given.positionals[0] ?? "provision.yaml",
      offline,
      lenientSecrets: given.flag("destroy"),
    });
    const { request, world, reporter, style } = opened;
    const command = given.flag("destroy") ? "destroy" : "up";
    const made: Plan = offline
      ? planOffline(request)
      : (await prepare(world, request, { command, join: false, prune: given.flag("prune") })).plan;
    reporter.close();
    if (out !== undefined) await writePlan(invocation, out, made);
    if (given.flag("json")) {
      // Online, the event `planned` has told it already.
      if (offline) terminal.out.write(`${JSON.stringify(made)}\n`);
    } else if (given.flag("markdown")) terminal.out.write(renderPlanMarkdown(made));
    else {
      terminal.out.write(renderPlan(made, style));
      terminal.out.write(`\n${next(invocation, made, out)}\n`);
    }
    if (problemsOf(made).length > 0) return exitCodes.failed;
    return given.flag("detailed-exitcode") && hasChanges(made) ? exitCodes.changes : exitCodes.done;
  },
};

const next = (invocation: Invocation, made: Plan, out: string | undefined): string => {
  if (problemsOf(made).length > 0) return "Mend the problems above, then plan again.";
  if (!hasChanges(made)) return "Nothing to do.";
  if (made.offline)
    return `Next: ${commandLine(invocation, "plan", made.file)}   (with credentials, against what is there; or with --sandbox)`;
  if (out !== undefined && made.command === "up") return `Next: ${commandLine(invocation, "up", out)}`;
  const prune = invocation.given.flag("prune") && made.command === "up" ? ["--prune"] : [];
  return `Next: ${commandLine(invocation, made.command, made.file, ...prune)}`;
};

const writePlan = async ({ machine }: Invocation, out: string, made: Plan): Promise<void> => {
  try {
    await machine.writeText(resolve(machine.directory, out), encodePlan(made));
  } catch (error) {
    throw new Failure({
      kind: "rejected",
      code: "P0441",
      message: `can't write the plan to ${out}: ${reasonOf(error)}`,
      hint: "nothing was changed, and no half-written file is left; choose another place with --out",
      resource: out,
    });
  }
};
