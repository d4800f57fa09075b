/** What the sandbox's Kubernetes keeps on disk: plain data, all clusters in one. */
import type { ClusterSettings } from "../world.ts";
import type { KubernetesObject } from "./object.ts";

export interface KubernetesState {
  /** By cluster key. */
  readonly clusters: Record<string, ClusterState>;
}

export interface ClusterState {
  settings: ClusterSettings;
  /** Bearer tokens that the cluster accepts, and whom they speak for. */
  readonly tokens: Record<string, string>;
  /** The last resource version given out. */
  revision: number;
  /** By `group/plural|namespace|name`. */
  readonly objects: Record<string, KubernetesObject>;
  /** Lines by `namespace/pod/container`. */
  readonly logs: Record<string, string[]>;
}

/** What the service starts from where nothing was stored yet. */
export const emptyKubernetesState = (): KubernetesState => ({ clusters: {} });
