/** The scale sets that a cluster's nodes are of, in its node resource group: one for each pool. */
import { scaleSetOf } from "../../kubernetes/nodes.ts";
import type { ClusterSettings } from "../../world.ts";
import { freshEtag } from "../core.ts";
import { isWithin, keyOf } from "../id.ts";
import type { Arm } from "../kind.ts";
import { scaleSetType } from "../kinds/scale-set.ts";

/** Makes, changes and removes scale sets until they are those of the cluster's pools. */
export const keepScaleSets = (arm: Arm, cluster: ClusterSettings): void => {
  const group = `/subscriptions/${arm.settings.subscription}/resourceGroups/${cluster.nodeResourceGroup}`;
  const wanted = new Map(
    cluster.pools.map((pool) => {
      const name = scaleSetOf(cluster, pool.name);
      return [keyOf(`${group}/providers/${scaleSetType}/${name}`), { pool, name }];
    }),
  );
  for (const present of arm.ofType(scaleSetType)) {
    const isOurs = isWithin(present.id, group) && !wanted.has(keyOf(present.id));
    if (isOurs) arm.drop(present.id);
  }
  for (const [key, { pool, name }] of wanted) {
    const present = arm.state.resources[key];
    arm.state.resources[key] = {
      id: `${group}/providers/${scaleSetType}/${name}`,
      type: scaleSetType,
      name,
      etag: freshEtag(),
      state: "Succeeded",
      createdAt: present?.createdAt ?? arm.world.pace.now(),
      body: {
        location: cluster.location,
        tags: { "aks-managed-poolName": pool.name },
        ...(pool.zones.length > 0 ? { zones: [...pool.zones] } : {}),
        sku: { name: pool.size, tier: "Standard", capacity: pool.count },
        properties: {},
      },
    };
  }
  arm.changed();
};
