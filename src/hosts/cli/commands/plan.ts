/** `provision plan`: what `up` would do. Offline it needs no credentials, no network and no Helm. */
import { hasPipelineName } from "../../../application/open-pipeline.ts";
import { writePlanFile } from "../../../application/plan-file.ts";
import { planSession } from "../../../application/work.ts";
import { hasChanges, type Plan, problemsOf } from "../../../plan/plan.ts";
import { renderPlanMarkdown } from "../../../reporters/plan-markdown.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { exitCodes } from "../../exit-codes.ts";
import { usageFailure } from "../../usage.ts";
import type { Command, Invocation } from "../command.ts";
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
    const { given, machine, terminal } = invocation;
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
    const { reporter, style } = opened;
    const made = await planSession(opened, {
      command: given.flag("destroy") ? "destroy" : "up",
      offline,
      prune: given.flag("prune"),
    });
    reporter.close();
    if (out !== undefined) await writePlanFile(machine, out, made);
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
