/** Reads a Deployment's container with all that it refers to, as a kubelet would before it starts it. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { V1Container, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { writeKubeconfig } from "../kubeconfig.ts";
import type { Cluster } from "./cluster.ts";
import type { Workload } from "./controller.ts";
import { environmentOf, expand } from "./environment.ts";
import { mountVolumes } from "./volumes.ts";

/** The newest pod of the Deployment: a controller may want to find itself by its name. */
const podOf = async (cluster: Cluster, deployment: V1Deployment): Promise<V1Pod> => {
  const namespace = deployment.metadata?.namespace ?? "default";
  const pods = await cluster.pods(namespace, deployment.spec?.selector.matchLabels ?? {});
  const created = (pod: V1Pod): number => pod.metadata?.creationTimestamp?.getTime() ?? 0;
  const [newest] = pods
    .filter((pod) => pod.metadata?.deletionTimestamp === undefined && pod.status?.phase === "Running")
    .toSorted((one, other) => created(other) - created(one));
  if (newest === undefined)
    throw new Error(`${namespace}/${deployment.metadata?.name} has no running pod yet`);
  return newest;
};

/**
 * Writes the files below `directory`, which is emptied first. Throws what is missing where a kubelet would wait.
 */
export const readWorkload = async (
  cluster: Cluster,
  deployment: V1Deployment,
  container: V1Container,
  directory: string,
): Promise<Workload> => {
  const namespace = deployment.metadata?.namespace ?? "default";
  const pod = await podOf(cluster, deployment);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const variables = await environmentOf(cluster, pod, container);
  const volumes = await mountVolumes(cluster, pod, container, join(directory, "volumes"));
  const kubeconfig = join(directory, "kubeconfig");
  const token = await cluster.token(namespace, pod.spec?.serviceAccountName ?? "default");
  await writeKubeconfig(kubeconfig, { server: cluster.server, authority: cluster.authority, token });
  return {
    namespace,
    name: deployment.metadata?.name ?? "",
    container: container.name,
    arguments: (container.args ?? []).map((word) => expand(word, variables)),
    variables,
    volumes,
    ports: Object.fromEntries(
      (container.ports ?? []).map(({ name, containerPort }) => [
        name ?? String(containerPort),
        containerPort,
      ]),
    ),
    kubeconfig,
    directory,
  };
};
