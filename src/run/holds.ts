/**
 * One Lease per cluster: taken before a run's first write when the cluster is there already, else by the first
 * step inside it. A lost Lease stops every write that follows, and ends what is under way: Helm above all.
 */
import { Failure } from "../step/failure.ts";
import { clusterRefType } from "../step/handle.ts";
import { type Ref, refKey } from "../step/ref.ts";
import type { Hold, Loss, RunWorld } from "./world.ts";

export interface Holds {
  /** Waits for the Leases that a write to `ref` needs, and throws where one was lost. */
  fence(ref: Ref): Promise<void>;
  /** Whether another run had one of them first: what was seen before it ended may be so no more. */
  waited(): boolean;
  /** Aborts with the Failure of `fence` when a Lease is lost. */
  readonly lost: AbortSignal;
  /** Lets go of every cluster that lives at `ref`, which is about to be destroyed, its Lease with it. */
  leave(ref: Ref): Promise<void>;
  release(): Promise<void>;
}

const lost = (cluster: Ref, loss: Loss): Failure => {
  switch (loss) {
    case "taken":
      return new Failure({
        kind: "conflict",
        code: "P0521",
        message: `the Lease of ${cluster.id} was lost to another run`,
        hint: "let the other run end, then run the same command again",
        resource: cluster.id,
      });
    case "unrenewed":
      return new Failure({
        kind: "conflict",
        code: "P0523",
        message: `the Lease of ${cluster.id} could not be renewed: its Kubernetes API did not answer in time`,
        hint: "see that the cluster's API answers (`kubectl get --raw /readyz`), then run the same command again",
        resource: cluster.id,
      });
  }
};

/** `existing`: clusters that were there when the run was planned. */
export const createHolds = (world: RunWorld, existing: readonly Ref[]): Holds => {
  const held = new Map<string, Promise<Hold>>();
  const left = new Set<string>();
  const losing = new AbortController();
  let waited = false;

  const take = (cluster: Ref): Promise<Hold> => {
    const key = refKey(cluster);
    const taken = held.get(key);
    if (taken) return taken;
    const taking = world
      .hold(cluster, (holder) => {
        waited = true;
        world.emit({ kind: "lease", cluster: cluster.id, state: "waiting", holder });
      })
      .then((hold) => {
        world.emit({ kind: "lease", cluster: cluster.id, state: "held" });
        const tell = (): void => {
          const loss = hold.loss();
          if (!loss) return;
          world.emit({ kind: "lease", cluster: cluster.id, state: loss });
          losing.abort(lost(cluster, loss));
        };
        hold.lost.addEventListener("abort", tell, { once: true });
        return hold;
      });
    held.set(key, taking);
    taking.catch(() => held.delete(key));
    return taking;
  };

  return {
    waited: () => waited,
    lost: losing.signal,
    fence: async (ref) => {
      const own = clusterOf(ref);
      for (const cluster of own ? [...existing, own] : existing) {
        if (left.has(refKey(cluster))) continue;
        const hold = await take(cluster);
        const loss = hold.loss();
        if (loss) throw lost(cluster, loss);
      }
    },
    leave: async (ref) => {
      for (const [key, taking] of [...held]) {
        if (key !== refKey(ref) && !key.startsWith(`${refKey(ref)}#`)) continue;
        left.add(key);
        held.delete(key);
        const hold = await taking.catch(() => undefined);
        await hold?.release().catch(() => undefined);
      }
    },
    release: async () => {
      for (const [, taking] of held) {
        const hold = await taking.catch(() => undefined);
        await hold?.release().catch(() => undefined);
      }
      held.clear();
    },
  };
};

/** The cluster that a Ref lives in, if it does. */
export const clusterOf = (ref: Ref): Ref | undefined => {
  if (ref.type === clusterRefType) return ref;
  return ref.within ? clusterOf(ref.within) : undefined;
};
