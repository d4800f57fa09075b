/** `provision up`: plan, show, ask, run, verify. A plan file in place of a pipeline is asserted first. */
import { readPlanOrPipeline } from "../../../application/plan-file.ts";
import { bringUp } from "../../../application/work.ts";
import { problemsOf } from "../../../plan/plan.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { confirmed, needsYes } from "../confirm.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions, yesOption } from "../options.ts";
import { finish } from "../result.ts";

export const up: Command = {
  name: "up",
  summary: "Bring the world to what the pipeline says, and prove that it works.",
  usage: "up [PIPELINE or PLAN.json]",
  options: [
    yesOption,
    {
      name: "prune",
      kind: "flag",
      help: "Also remove what carries this pipeline's marks and no step names any more.",
    },
    {
      name: "skip-preflight",
      kind: "flag",
      help: "Don't ask for quota, permissions and tools before the first write.",
    },
    ...pipelineOptions,
    ...worldOptions,
    jsonOption,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    { command: "provision up pipelines/static-ip.yaml", what: "plan, ask, run" },
    { command: "provision up plan.json --yes", what: "run just what was approved, or nothing" },
    { command: "provision up --sandbox --yes pipelines/static-ip.yaml", what: "without a cloud" },
  ],
  run: async (invocation) => {
    const { given, machine, terminal } = invocation;
    const asserted = await readPlanOrPipeline(machine, given.positionals[0]);
    const opened = await open(invocation, {
      file: asserted?.file ?? given.positionals[0] ?? "provision.yaml",
      inputs: Object.entries(asserted?.inputs ?? {}).map(([name, value]) => `${name}=${String(value)}`),
    });
    const { reporter, style } = opened;
    needsYes(invocation);
    const outcome = await bringUp(opened, {
      asserted,
      prune: given.flag("prune"),
      skipPreflight: given.flag("skip-preflight"),
      show: (plan) => {
        reporter.close();
        if (!given.flag("json")) terminal.out.write(`${renderPlan(plan, style)}\n`);
      },
      approve: () => confirmed(invocation, "Carry this out?"),
    });
    reporter.close();
    const unchanged = (mend: string) => {
      if (!given.flag("json"))
        terminal.err.write(`Nothing was changed. Mend ${mend}, then run the same command again.\n`);
    };
    switch (outcome.kind) {
      case "impossible": {
        const steps = [...new Set(problemsOf(outcome.plan).map(({ step }) => step))];
        unchanged(`what stands at ${steps.join(", ")} above`);
        return exitCodes.failed;
      }
      case "blocked":
        unchanged("what is in the way");
        return exitCodes.blocked;
      case "declined":
        return exitCodes.cancelled;
      case "ran":
        return finish(invocation, opened, outcome.result, { changed: outcome.changed });
    }
  },
};
