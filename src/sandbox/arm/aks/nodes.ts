/** What a cluster owns beside itself: its node resource group with kubelet identity, outbound address and role. */
import { freshEtag } from "../core.ts";
import { keyOf } from "../id.ts";
import type { Arm, Stored } from "../kind.ts";
import { derivedGuid } from "../kinds/derived-guid.ts";
import { addressOf } from "../kinds/public-ip-address.ts";
import type { Document, StoredResource } from "../state.ts";
import type { Cluster } from "./schema.ts";

const identityType = "Microsoft.ManagedIdentity/userAssignedIdentities";
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** Puts a resource there unless it is there already. */
const put = (arm: Arm, id: string, type: string, name: string, body: Document): StoredResource => {
  const resource: StoredResource = arm.state.resources[keyOf(id)] ?? {
    id,
    type,
    name,
    body,
    etag: freshEtag(),
    state: "Succeeded",
    createdAt: arm.world.pace.now(),
  };
  arm.state.resources[keyOf(id)] = resource;
  return resource;
};

export const groupIdOf = (arm: Arm, cluster: Cluster): string =>
  `/subscriptions/${arm.settings.subscription}/resourceGroups/${cluster.properties.nodeResourceGroup ?? ""}`;

export const kubeletIdOf = (arm: Arm, name: string, cluster: Cluster): string =>
  `${groupIdOf(arm, cluster)}/providers/${identityType}/${name}-agentpool`;

/** Object id of the identity that the cluster's cloud provider acts as. */
export const principalOf = (cluster: Cluster): string => {
  const { identity } = cluster;
  if (identity?.principalId !== undefined) return identity.principalId;
  const [first] = Object.values(identity?.userAssignedIdentities ?? {});
  const principal =
    typeof first === "object" && first !== null ? Reflect.get(first, "principalId") : undefined;
  return typeof principal === "string"
    ? principal
    : (cluster.properties.servicePrincipalProfile?.clientId ?? "");
};

/** Makes what the node resource group holds; safe to repeat. */
export const makeNodeResources = ({ arm, id, name, body }: Stored<Cluster>): void => {
  const group = body.properties.nodeResourceGroup ?? "";
  const scope = groupIdOf(arm, body);
  arm.makeGroup(group, body.location, id);
  const kubelet = kubeletIdOf(arm, name, body);
  put(arm, kubelet, identityType, `${name}-agentpool`, {
    location: body.location,
    properties: {
      tenantId: arm.settings.tenant,
      principalId: derivedGuid(kubelet, "principal"),
      clientId: derivedGuid(kubelet, "client"),
    },
  });
  const address = `${scope}/providers/Microsoft.Network/publicIPAddresses/${derivedGuid(id, "outbound")}`;
  put(arm, address, "Microsoft.Network/publicIPAddresses", derivedGuid(id, "outbound"), {
    location: body.location,
    sku: { name: "Standard", tier: "Regional" },
    tags: { "aks-managed-type": "aks-slb-managed-outbound-ip" },
    properties: {
      ipAddress: addressOf(arm, address),
      publicIPAllocationMethod: "Static",
      publicIPAddressVersion: "IPv4",
      idleTimeoutInMinutes: 4,
    },
  });
  arm.state.attached[keyOf(address)] =
    `${scope}/providers/Microsoft.Network/loadBalancers/kubernetes/frontendIPConfigurations/outbound`;
  const assignment = derivedGuid(id, "contributor");
  const assignmentId = `${scope}/providers/Microsoft.Authorization/roleAssignments/${assignment}`;
  put(arm, assignmentId, "Microsoft.Authorization/roleAssignments", assignment, {
    properties: {
      roleDefinitionId: `/subscriptions/${arm.settings.subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
      principalId: principalOf(body),
      principalType: "ServicePrincipal",
      scope,
    },
  });
  arm.changed();
};
