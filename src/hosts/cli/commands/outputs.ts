/** `provision outputs`: the pipeline's outputs as they are now, read from the world. */
import { renderOutputs } from "../../../reporters/outputs.ts";
import { prepare } from "../../../run/prepare.ts";
import { Failure } from "../../../step/failure.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions } from "../options.ts";

export const outputs: Command = {
  name: "outputs",
  summary: "Print the pipeline's outputs, or one of them.",
  usage: "outputs [PIPELINE] [NAME]",
  options: [...pipelineOptions, ...worldOptions, jsonOption],
  positionals: { least: 0, most: 2 },
  examples: [
    { command: "provision outputs pipelines/static-ip.yaml address", what: "just the value, for a script" },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const [file = "provision.yaml", name] = given.positionals;
    // Progress is of no interest here, and stdout is for the result: events are not told.
    const { request, world, reporter, style } = await open(invocation, { file });
    const quiet = { ...world, emit: () => {} };
    const { plan } = await prepare(quiet, request, { command: "up", join: false, prune: false });
    reporter.close();
    if (name === undefined) {
      const text = given.flag("json")
        ? `${JSON.stringify(plan.outputs)}\n`
        : renderOutputs(plan.outputs, style);
      terminal.out.write(text);
      return exitCodes.done;
    }
    const shown = plan.outputs[name];
    if (shown?.kind !== "value") {
      const names = Object.keys(plan.outputs).join(", ");
      const why = !shown
        ? "the pipeline has no such output"
        : shown.kind === "secret"
          ? "it is a secret"
          : "it is not known yet";
      throw new Failure({
        kind: "rejected",
        code: "P0445",
        message: `output \`${name}\`: ${why}`,
        hint: !shown
          ? `it has: ${names}`
          : shown.kind === "secret"
            ? "secrets are never printed"
            : "run `provision up` first",
      });
    }
    terminal.out.write(
      `${typeof shown.value === "string" && !given.flag("json") ? shown.value : JSON.stringify(shown.value)}\n`,
    );
    return exitCodes.done;
  },
};
