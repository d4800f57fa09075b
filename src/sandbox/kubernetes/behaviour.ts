/**
 * Behaviours play what runs in or around a real cluster: kubelet, workload controllers, cloud provider,
 * ingress-nginx, cert-manager, External DNS, Flux. One file in `behaviours/` exports one as `behaviour`; that is all
 * its registration (`npm run generate` lists the folder in `behaviours.generated.ts`).
 */
import type { Change, ClusterApi } from "./cluster-api.ts";

export interface Behaviour {
  /** Unique; also the field manager of its writes where it names none. */
  readonly name: string;
  /**
   * Told of every change in every cluster, one at a time, after it is stored. When the sandbox starts, each object
   * that is already there is told as `added`, so that work cut short by a kill is taken up again: write it so that
   * it may be called again at any time, and reads the present state instead of trusting the change. Work that takes
   * time goes through `cluster.pace.after`, and must look again at what is there when it runs. An ApiError with
   * reason `Conflict` makes it be told again.
   */
  reconcile(cluster: ClusterApi, change: Change): void;
  /**
   * Whether an admission webhook's Service answers now. Asked only when a request matches a webhook that names the
   * Service. `undefined`: not mine to say (then a ready endpoint decides).
   */
  webhook?(
    cluster: ClusterApi,
    service: { readonly namespace: string; readonly name: string },
  ): boolean | undefined;
}
