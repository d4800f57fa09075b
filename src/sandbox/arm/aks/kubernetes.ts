/** Tells the Kubernetes service what ARM holds of a cluster. */
import { keyOf } from "../id.ts";
import type { Stored } from "../kind.ts";
import { principalOf } from "./nodes.ts";
import type { Cluster } from "./schema.ts";

/** Makes the cluster's API, or brings it to the version and the nodes that ARM holds. */
export const ensureKubernetes = ({
  arm,
  id,
  name,
  body,
}: Pick<Stored<Cluster>, "arm" | "id" | "name" | "body">): void => {
  const { properties } = body;
  arm.world.kubernetes.ensure({
    key: keyOf(id),
    name,
    version: properties.currentKubernetesVersion ?? "",
    location: body.location,
    nodeResourceGroup: properties.nodeResourceGroup ?? "",
    principalId: principalOf(body),
    pools: (properties.agentPoolProfiles ?? []).map((pool) => ({
      name: pool.name,
      count: pool.count ?? 1,
      size: pool.vmSize ?? "",
      mode: pool.mode === "System" ? "System" : "User",
      zones: pool.availabilityZones ?? [],
    })),
  });
};
