/** `provision schema`: the JSON Schema of a pipeline file, for editors. */
import { pipelineSchema } from "../../../language/schema.ts";
import { registry } from "../../../registry/registry.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";

export const schema: Command = {
  name: "schema",
  summary: "Print the JSON Schema of pipeline files, for completion in an editor.",
  usage: "schema",
  options: [],
  positionals: { least: 0, most: 0 },
  examples: [
    {
      command: "provision schema > schema.json",
      what: "then `# yaml-language-server: $schema=schema.json` at a pipeline's top",
    },
  ],
  run: async ({ terminal }) => {
    terminal.out.write(`${JSON.stringify(pipelineSchema(registry.manifest), undefined, 2)}\n`);
    return exitCodes.done;
  },
};
