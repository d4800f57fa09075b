/** Microsoft.ContainerService/managedClusters/agentPools, which live in their cluster's representation. */
import { z } from "zod";
import { checkPoolChange } from "../aks/check-cluster.ts";
import { checkPool, checkQuota } from "../aks/check-pools.ts";
import { completePool, mergedPools } from "../aks/complete.ts";
import { ensureKubernetes } from "../aks/kubernetes.ts";
import { type Cluster, clusterSchema, type NamedPool, poolSchema, poolType } from "../aks/schema.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf, lastName } from "../id.ts";
import type { Arm, Write } from "../kind.ts";
import type { StoredResource } from "../state.ts";
import { managedCluster } from "./managed-cluster.ts";

const schema = z.looseObject({ properties: poolSchema });
type PoolBody = z.infer<typeof schema>;

interface Owner {
  readonly resource: StoredResource;
  readonly cluster: Cluster;
  readonly pools: readonly NamedPool[];
}

const ownerOf = (arm: Arm, id: string): Owner | undefined => {
  const match = /^(.*\/managedclusters\/[^/]+)\/agentpools\/[^/]+$/i.exec(id);
  const resource = match?.[1] === undefined ? undefined : arm.state.resources[keyOf(match[1])];
  if (!resource) return undefined;
  const cluster = clusterSchema.parse(resource.body);
  return { resource, cluster, pools: cluster.properties.agentPoolProfiles ?? [] };
};

const requireOwner = (arm: Arm, id: string): Owner => {
  const owner = ownerOf(arm, id);
  if (owner) return owner;
  throw new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type 'managedClusters/agentPools', because the parent resource of '${id}' could not be found.`,
  );
};

const setPools = (owner: Owner, pools: readonly NamedPool[]): void => {
  owner.resource.body = {
    ...owner.cluster,
    properties: { ...owner.cluster.properties, agentPoolProfiles: [...pools] },
  };
};

const toResource = (
  owner: StoredResource,
  { name, provisioningState, eTag, ...pool }: NamedPool,
): StoredResource => ({
  id: `${owner.id}/agentPools/${name}`,
  type: poolType,
  name,
  body: { properties: pool },
  etag: eTag ?? "",
  state: provisioningState ?? owner.state,
  createdAt: owner.createdAt,
});

const complete = ({ arm, id, name, body }: Write<PoolBody>): PoolBody => {
  const { cluster, pools } = requireOwner(arm, id);
  const [merged] = mergedPools(
    [{ ...body.properties, name }],
    pools.filter((pool) => pool.name === name),
  );
  const version = cluster.properties.currentKubernetesVersion ?? "";
  const { name: _, ...complete } = completePool(
    merged ?? { name },
    version,
    cluster.properties.networkProfile ?? {},
  );
  return { properties: complete };
};

export const agentPool = defineKind<PoolBody>({
  type: poolType,
  home: "group",
  located: false,
  groupSegment: "resourcegroups",
  schema,
  validate({ arm, id, name, body }) {
    const { resource, cluster, pools } = requireOwner(arm, id);
    const running = arm.running(resource.id);
    if (running && managedCluster.busy) throw managedCluster.busy(running);
    const present = pools.filter((pool) => pool.name === name);
    const given = { ...body.properties, name };
    checkPoolChange(given, present[0]);
    const merged = mergedPools([given], present);
    for (const pool of merged)
      checkPool(pool, cluster.location, cluster.properties.currentKubernetesVersion ?? "");
    checkQuota(arm, cluster.location, merged, present);
  },
  create: complete,
  update: complete,
  updating: (before, after) =>
    before.properties.currentOrchestratorVersion === after.properties.currentOrchestratorVersion
      ? before.properties.count === after.properties.count
        ? "Updating"
        : "Scaling"
      : "Upgrading",
  asynchronous: { create: 120_000, update: 60_000, remove: 60_000 },
  etag: { field: "properties.eTag", conditional: true },
  refuseRemoval({ arm, id, name }) {
    const { pools } = requireOwner(arm, id);
    if (pools.some((pool) => pool.name !== name && pool.mode === "System")) return;
    if (!pools.some((pool) => pool.name === name && pool.mode === "System")) return;
    throw badRequest(
      "OperationNotAllowed",
      "There has to be at least one system agent pool. The last one can't be deleted.",
    );
  },
  settled({ arm, id }) {
    const owner = ownerOf(arm, id);
    if (owner)
      ensureKubernetes({ arm, id: owner.resource.id, name: owner.resource.name, body: owner.cluster });
  },
  remove({ arm, id }) {
    const owner = ownerOf(arm, id);
    if (owner)
      ensureKubernetes({ arm, id: owner.resource.id, name: owner.resource.name, body: owner.cluster });
  },
  inside: {
    find(arm, id) {
      const owner = ownerOf(arm, id);
      const pool = owner?.pools.find((entry) => entry.name.toLowerCase() === lastName(id).toLowerCase());
      return owner && pool && toResource(owner.resource, pool);
    },
    list(_, parent) {
      const cluster = clusterSchema.safeParse(parent.body);
      return (cluster.data?.properties.agentPoolProfiles ?? []).map((pool) => toResource(parent, pool));
    },
    save(arm, resource) {
      const owner = requireOwner(arm, resource.id);
      const pool: NamedPool = {
        ...schema.parse(resource.body).properties,
        name: resource.name,
        provisioningState: resource.state,
        eTag: resource.etag,
      };
      const others = owner.pools.filter((other) => other.name !== pool.name);
      const at = owner.pools.findIndex((other) => other.name === pool.name);
      setPools(owner, others.toSpliced(at < 0 ? others.length : at, 0, pool));
    },
    drop(arm, resource) {
      const owner = ownerOf(arm, resource.id);
      if (owner)
        setPools(
          owner,
          owner.pools.filter((pool) => pool.name !== resource.name),
        );
    },
  },
});
