/** What the parts of one cluster share. */
import type { Pace } from "../world.ts";
import type { Kinds } from "./kinds/registry.ts";
import type { Objects } from "./objects.ts";
import type { ClusterState } from "./state.ts";

export interface Cluster {
  readonly state: ClusterState;
  readonly objects: Objects;
  readonly kinds: Kinds;
  readonly pace: Pace;
  /** Says that `state` was changed other than through `objects`. */
  changed(): void;
  /** Whether an admission webhook's Service answers now. */
  webhookReady(namespace: string, service: string): boolean;
}
