/** A pod's volumes as folders of this machine: the files of Secrets and ConfigMaps, and empty ones. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { V1Container, V1KeyToPath, V1Pod, V1Volume } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";

const defaultMode = 0o644;

const fill = async (
  folder: string,
  contents: Readonly<Record<string, Buffer>>,
  items: readonly V1KeyToPath[] | undefined,
  mode: number,
): Promise<void> => {
  const files = items ?? Object.keys(contents).map((key): V1KeyToPath => ({ key, path: key }));
  for (const item of files) {
    const content = contents[item.key];
    if (content === undefined) throw new Error(`there is no key ${item.key} yet`);
    const path = join(folder, item.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: item.mode ?? mode });
  }
};

/** Throws for what the kubelet would wait for. */
const write = async (
  cluster: Cluster,
  namespace: string,
  volume: V1Volume,
  folder: string,
): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { secret, configMap } = volume;
  if (secret?.secretName !== undefined) {
    const contents = await cluster.secret(namespace, secret.secretName);
    if (contents !== undefined) await fill(folder, contents, secret.items, secret.defaultMode ?? defaultMode);
    else if (!secret.optional) throw new Error(`Secret ${namespace}/${secret.secretName} is not there yet`);
  } else if (configMap?.name !== undefined) {
    const contents = await cluster.configMap(namespace, configMap.name);
    if (contents !== undefined) {
      await fill(folder, contents, configMap.items, configMap.defaultMode ?? defaultMode);
    } else if (!configMap.optional) {
      throw new Error(`ConfigMap ${namespace}/${configMap.name} is not there yet`);
    }
  }
};

/** Mount path to the folder (or file, for a `subPath`) of this machine, below `directory`. */
export const mountVolumes = async (
  cluster: Cluster,
  pod: V1Pod,
  container: V1Container,
  directory: string,
): Promise<Readonly<Record<string, string>>> => {
  const mounts: Record<string, string> = {};
  for (const volume of pod.spec?.volumes ?? []) {
    const mounted = (container.volumeMounts ?? []).filter(({ name }) => name === volume.name);
    // The token that the API server adds is in the workload's kubeconfig.
    if (mounted.length === 0 || volume.projected !== undefined) continue;
    const folder = join(directory, volume.name);
    await write(cluster, pod.metadata?.namespace ?? "default", volume, folder);
    for (const { mountPath, subPath } of mounted) {
      mounts[mountPath] = subPath === undefined ? folder : join(folder, subPath);
    }
  }
  return mounts;
};
