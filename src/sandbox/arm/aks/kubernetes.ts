/** Tells the Kubernetes service what ARM holds of a cluster. */
import type { ClusterSettings } from "../../world.ts";
import { keyOf } from "../id.ts";
import type { Stored } from "../kind.ts";
import { principalOf } from "./nodes.ts";
import { keepScaleSets } from "./scale-sets.ts";
import type { Cluster } from "./schema.ts";

type Known = Pick<Stored<Cluster>, "arm" | "id" | "name" | "body">;

/** The cluster as its Kubernetes is told of it. */
export const settingsOf = ({ id, name, body }: Known): ClusterSettings => {
  const { properties } = body;
  return {
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
  };
};

/** Makes the cluster's API and scale sets, or brings them to the version and the nodes that ARM holds. */
export const ensureKubernetes = (cluster: Known): void => {
  const settings = settingsOf(cluster);
  keepScaleSets(cluster.arm, settings);
  cluster.arm.world.kubernetes.ensure(settings);
};
