/** `provision graph`: the pipeline's steps and what waits for what, as text or as a Mermaid diagram. */
import { renderGraph, renderTree } from "../../../reporters/mermaid.ts";
import { planOffline } from "../../../run/prepare.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions } from "../options.ts";

export const graph: Command = {
  name: "graph",
  summary: "Draw the steps and what waits for what.",
  usage: "graph [PIPELINE]",
  options: [
    { name: "mermaid", kind: "flag", help: "As a Mermaid diagram, for Markdown." },
    ...pipelineOptions,
    // Taken so that a command line can be reused with another command; nobody is asked.
    { name: "sandbox", kind: "flag", help: "No effect: nobody is asked." },
    jsonOption,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    { command: "provision graph --mermaid pipelines/aks-nginx-flux.yaml", what: "paste it into a README" },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const { request, style } = await open(invocation, {
      file: given.positionals[0] ?? "provision.yaml",
      offline: true,
    });
    const { steps } = planOffline(request);
    if (given.flag("json")) {
      terminal.out.write(`${JSON.stringify(steps.map(({ id, type, after }) => ({ id, type, after })))}\n`);
    } else terminal.out.write(given.flag("mermaid") ? renderGraph(steps) : renderTree(steps, style));
    return exitCodes.done;
  },
};
