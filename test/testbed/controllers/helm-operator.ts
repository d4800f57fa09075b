/** Upstream's Helm operator on the Deployment that `gitops/helm-operator` makes: its own intervals, key and roles. */
import type { Controller } from "./controller.ts";
import { fluxHome, onThisMachine } from "./flux-home.ts";

/** Port of its API in the container. */
const apiPort = 3030;

export const helmOperator: Controller = {
  name: "helm-operator",
  image: "fluxcd/helm-operator",
  program: "helm-operator",
  start: async (workload, surroundings) => {
    const port = await surroundings.freePort();
    return {
      arguments: [
        ...workload.arguments.map((word) => onThisMachine(word, workload.volumes)),
        `--kubeconfig=${workload.kubeconfig}`,
        `--listen=127.0.0.1:${port}`,
      ],
      variables: await fluxHome(workload, surroundings),
      listens: new Map([[apiPort, port]]),
    };
  },
};
