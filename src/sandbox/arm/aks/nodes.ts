/**
 * What a cluster owns beside itself: its node resource group with kubelet identity, network, load balancer, outbound
 * address and role.
 */
import { scaleSetOf } from "../../kubernetes/nodes.ts";
import type { ClusterSettings } from "../../world.ts";
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

/** The address that leaving traffic has. */
export const outboundIdOf = (arm: Arm, id: string, cluster: Cluster): string =>
  `${groupIdOf(arm, cluster)}/providers/Microsoft.Network/publicIPAddresses/${derivedGuid(id, "outbound")}`;

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

/** The network of the nodes, unless the pools name a subnet of the user's, and what filters their traffic. */
const makeNetwork = ({ arm, body }: Stored<Cluster>, cluster: ClusterSettings): void => {
  // AKS puts the same number into all of a cluster's names.
  const like = (what: string): string => scaleSetOf(cluster, what).replace(/-vmss$/, "");
  const names = { network: like("vnet"), securityGroup: `${like("agentpool")}-nsg` };
  const scope = `${groupIdOf(arm, body)}/providers/Microsoft.Network`;
  const filter = `${scope}/networkSecurityGroups/${names.securityGroup}`;
  put(arm, filter, "Microsoft.Network/networkSecurityGroups", names.securityGroup, {
    location: body.location,
    properties: {},
  });
  if (body.properties.agentPoolProfiles?.some((pool) => pool.vnetSubnetID)) return;
  put(arm, `${scope}/virtualNetworks/${names.network}`, "Microsoft.Network/virtualNetworks", names.network, {
    location: body.location,
    properties: {
      addressSpace: { addressPrefixes: ["10.224.0.0/12"] },
      subnets: [
        {
          name: "aks-subnet",
          properties: { addressPrefix: "10.224.0.0/16", networkSecurityGroup: { id: filter } },
        },
      ],
    },
  });
};

/** The load balancer that Services share, with the address that leaving traffic has. */
const makeBalancer = ({ arm, body }: Stored<Cluster>, address: StoredResource): void => {
  const id = `${groupIdOf(arm, body)}/providers/Microsoft.Network/loadBalancers/kubernetes`;
  const pool = `${id}/backendAddressPools/aksOutboundBackendPool`;
  const frontend = `${id}/frontendIPConfigurations/${address.name}`;
  put(arm, id, "Microsoft.Network/loadBalancers", "kubernetes", {
    location: body.location,
    sku: { name: "Standard", tier: "Regional" },
    properties: {
      frontendIPConfigurations: [{ name: address.name, properties: { publicIPAddress: { id: address.id } } }],
      backendAddressPools: [
        { name: "aksOutboundBackendPool", properties: {} },
        { name: "kubernetes", properties: {} },
      ],
      outboundRules: [
        {
          name: "aksOutboundRule",
          properties: {
            allocatedOutboundPorts: 0,
            enableTcpReset: true,
            idleTimeoutInMinutes: 30,
            protocol: "All",
            backendAddressPool: { id: pool },
            frontendIPConfigurations: [{ id: frontend }],
          },
        },
      ],
    },
  });
  arm.state.attached[keyOf(address.id)] = frontend;
};

/** Makes what the node resource group holds; safe to repeat. */
export const makeNodeResources = (stored: Stored<Cluster>, cluster: ClusterSettings): void => {
  const { arm, id, name, body } = stored;
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
  const address = outboundIdOf(arm, id, body);
  const outbound = put(arm, address, "Microsoft.Network/publicIPAddresses", derivedGuid(id, "outbound"), {
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
  makeNetwork(stored, cluster);
  makeBalancer(stored, outbound);
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
