/** `provision destroy`: removes what the pipeline made, against the order of creation; touches nothing else. */
import { countActions } from "../../../plan/plan.ts";
import { renderFailure } from "../../../reporters/failure.ts";
import { renderPlan } from "../../../reporters/plan-text.ts";
import { destroy as carryOut } from "../../../run/destroy.ts";
import { prepare } from "../../../run/prepare.ts";
import { report } from "../../../run/report.ts";
import { type Command, exitCodes } from "../command.ts";
import { confirmed, needsYes } from "../confirm.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions, yesOption } from "../options.ts";
import { exitCodeOf } from "../result.ts";

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
    const { request, world, reporter, style } = await open(invocation, { file, lenientSecrets: true });
    const prepared = await prepare(world, request, { command: "destroy", join: true, prune: true });
    reporter.close();
    const json = given.flag("json");
    if (!json) terminal.out.write(`${renderPlan(prepared.plan, style)}\n`);
    if (countActions(prepared.plan).delete === 0) {
      if (!json) terminal.out.write("Nothing to destroy.\n");
      return exitCodes.done;
    }
    if (!(await confirmed(invocation, "Destroy all of this?"))) return exitCodes.cancelled;
    const result = await carryOut(world, request, prepared);
    reporter.close();
    if (json) return exitCodeOf(result);
    for (const { step, failure } of result.failures)
      terminal.out.write(`\n${renderFailure(report(failure), style, step)}`);
    terminal.out.write(
      result.outcome === "done"
        ? `\n${style.success("Destroyed.")} Nothing that carries this pipeline's marks is left.\n`
        : `\n${style.failure(result.outcome === "cancelled" ? "Cancelled." : "Failed.")} Still there: ${[...result.failures.map(({ step }) => step), ...result.notDone].join(", ")}\nNext: ${commandLine(invocation, "destroy", file)}\n`,
    );
    return exitCodeOf(result);
  },
};
