/**
 * Upstream's source- and kustomize-controller of Flux v2 on their Deployments, with their own arguments, volumes and
 * roles. One of each: a leader is elected in pods only, where the namespace of the Lease is a file.
 */
import type { Controller, Surroundings, Workload } from "./controller.ts";
import { onThisMachine } from "./flux-home.ts";

/** Container port of the artifacts that source-controller serves. */
const artifactPort = 9090;

/** The Deployment's own words, led to this machine; what is said last counts. */
const shared = async (workload: Workload, surroundings: Surroundings): Promise<readonly string[]> => [
  ...workload.arguments.map((word) => onThisMachine(word, workload.volumes)),
  "--enable-leader-election=false",
  `--metrics-addr=127.0.0.1:${await surroundings.freePort()}`,
  `--health-addr=127.0.0.1:${await surroundings.freePort()}`,
];

const variablesOf = ({ variables, volumes, kubeconfig, directory }: Workload) => ({
  ...Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, onThisMachine(value, volumes)]),
  ),
  KUBECONFIG: kubeconfig,
  TMPDIR: volumes["/tmp"] ?? directory,
});

export const sourceController: Controller = {
  name: "source-controller",
  image: "fluxcd/source-controller",
  program: "source-controller",
  start: async (workload, surroundings) => {
    const port = await surroundings.freePort();
    return {
      arguments: [
        ...(await shared(workload, surroundings)),
        `--storage-addr=127.0.0.1:${port}`,
        // Nothing here resolves the cluster's names.
        `--storage-adv-addr=127.0.0.1:${port}`,
      ],
      variables: variablesOf(workload),
      listens: new Map([[artifactPort, port]]),
    };
  },
};

export const kustomizeController: Controller = {
  name: "kustomize-controller",
  image: "fluxcd/kustomize-controller",
  program: "kustomize-controller",
  start: async (workload, surroundings) => ({
    arguments: await shared(workload, surroundings),
    variables: variablesOf(workload),
  }),
};
