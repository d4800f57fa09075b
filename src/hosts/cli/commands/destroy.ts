/** `provision destroy`: removes what the pipeline made, against the order of creation; touches nothing else. */
import { tearDown } from "../../../application/work.ts";
import { renderFailure } from "../../../reporters/failure.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { report } from "../../../run/report.ts";
import { codeOfOutcome, exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { confirmed, needsYes } from "../confirm.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions, yesOption } from "../options.ts";

export const destroy: Command = {
  name: "destroy",
  summary: "Remove what the pipeline made, and what is left of earlier versions of it.",
  usage: "destroy [PIPELINE]",
  options: [yesOption, ...pipelineOptions, ...worldOptions, jsonOption],
  positionals: { least: 0, most: 1 },
  examples: [
    { command: "provision destroy pipelines/static-ip.yaml", what: "plan the removal, ask, remove" },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    needsYes(invocation);
    const file = given.positionals[0] ?? "provision.yaml";
    const opened = await open(invocation, { file, lenientSecrets: true });
    const { reporter, style } = opened;
    const json = given.flag("json");
    const outcome = await tearDown(opened, {
      show: (plan) => {
        reporter.close();
        if (!json) terminal.out.write(`${renderPlan(plan, style)}\n`);
      },
      approve: () => confirmed(invocation, "Destroy all of this?"),
    });
    reporter.close();
    if (outcome.kind === "declined") return exitCodes.cancelled;
    if (outcome.kind === "nothing") {
      if (!json) terminal.out.write("Nothing to destroy.\n");
      return exitCodes.done;
    }
    const { result } = outcome;
    if (json) return codeOfOutcome(result.outcome);
    for (const { step, failure } of result.failures)
      terminal.out.write(`\n${renderFailure(report(failure), style, step)}`);
    terminal.out.write(
      result.outcome === "done"
        ? `\n${style.success("Destroyed.")} Nothing that carries this pipeline's marks is left.\n`
        : `\n${style.failure(result.outcome === "cancelled" ? "Cancelled." : "Failed.")} Still there: ${[...result.failures.map(({ step }) => step), ...result.notDone].join(", ")}\nNext: ${commandLine(invocation, "destroy", file)}\n`,
    );
    return codeOfOutcome(result.outcome);
  },
};
