/** Microsoft.Network/virtualNetworks with its subnets, which live in the network's representation. */
import { z } from "zod";
import { contains, overlaps, parseRange } from "../cidr.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf, lastName } from "../id.ts";
import type { Arm } from "../kind.ts";
import type { StoredResource } from "../state.ts";

const type = "Microsoft.Network/virtualNetworks";

const subnetProperties = z.looseObject({
  addressPrefix: z.string().optional(),
  addressPrefixes: z.array(z.string()).optional(),
});
const subnetSchema = z.looseObject({ properties: subnetProperties });
const schema = z.looseObject({
  location: z.string(),
  properties: z.looseObject({
    addressSpace: z.looseObject({ addressPrefixes: z.array(z.string()).min(1) }),
    subnets: z.array(z.looseObject({ name: z.string(), properties: subnetProperties })).optional(),
  }),
});

type Network = z.infer<typeof schema>;
type Subnet = NonNullable<Network["properties"]["subnets"]>[number];

const prefixOf = (subnet: { properties: z.infer<typeof subnetProperties> }): string =>
  subnet.properties.addressPrefix ?? subnet.properties.addressPrefixes?.[0] ?? "";

const checkSubnets = (network: string, space: readonly string[], subnets: readonly Subnet[]): void => {
  const outer = space.map((prefix) => {
    const range = parseRange(prefix);
    if (!range)
      throw badRequest(
        "InvalidAddressPrefixFormat",
        `Address prefix ${prefix} of resource ${network} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
      );
    return range;
  });
  const inner = subnets.map((subnet) => {
    const range = parseRange(prefixOf(subnet));
    if (!range || !outer.some((space) => contains(space, range))) {
      throw badRequest(
        "NetcfgSubnetRangeOutsideVnet",
        `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
      );
    }
    return { name: subnet.name, range };
  });
  for (const [index, a] of inner.entries()) {
    const b = inner.slice(index + 1).find((other) => overlaps(a.range, other.range));
    if (b)
      throw badRequest(
        "NetcfgSubnetRangesOverlap",
        `Subnet '${b.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
      );
  }
};

export const virtualNetwork = defineKind<Network>({
  type,
  home: "group",
  located: true,
  schema,
  validate: ({ name, body }) =>
    checkSubnets(name, body.properties.addressSpace.addressPrefixes, body.properties.subnets ?? []),
  create: ({ body }) => body,
  update: ({ body, before }) => ({
    ...body,
    properties: { ...body.properties, subnets: body.properties.subnets ?? before.properties.subnets ?? [] },
  }),
  creating: "Updating",
  asynchronous: { create: 4_000, update: 3_000, remove: 5_000 },
  etag: { field: "etag", conditional: true },
  show: ({ id, body }) => ({
    ...body,
    properties: {
      enableDdosProtection: false,
      virtualNetworkPeerings: [],
      ...body.properties,
      subnets: (body.properties.subnets ?? []).map((subnet) => ({
        id: `${id}/subnets/${subnet.name}`,
        type: `${type}/subnets`,
        ...subnet,
        properties: { provisioningState: "Succeeded", ...subnet.properties },
      })),
    },
  }),
});

const networkOf = (arm: Arm, id: string): StoredResource | undefined => {
  const match = /^(.*\/providers\/microsoft\.network\/virtualnetworks\/[^/]+)\/subnets\/[^/]+$/i.exec(id);
  return match?.[1] === undefined ? undefined : arm.state.resources[keyOf(match[1])];
};

const toResource = (network: StoredResource, subnet: Subnet): StoredResource => ({
  id: `${network.id}/subnets/${subnet.name}`,
  type: `${type}/subnets`,
  name: subnet.name,
  body: { properties: subnet.properties },
  etag: network.etag,
  state: "Succeeded",
  createdAt: network.createdAt,
});

const change = (arm: Arm, id: string, next: (subnets: readonly Subnet[]) => readonly Subnet[]): void => {
  const network = networkOf(arm, id);
  if (!network) return;
  const body = schema.parse(network.body);
  network.body = {
    ...body,
    properties: { ...body.properties, subnets: next(body.properties.subnets ?? []) },
  };
};

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const subnet = defineKind<z.infer<typeof subnetSchema>>({
  type: `${type}/subnets`,
  home: "group",
  located: false,
  schema: subnetSchema,
  validate({ arm, id, name, body }) {
    const network = networkOf(arm, id);
    if (!network) {
      throw new ArmError(
        404,
        "ParentResourceNotFound",
        `Failed to perform 'write' on resource(s) of type 'virtualNetworks/subnets', because the parent resource '${id}' could not be found.`,
      );
    }
    const present = schema.parse(network.body).properties;
    const others = (present.subnets ?? []).filter((other) => !same(other.name, name));
    checkSubnets(network.name, present.addressSpace.addressPrefixes, [...others, { name, ...body }]);
  },
  create: ({ body }) => body,
  update: ({ body }) => body,
  creating: "Updating",
  asynchronous: { create: 3_000, update: 2_000, remove: 3_000 },
  etag: { field: "etag", conditional: true },
  inside: {
    find(arm, id) {
      const network = networkOf(arm, id);
      const found =
        network &&
        schema.parse(network.body).properties.subnets?.find((entry) => same(entry.name, lastName(id)));
      return network && found && toResource(network, found);
    },
    list: (_, network) => {
      const parsed = schema.safeParse(network.body);
      return (parsed.data?.properties.subnets ?? []).map((entry) => toResource(network, entry));
    },
    save: (arm, resource) =>
      change(arm, resource.id, (subnets) => [
        ...subnets.filter((entry) => !same(entry.name, resource.name)),
        { name: resource.name, properties: subnetSchema.parse(resource.body).properties },
      ]),
    drop: (arm, resource) =>
      change(arm, resource.id, (subnets) => subnets.filter((entry) => !same(entry.name, resource.name))),
  },
});
