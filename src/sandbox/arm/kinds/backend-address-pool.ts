/** Microsoft.Network/loadBalancers/backendAddressPools, which live in their load balancer's representation. */
import type { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { ArmError } from "../errors.ts";
import { keyOf, lastName } from "../id.ts";
import type { Arm } from "../kind.ts";
import type { StoredResource } from "../state.ts";
import { checkNetworks, loadBalancer } from "./load-balancer.ts";
import { type BackendPool, balancerSchema, balancerType, poolSchema } from "./load-balancer-schema.ts";

const balancerOf = (arm: Arm, id: string): StoredResource | undefined => {
  const match = /^(.*\/loadbalancers\/[^/]+)\/backendaddresspools\/[^/]+$/i.exec(id);
  return match?.[1] === undefined ? undefined : arm.state.resources[keyOf(match[1])];
};

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const poolsOf = (balancer: StoredResource): readonly BackendPool[] =>
  balancerSchema.safeParse(balancer.body).data?.properties.backendAddressPools ?? [];

const toResource = (balancer: StoredResource, pool: BackendPool): StoredResource => ({
  id: `${balancer.id}/backendAddressPools/${pool.name}`,
  type: `${balancerType}/backendAddressPools`,
  name: pool.name,
  body: { properties: pool.properties },
  // A load balancer and its parts share their etag.
  etag: balancer.etag,
  state: "Succeeded",
  createdAt: balancer.createdAt,
});

const change = (
  arm: Arm,
  resource: StoredResource,
  next: (pools: readonly BackendPool[]) => readonly BackendPool[],
): void => {
  const balancer = balancerOf(arm, resource.id);
  if (!balancer) return;
  const body = balancerSchema.parse(balancer.body);
  balancer.etag = resource.etag;
  balancer.body = {
    ...body,
    properties: { ...body.properties, backendAddressPools: next(poolsOf(balancer)) },
  };
};

export const backendAddressPool = defineKind<z.infer<typeof poolSchema>>({
  type: `${balancerType}/backendAddressPools`,
  home: "group",
  located: false,
  schema: poolSchema,
  validate({ arm, id, body }) {
    if (!balancerOf(arm, id)) {
      throw new ArmError(
        404,
        "ParentResourceNotFound",
        `Failed to perform 'write' on resource(s) of type 'loadBalancers/backendAddressPools', because the parent resource '${id.split("/").slice(0, -2).join("/")}' could not be found.`,
      );
    }
    checkNetworks(arm, id, body);
  },
  create: ({ body }) => body,
  update: ({ body }) => body,
  creating: "Updating",
  asynchronous: { create: 1_000, update: 1_000, remove: 1_000 },
  etag: { field: "etag", conditional: true },
  /** As its load balancer shows it, with the rules that use it. */
  show({ arm, id, name, body }) {
    const balancer = balancerOf(arm, id);
    const parts = balancer && balancerSchema.parse(loadBalancer.show(arm, balancer)).properties;
    const shown = parts?.backendAddressPools?.find((pool) => same(pool.name, name));
    return shown ? { properties: shown.properties } : body;
  },
  inside: {
    find(arm, id) {
      const balancer = balancerOf(arm, id);
      const found = balancer && poolsOf(balancer).find((pool) => same(pool.name, lastName(id)));
      return balancer && found && toResource(balancer, found);
    },
    list: (_, balancer) => poolsOf(balancer).map((pool) => toResource(balancer, pool)),
    save: (arm, resource) =>
      change(arm, resource, (pools) => {
        const pool = { name: resource.name, ...poolSchema.parse(resource.body) };
        const at = pools.findIndex((other) => same(other.name, resource.name));
        return at < 0 ? [...pools, pool] : pools.with(at, pool);
      }),
    drop: (arm, resource) =>
      change(arm, resource, (pools) => pools.filter((pool) => !same(pool.name, resource.name))),
  },
});
