/**
 * Microsoft.Network/loadBalancers: https://learn.microsoft.com/rest/api/load-balancer/load-balancers. Its frontends
 * hold public IPs, which the writer must be allowed to join. A write is answered as done, as Azure answers it.
 */
import { authorizeLinked } from "../access.ts";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";
import { isWithin, keyOf } from "../id.ts";
import type { Arm, Stored, Write } from "../kind.ts";
import type { Document } from "../state.ts";
import { derivedGuid } from "./derived-guid.ts";
import {
  type BackendPool,
  type Balancer,
  balancerSchema,
  type Parts,
  type Rule,
  referencesOf,
  balancerType as type,
} from "./load-balancer-schema.ts";

const partNames = [
  "frontendIPConfigurations",
  "backendAddressPools",
  "loadBalancingRules",
  "probes",
  "inboundNatRules",
  "outboundRules",
  "inboundNatPools",
] as const;
const ruleNames = ["loadBalancingRules", "outboundRules", "inboundNatRules"] as const;

const notFound = (referenced: string, by: string) =>
  badRequest(
    "InvalidResourceReference",
    `Resource ${referenced} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
  );

/** Frontends with a public IP, as pairs of ids. */
const usesOf = (id: string, { properties }: Balancer): readonly { frontend: string; address: string }[] =>
  (properties.frontendIPConfigurations ?? []).flatMap((frontend) =>
    frontend.properties.publicIPAddress
      ? [
          {
            frontend: `${id}/frontendIPConfigurations/${frontend.name}`,
            address: frontend.properties.publicIPAddress.id,
          },
        ]
      : [],
  );

const checkAddresses = ({ arm, id, body, caller }: Write<Balancer>): void => {
  const uses = usesOf(id, body);
  for (const { address } of uses) {
    const write = { action: `${type}/write`, scope: id };
    authorizeLinked(arm, caller, write, "Microsoft.Network/publicIPAddresses/join/action", address);
  }
  for (const { frontend, address } of uses) {
    if (arm.find(address)?.type !== "Microsoft.Network/publicIPAddresses") throw notFound(address, frontend);
    const user = arm.state.attached[keyOf(address)];
    if (user !== undefined && !isWithin(user, id)) {
      throw badRequest(
        "PublicIPAddressInUse",
        `Resource ${frontend} is referencing public IP address ${address} that is already allocated to resource ${user}.`,
      );
    }
    if (uses.some((other) => other.frontend !== frontend && keyOf(other.address) === keyOf(address))) {
      throw badRequest(
        "PublicIPReferencedByMultipleIPConfigs",
        `Public ip address ${address} is referenced by multiple ipconfigs in resource ${id}.`,
      );
    }
  }
};

/** Throws where a pool's addresses are in a network that is not there. */
export const checkNetworks = (
  arm: Arm,
  pool: string,
  { properties }: Pick<BackendPool, "properties">,
): void => {
  const networks = [
    properties.virtualNetwork,
    ...(properties.loadBalancerBackendAddresses ?? []).map((entry) => entry.properties.virtualNetwork),
  ];
  for (const network of networks) if (network && !arm.find(network.id)) throw notFound(network.id, pool);
};

const hasPart = (id: string, parts: Parts, list: keyof Parts, wanted: string): boolean => {
  const entries = parts[list];
  return (
    Array.isArray(entries) &&
    entries.some(
      (entry) => keyOf(`${id}/${list}/${String(Reflect.get(Object(entry), "name"))}`) === keyOf(wanted),
    )
  );
};

const checkReferences = ({ arm, id, body: { properties } }: Write<Balancer>): void => {
  for (const name of ruleNames) {
    for (const rule of properties[name] ?? []) {
      const missing = referencesOf(rule).find((named) => !hasPart(id, properties, named.list, named.id));
      if (missing) throw notFound(missing.id, `${id}/${name}/${rule.name}`);
    }
  }
  for (const pool of properties.backendAddressPools ?? [])
    checkNetworks(arm, `${id}/backendAddressPools/${pool.name}`, pool);
};

/** Notes which addresses the frontends hold, and lets go those that they held before. */
const hold = (arm: Arm, id: string, uses: ReturnType<typeof usesOf>): void => {
  for (const [address, user] of Object.entries(arm.state.attached)) {
    if (isWithin(user, id)) delete arm.state.attached[address];
  }
  for (const { frontend, address } of uses) arm.state.attached[keyOf(address)] = frontend;
  arm.changed();
};

/** Frontends keep no more of an address than its id; the rest of what clients send back is shown anew. */
const complete = ({ arm, id, body }: Write<Balancer>): Balancer => {
  const completed: Balancer = {
    ...body,
    sku: { name: "Basic", tier: "Regional", ...body.sku },
    properties: {
      ...body.properties,
      frontendIPConfigurations: (body.properties.frontendIPConfigurations ?? []).map((frontend) => {
        const { publicIPAddress, ...rest } = frontend.properties;
        return {
          ...frontend,
          properties: {
            ...rest,
            ...(publicIPAddress ? { publicIPAddress: { id: publicIPAddress.id } } : {}),
          },
        };
      }),
    },
  };
  hold(arm, id, usesOf(id, completed));
  return completed;
};

/** What the rules of a list say of a part: `{ loadBalancingRules: [{ id }] }`. */
const usersOf = (id: string, parts: Parts, wanted: string): Document =>
  Object.fromEntries(
    ruleNames.flatMap((name) => {
      const named = (rule: Rule) => referencesOf(rule).some((entry) => keyOf(entry.id) === keyOf(wanted));
      const users = (parts[name] ?? []).filter(named).map((rule) => ({ id: `${id}/${name}/${rule.name}` }));
      return users.length > 0 ? [[name, users]] : [];
    }),
  );

const show = ({ id, body, resource }: Stored<Balancer>): Document => {
  const shownParts = partNames.map((list) => {
    const parts = (body.properties[list] ?? []).map((part) => {
      const own = `${id}/${list}/${part.name}`;
      const {
        loadBalancingRules: _,
        outboundRules: __,
        inboundNatRules: ___,
        ...properties
      } = part.properties;
      return {
        ...part,
        id: own,
        etag: `W/"${resource.etag}"`,
        type: `${type}/${list}`,
        properties: {
          ...(list === "frontendIPConfigurations" ? { privateIPAllocationMethod: "Dynamic" } : {}),
          ...(list === "backendAddressPools" ? { loadBalancerBackendAddresses: [] } : {}),
          ...properties,
          provisioningState: "Succeeded",
          ...usersOf(id, body.properties, own),
        },
      };
    });
    return [list, parts] as const;
  });
  return {
    ...body,
    etag: `W/"${resource.etag}"`,
    properties: {
      ...body.properties,
      resourceGuid: derivedGuid(id, "resource"),
      ...Object.fromEntries(shownParts),
    },
  };
};

export const loadBalancer = defineKind<Balancer>({
  type,
  home: "group",
  located: true,
  schema: balancerSchema,
  validate(write) {
    checkAddresses(write);
    checkReferences(write);
  },
  create: complete,
  update: complete,
  creating: "Succeeded",
  updating: () => "Succeeded",
  asynchronous: { create: 0, update: 0, remove: 3_000 },
  etag: { field: "etag", conditional: true },
  remove: ({ arm, id }) => hold(arm, id, []),
  show,
});
