/** The Kubernetes behind ARM's clusters: the sandbox's own, a real one by its kubeconfig, or a given one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { StoredResource } from "./arm/state.ts";
import { admit } from "./cluster-access.ts";
import type { Entra } from "./entra/service.ts";
import { splitPath } from "./kubernetes/kubeconfig.ts";
import { createKubernetesService } from "./kubernetes/service.ts";
import { type ClusterState, emptyKubernetesState, type KubernetesState } from "./kubernetes/state.ts";
import { openStore } from "./store.ts";
import type { KubernetesWorld, Service, World } from "./world.ts";

export type ClusterChoice =
  | "built-in"
  /** A file: ARM's credentials then hand out this kubeconfig for every cluster. */
  | { readonly kubeconfig: string }
  | { readonly world: KubernetesWorld };

export interface Clusters {
  readonly world: KubernetesWorld;
  /** What answers below `/clusters`, if anything does. */
  readonly service: Service | undefined;
  /** Forgets every cluster. */
  wipe(): void;
  /** Writes the state. */
  close(): Promise<void>;
}

const state = z.object({
  clusters: z.record(
    z.string(),
    z.custom<ClusterState>((value) => typeof value === "object" && value !== null && "settings" in value),
  ),
});

const parse = (value: unknown): KubernetesState | undefined => state.safeParse(value).data;

const given = (world: KubernetesWorld): Clusters => ({
  world,
  service: undefined,
  wipe: () => undefined,
  close: async () => undefined,
});

/** A real cluster takes the place of each: it is not made or removed by what ARM does. */
const fromKubeconfig = async (file: string): Promise<Clusters> => {
  const text = await readFile(file, "utf8");
  return given({ ensure: () => undefined, remove: () => undefined, kubeconfig: () => text });
};

export const openClusters = async (
  choice: ClusterChoice,
  directory: string,
  world: World,
  entra: Pick<Entra, "check">,
  /** What ARM holds of a cluster. */
  armCluster: (key: string) => StoredResource | undefined,
): Promise<Clusters> => {
  if (choice !== "built-in") {
    return "world" in choice ? given(choice.world) : fromKubeconfig(choice.kubeconfig);
  }
  const store = await openStore(join(directory, "kubernetes.json"), emptyKubernetesState, parse);
  const service = createKubernetesService(world, store);
  return {
    world: service.world,
    service: {
      ...service,
      handle(request, response) {
        const path = splitPath((request.url ?? "/").split("?")[0] ?? "/");
        const tokens = path && store.state.clusters[path.key]?.tokens;
        if (path && tokens) admit(request, armCluster(path.key), tokens, entra);
        return service.handle(request, response);
      },
    },
    wipe() {
      for (const key of Object.keys(store.state.clusters)) service.world.remove(key);
    },
    async close() {
      await service.close();
      await store.close();
    },
  };
};
