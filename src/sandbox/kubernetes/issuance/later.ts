/** Delayed work of behaviours that is repeated: it takes some real time even where modelled time is none. */
import type { ClusterApi } from "../cluster-api.ts";

/** Both in milliseconds: of the modelled cloud, and of real time at least. */
export interface Delay {
  readonly modelled: number;
  readonly least: number;
}

export const later = (cluster: ClusterApi, { modelled, least }: Delay, action: () => void): void => {
  cluster.pace.after(modelled, action, least);
};
