/** What a cluster's cloud provider sees of ARM: addresses, who uses them, and roles. */
import { z } from "zod";
import type { ArmWorld } from "../world.ts";
import { rolesOn } from "./access.ts";
import { type Core, freshEtag } from "./core.ts";
import { keyOf, placeOf } from "./id.ts";
import { addressOf } from "./kinds/public-ip-address.ts";
import type { StoredResource } from "./state.ts";

const type = "Microsoft.Network/publicIPAddresses";
const address = z.looseObject({
  sku: z.looseObject({ name: z.string() }).optional(),
  properties: z.looseObject({ ipAddress: z.string().optional() }),
});

export const armWorld = (core: Core): ArmWorld => {
  const { arm } = core;
  const idOfAddress = (group: string, name: string): string =>
    `/subscriptions/${arm.settings.subscription}/resourceGroups/${group}/providers/${type}/${name}`;
  const read = (resource: StoredResource): { address: string; sku: string } => {
    const body = address.parse(resource.body);
    return { address: body.properties.ipAddress ?? "", sku: body.sku?.name ?? "Basic" };
  };
  /** `group/load balancer/frontend`, as the cloud provider names it, as an ARM id. */
  const frontendId = (user: string): string => {
    if (user.startsWith("/")) return user;
    const [group = "", balancer = "", frontend = ""] = user.split("/");
    return `/subscriptions/${arm.settings.subscription}/resourceGroups/${group}/providers/Microsoft.Network/loadBalancers/${balancer}/frontendIPConfigurations/${frontend}`;
  };
  return {
    publicIp(group, name) {
      const resource = arm.find(idOfAddress(group, name));
      if (resource?.type !== type || resource.state === "Deleting") return undefined;
      return { id: resource.id, ...read(resource) };
    },
    publicIpByAddress(wanted) {
      const resource = arm.ofType(type).find((candidate) => read(candidate).address === wanted);
      if (!resource) return undefined;
      return { id: resource.id, group: placeOf(resource.id).group ?? "", name: resource.name };
    },
    attach(publicIpId, user) {
      if (user === undefined) delete arm.state.attached[keyOf(publicIpId)];
      else if (arm.find(publicIpId)) arm.state.attached[keyOf(publicIpId)] = frontendId(user);
      arm.changed();
    },
    hasRole: (principal, scope, role) =>
      rolesOn(arm, principal, scope).some((held) => held.name.toLowerCase() === role.toLowerCase()),
    makePublicIp(group, name, location) {
      const id = idOfAddress(arm.state.groups[group.toLowerCase()]?.name ?? group, name);
      const present = arm.find(id);
      if (present) return { id: present.id, address: read(present).address };
      const made = addressOf(arm, id);
      arm.state.resources[keyOf(id)] = {
        id,
        type,
        name,
        etag: freshEtag(),
        state: "Succeeded",
        createdAt: arm.world.pace.now(),
        body: {
          location,
          sku: { name: "Standard", tier: "Regional" },
          tags: { "k8s-azure-cluster-name": "kubernetes", "k8s-azure-service": name },
          properties: {
            ipAddress: made,
            publicIPAllocationMethod: "Static",
            publicIPAddressVersion: "IPv4",
            idleTimeoutInMinutes: 4,
          },
        },
      };
      arm.changed();
      return { id, address: made };
    },
  };
};
