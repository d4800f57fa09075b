/** `provision status`: drift and health. Writes nothing; exits with 3 for drift, 1 for what does not work. */
import { lookAt } from "../../../application/work.ts";
import { renderFailure } from "../../../reporters/failure.ts";
import { renderStatus } from "../../../reporters/status.ts";
import { report } from "../../../run/report.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions } from "../options.ts";

export const status: Command = {
  name: "status",
  summary: "Show what differs from the pipeline, and whether what is there works.",
  usage: "status [PIPELINE]",
  options: [...pipelineOptions, ...worldOptions, jsonOption],
  positionals: { least: 0, most: 1 },
  examples: [
    {
      command: "provision status pipelines/aks-nginx-flux.yaml",
      what: "exits with 3 for drift, 1 for ill health",
    },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const file = given.positionals[0] ?? "provision.yaml";
    const opened = await open(invocation, { file });
    const { reporter, style } = opened;
    const { plan, result } = await lookAt(opened);
    reporter.close();
    const unhealthy = result.failures.length > 0;
    // Half a look is no answer.
    if (result.outcome === "cancelled") return exitCodes.cancelled;
    const code = unhealthy ? exitCodes.failed : result.drift.length > 0 ? exitCodes.changes : exitCodes.done;
    if (given.flag("json")) return code;
    terminal.out.write(
      renderStatus(
        plan,
        result.failures.map(({ step }) => step),
        style,
        result.unverified,
      ),
    );
    for (const { step, failure } of result.failures)
      terminal.out.write(`\n${renderFailure(report(failure), style, step)}`);
    if (unhealthy || result.drift.length > 0)
      terminal.out.write(`\nNext: ${commandLine(invocation, "up", file)}\n`);
    return code;
  },
};
