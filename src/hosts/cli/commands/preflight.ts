/** `provision preflight`: quota, sizes, versions, permissions, token scope, tools: all findings, before any write. */
import { preflight as check } from "../../../application/preflight.ts";
import { renderFindings } from "../../../reporters/findings.ts";
import { planOffline } from "../../../run/prepare.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { commandLine } from "../next.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions, worldOptions } from "../options.ts";

export const preflight: Command = {
  name: "preflight",
  summary: "Ask for quota, permissions, token scope and tools; change nothing.",
  usage: "preflight [PIPELINE]",
  options: [...pipelineOptions, ...worldOptions, jsonOption],
  positionals: { least: 0, most: 1 },
  examples: [
    {
      command: "provision preflight pipelines/aks-nginx-flux.yaml",
      what: "exits with 4 where something is in the way",
    },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const file = given.positionals[0] ?? "provision.yaml";
    const { request, world, reporter, style } = await open(invocation, { file });
    const findings = await check(world, request, planOffline(request));
    reporter.close();
    const blocked = findings.some(({ severity }) => severity === "blocker");
    if (given.flag("json")) terminal.out.write(`${JSON.stringify(findings)}\n`);
    else {
      terminal.out.write(renderFindings(findings, style));
      terminal.out.write(
        blocked
          ? `\nMend what is in the way, then ask again: ${commandLine(invocation, "preflight", file)}\n`
          : `\nNext: ${commandLine(invocation, "up", file)}\n`,
      );
    }
    return blocked ? exitCodes.blocked : exitCodes.done;
  },
};
