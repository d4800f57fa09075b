/** `provision kubernetes-token`: what Helm and kubectl run to log in to AKS with Entra. No person types it. */
import { clusterToken, execCredential, tokenCommand } from "../../../clients/azure/cluster-token.ts";
import { exitCodes } from "../../exit-codes.ts";
import { attachSandbox } from "../../sandbox.ts";
import type { Command } from "../command.ts";
import { worldOptions } from "../options.ts";

export const kubernetesToken: Command = {
  name: tokenCommand,
  hidden: true,
  summary: "Print a credential for AKS with Entra, as kubeconfigs of `provision kubeconfig` ask for it.",
  usage: tokenCommand,
  options: worldOptions.filter(({ name }) => name === "azure-endpoint" || name === "sandbox"),
  positionals: { least: 0, most: 0 },
  examples: [],
  run: async (invocation) => {
    const { given, terminal, signals } = invocation;
    const machine = given.flag("sandbox")
      ? (await attachSandbox(invocation.machine, { entry: invocation.sandboxEntry })).machine
      : invocation.machine;
    const azure = { endpoint: given.text("azure-endpoint") };
    const token = await clusterToken({ variables: machine.variables, azure }, signals.signal);
    terminal.out.write(`${execCredential(token, machine.clock.now())}\n`);
    return exitCodes.done;
  },
};
