/**
 * Upstream's fluxd on the Deployment that `gitops/flux-v1` makes: its own repository, paths, intervals, key and roles.
 * Not for `readOnly: true`: how far it synced, it keeps in a Secret only with the files of a pod, by their real paths.
 */
import type { Controller } from "./controller.ts";
import { fluxHome, onThisMachine } from "./flux-home.ts";

/** Port of its API in the container. */
const apiPort = 3030;

export const fluxV1: Controller = {
  name: "fluxd",
  image: "fluxcd/flux",
  program: "fluxd",
  start: async (workload, surroundings) => {
    if (workload.arguments.includes("--sync-state=secret")) {
      throw new Error(
        "fluxd keeps its state in a Secret only in a pod: it reads /var/run/secrets/kubernetes.io",
      );
    }
    const port = await surroundings.freePort();
    return {
      arguments: [
        ...workload.arguments.map((word) => onThisMachine(word, workload.volumes)),
        `--listen=127.0.0.1:${port}`,
        `--kubernetes-kubectl=${surroundings.kubectl}`,
        // No memcached and no registry is here.
        "--registry-disable-scanning",
      ],
      variables: await fluxHome(workload, surroundings),
      listens: new Map([[apiPort, port]]),
    };
  },
};
