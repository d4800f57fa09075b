/** `provision steps [TYPE]`: the list of step types, or one type's inputs and outputs. */
import { nearest } from "../../../language/suggest.ts";
import { registry } from "../../../registry/registry.ts";
import { renderStep, renderSteps } from "../../../reporters/steps.ts";
import { Failure } from "../../../step/failure.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { styleOf } from "../open.ts";
import { jsonOption } from "../options.ts";

export const steps: Command = {
  name: "steps",
  summary: "List the step types, or show one's inputs and outputs.",
  usage: "steps [TYPE]",
  options: [jsonOption],
  positionals: { least: 0, most: 1 },
  examples: [
    { command: "provision steps azure/public-ip", what: "every input with its type, default and meaning" },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const { manifest } = registry;
    const style = styleOf(invocation);
    const [type] = given.positionals;
    if (type === undefined) {
      const all = Object.values(manifest);
      terminal.out.write(given.flag("json") ? `${JSON.stringify(all)}\n` : renderSteps(all, style));
      return exitCodes.done;
    }
    const step = Object.hasOwn(manifest, type) ? manifest[type] : undefined;
    if (!step) {
      const near = nearest(type, Object.keys(manifest));
      throw new Failure({
        kind: "rejected",
        code: "P0447",
        message: `there is no step type \`${type}\``,
        hint: near ? `did you mean \`${near}\`?` : "`provision steps` lists them",
      });
    }
    terminal.out.write(given.flag("json") ? `${JSON.stringify(step)}\n` : renderStep(step, style));
    return exitCodes.done;
  },
};
