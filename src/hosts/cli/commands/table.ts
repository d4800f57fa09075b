/** Every command by name, loaded when it is called: `validate` loads nothing of `up`. */
import type { Command } from "../command.ts";

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import("./init.ts")).init,
  validate: async () => (await import("./validate.ts")).validate,
  plan: async () => (await import("./plan.ts")).plan,
  up: async () => (await import("./up.ts")).up,
  destroy: async () => (await import("./destroy.ts")).destroy,
  status: async () => (await import("./status.ts")).status,
  outputs: async () => (await import("./outputs.ts")).outputs,
  kubeconfig: async () => (await import("./kubeconfig.ts")).kubeconfig,
  "kubernetes-token": async () => (await import("./kubernetes-token.ts")).kubernetesToken,
  graph: async () => (await import("./graph.ts")).graph,
  access: async () => (await import("./access.ts")).access,
  preflight: async () => (await import("./preflight.ts")).preflight,
  steps: async () => (await import("./steps.ts")).steps,
  schema: async () => (await import("./schema.ts")).schema,
  sandbox: async () => (await import("./sandbox.ts")).sandbox,
};
