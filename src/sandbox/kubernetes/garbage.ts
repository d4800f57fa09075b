/** The garbage collector: what has no living owner goes; foreground deletion and orphaning wait for dependents. */
import type { Behaviour } from "./behaviour.ts";
import type { Cluster } from "./cluster.ts";
import type { Change, ClusterApi } from "./cluster-api.ts";
import { storageOf } from "./kinds/kind.ts";
import { type KubernetesObject, nameOf, type OwnerReference } from "./object.ts";
import { foreground, orphan } from "./write/delete.ts";

/** Needs to see every object, whatever its kind: hence made for one cluster's storage. */
export const createGarbageCollector = (cluster: Cluster): Behaviour => {
  const dependentsOf = (uid: string | undefined): KubernetesObject[] => {
    const found: KubernetesObject[] = [];
    if (uid === undefined) return found;
    for (const [, object] of cluster.objects.all()) {
      if (object.metadata.ownerReferences?.some((owner) => owner.uid === uid)) found.push(object);
    }
    return found;
  };
  const lives = (owner: OwnerReference, namespace: string | undefined): boolean => {
    const kind = cluster.kinds.byName(owner.apiVersion, owner.kind);
    if (!kind) return true;
    const found = cluster.objects.get(storageOf(kind), kind.namespaced ? namespace : undefined, owner.name);
    return found?.metadata.uid === owner.uid;
  };
  const release = (api: ClusterApi, dependent: KubernetesObject, uid: string | undefined): void => {
    const owners = dependent.metadata.ownerReferences ?? [];
    const ownerReferences = owners.filter((owner) => owner.uid !== uid);
    api.patch(nameOf(dependent), {
      metadata: { ownerReferences: ownerReferences.length > 0 ? ownerReferences : null },
    });
  };

  return {
    name: "generic-garbage-collector",
    reconcile: (api: ClusterApi, change: Change) => {
      const { object } = change;
      const { uid, deletionTimestamp, finalizers = [] } = object.metadata;
      if (change.type === "deleted") {
        for (const dependent of dependentsOf(uid)) {
          const owners = dependent.metadata.ownerReferences ?? [];
          const others = owners.filter(
            (owner) => owner.uid !== uid && lives(owner, dependent.metadata.namespace),
          );
          if (others.length === 0) api.delete(nameOf(dependent), { uid: dependent.metadata.uid });
          else release(api, dependent, uid);
        }
        // A dependent that is gone may have been the last that its owner waited for.
        for (const owner of object.metadata.ownerReferences ?? []) finishForeground(api, owner, object);
        return;
      }
      if (deletionTimestamp === undefined) return;
      if (finalizers.includes(orphan)) {
        for (const dependent of dependentsOf(uid)) release(api, dependent, uid);
        dropFinalizer(api, object, orphan);
      } else if (finalizers.includes(foreground)) {
        const dependents = dependentsOf(uid);
        for (const dependent of dependents) {
          if (dependent.metadata.deletionTimestamp === undefined) {
            api.delete(nameOf(dependent), { uid: dependent.metadata.uid, propagation: "Foreground" });
          }
        }
        if (dependentsOf(uid).length === 0) dropFinalizer(api, object, foreground);
      }
    },
  };

  function finishForeground(api: ClusterApi, owner: OwnerReference, gone: KubernetesObject): void {
    const name = { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name };
    const kind = cluster.kinds.byName(owner.apiVersion, owner.kind);
    const found = api.get({ ...name, namespace: kind?.namespaced ? gone.metadata.namespace : undefined });
    if (found?.metadata.uid !== owner.uid || !found.metadata.finalizers?.includes(foreground)) return;
    if (dependentsOf(owner.uid).length === 0) dropFinalizer(api, found, foreground);
  }
};

/** Takes one finalizer away; the object goes with its last one. */
export const dropFinalizer = (api: ClusterApi, object: KubernetesObject, finalizer: string): void => {
  const current = api.get(nameOf(object));
  const finalizers = current?.metadata.finalizers?.filter((item) => item !== finalizer);
  if (!current || finalizers?.length === current.metadata.finalizers?.length) return;
  api.patch(nameOf(object), { metadata: { finalizers: finalizers?.length ? finalizers : null } });
};
