/** `provision access`: the roles that a login needs for a pipeline, computed from the pipeline alone. */
import { type Access, accessOf, type Grant } from "../../../application/access.ts";
import type { Style } from "../../../reporters/style.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command } from "../command.ts";
import { open } from "../open.ts";
import { jsonOption, pipelineOptions } from "../options.ts";

export const access: Command = {
  name: "access",
  summary: "Show the Azure roles that a login needs for the pipeline; ask nobody.",
  usage: "access [PIPELINE]",
  options: [
    {
      name: "subscription",
      kind: "text",
      value: "ID",
      help: "Azure subscription, to be named in scopes. Default: AZURE_SUBSCRIPTION_ID.",
    },
    ...pipelineOptions,
    // Taken so that a command line can be reused with another command; nobody is asked.
    { name: "sandbox", kind: "flag", help: "No effect: nobody is asked." },
    jsonOption,
  ],
  positionals: { least: 0, most: 1 },
  examples: [
    {
      command: "provision access pipelines/aks-nginx-flux.yaml --input domain=example.com",
      what: "what CI must be allowed",
    },
  ],
  run: async (invocation) => {
    const { given, terminal } = invocation;
    const { request, style } = await open(invocation, {
      file: given.positionals[0] ?? "provision.yaml",
      offline: true,
    });
    const found = accessOf(request);
    terminal.out.write(given.flag("json") ? `${JSON.stringify(found)}\n` : render(found, style));
    return exitCodes.done;
  },
};

const render = ({ grants, uncovered, unknown }: Access, style: Style): string => {
  const scopes = Map.groupBy(grants, ({ scope }) => scope);
  const width = Math.max(0, ...grants.map(({ role }) => role.length));
  const lines = [...scopes].flatMap(([scope, group]) => [
    style.strong(scope),
    ...group.map((grant) => `  ${grant.role.padEnd(width)}  ${style.faint(why(grant))}`),
    "",
  ]);
  if (grants.length === 0) lines.push("No role in Azure: no step asks for one.", "");
  for (const { action, scope, steps } of uncovered) {
    lines.push(`No built-in role that is known here allows ${action} on ${scope} (${steps.join(", ")}).`);
  }
  if (unknown.length > 0) {
    lines.push(`Not known before the first run: what ${unknown.join(", ")} will need.`);
  }
  return `${lines.join("\n").trimEnd()}\n`;
};

const why = ({ steps, mayAssign }: Grant): string =>
  mayAssign === undefined ? steps.join(", ") : `${steps.join(", ")}; to assign ${mayAssign.join(", ")} alone`;
