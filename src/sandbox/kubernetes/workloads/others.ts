/** Claims are bound at once, and disruption budgets count the pods that they guard. */
import type { ClusterApi } from "../cluster-api.ts";
import { claimProtection } from "../defaults/registry.ts";
import { dropFinalizer } from "../garbage.ts";
import { at, type Json, objectOf, objectsOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { matchesSelector } from "../selectors.ts";
import { isReady, manager, podKind } from "./pods.ts";

const isUsed = (api: ClusterApi, claim: KubernetesObject): boolean =>
  api
    .list(podKind, { namespace: claim.metadata.namespace })
    .some((pod) =>
      objectsOf(at(pod, "spec", "volumes")).some(
        (volume) => at(volume, "persistentVolumeClaim", "claimName") === claim.metadata.name,
      ),
    );

/** Binds a new claim, and lets one go that is being deleted and that no pod uses. */
export const reconcileClaim = (api: ClusterApi, claim: KubernetesObject): void => {
  if (claim.metadata.deletionTimestamp !== undefined) {
    if (!isUsed(api, claim)) dropFinalizer(api, claim, claimProtection);
    return;
  }
  if (at(claim, "status", "phase") !== "Pending") return;
  api.patch(nameOf(claim), { spec: { volumeName: `pvc-${claim.metadata.uid}` } }, manager);
  api.setStatus(
    nameOf(claim),
    (status, object) => ({
      ...status,
      phase: "Bound",
      accessModes: at(object, "spec", "accessModes") ?? ["ReadWriteOnce"],
      capacity: objectOf(at(object, "spec", "resources", "requests")),
    }),
    manager,
  );
};

/** A count or a share of the pods, as budgets have it. Shares are rounded up. */
const amount = (value: Json | undefined, total: number): number | undefined => {
  if (typeof value === "number") return value;
  const share = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return share === undefined ? undefined : Math.ceil((Number(share) * total) / 100);
};

export const reconcileBudget = (api: ClusterApi, budget: KubernetesObject): void => {
  const pods = api
    .list(podKind, { namespace: budget.metadata.namespace })
    .filter((pod) => matchesSelector(at(budget, "spec", "selector"), pod.metadata.labels ?? {}));
  const healthy = pods.filter(isReady).length;
  const minimum = amount(at(budget, "spec", "minAvailable"), pods.length);
  const maximum = amount(at(budget, "spec", "maxUnavailable"), pods.length);
  const desired = minimum ?? Math.max(0, pods.length - (maximum ?? 0));
  api.setStatus(
    nameOf(budget),
    (status, object) => ({
      ...status,
      observedGeneration: object.metadata.generation ?? 1,
      expectedPods: pods.length,
      currentHealthy: healthy,
      desiredHealthy: Math.min(desired, pods.length),
      disruptionsAllowed: Math.max(0, healthy - desired),
    }),
    manager,
  );
};
