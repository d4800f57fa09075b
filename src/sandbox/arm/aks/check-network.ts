/** What AKS refuses of a network profile: https://learn.microsoft.com/azure/aks/concepts-network-cni-overview */
import { z } from "zod";
import { addressNumber, contains, overlaps, parseRange, type Range } from "../cidr.ts";
import { badRequest } from "../errors.ts";
import { keyOf } from "../id.ts";
import type { Arm } from "../kind.ts";
import type { Cluster, Network } from "./schema.ts";

/** Ranges that AKS uses itself: https://learn.microsoft.com/azure/aks/azure-cni-overlay (IP address planning). */
const reserved = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];

const invalid = (field: string, message: string) =>
  badRequest("InvalidParameter", message, `networkProfile.${field}`);

const range = (field: "podCidr" | "serviceCidr", text: string): Range => {
  const parsed = parseRange(text);
  if (!parsed) throw badRequest("CidrStringParseError", "Cidr is invalid", `networkProfile.${field}`);
  const taken = reserved.find((other) => {
    const theirs = parseRange(other);
    return theirs !== undefined && overlaps(parsed, theirs);
  });
  if (taken !== undefined) {
    throw invalid(
      field,
      `The ${field} ${text} overlaps with the reserved range ${taken}, which AKS uses itself.`,
    );
  }
  return parsed;
};

const checkPlugin = (network: Network): void => {
  const { networkPlugin = "azure", networkPluginMode, networkPolicy, networkDataplane } = network;
  if (!["azure", "kubenet", "none"].includes(networkPlugin)) {
    throw invalid(
      "networkPlugin",
      `The value of parameter networkProfile.networkPlugin '${networkPlugin}' is invalid. Allowed values: azure, kubenet, none.`,
    );
  }
  if (networkPluginMode && networkPluginMode !== "overlay") {
    throw invalid(
      "networkPluginMode",
      `The value of parameter networkProfile.networkPluginMode '${networkPluginMode}' is invalid. Allowed values: overlay.`,
    );
  }
  if (networkPluginMode === "overlay" && networkPlugin !== "azure") {
    throw invalid(
      "networkPluginMode",
      `networkPluginMode 'overlay' is only supported with networkPlugin 'azure', not with '${networkPlugin}'.`,
    );
  }
  if (networkPolicy && !["azure", "calico", "cilium", "none"].includes(networkPolicy)) {
    throw invalid(
      "networkPolicy",
      `The value of parameter networkProfile.networkPolicy '${networkPolicy}' is invalid.`,
    );
  }
  if ((networkPolicy === "azure" || networkPolicy === "cilium") && networkPlugin !== "azure") {
    throw invalid(
      "networkPolicy",
      `networkPolicy '${networkPolicy}' is not supported with networkPlugin '${networkPlugin}'.`,
    );
  }
  if (networkPolicy === "cilium" && networkDataplane !== "cilium") {
    throw invalid("networkPolicy", "networkPolicy 'cilium' requires networkDataplane 'cilium'.");
  }
};

const checkDnsAddress = (text: string, service: Range, serviceText: string): void => {
  const address = addressNumber(text);
  if (address === undefined || address < service.first || address > service.last) {
    throw invalid(
      "dnsServiceIP",
      `The DNS service IP '${text}' does not belong to the service CIDR '${serviceText}'.`,
    );
  }
  if (address - service.first < 2) {
    throw invalid(
      "dnsServiceIP",
      `The DNS service IP '${text}' must not be the first or second address of the service CIDR '${serviceText}'.`,
    );
  }
};

const network = z.looseObject({
  properties: z.looseObject({
    subnets: z
      .array(
        z.looseObject({
          name: z.string(),
          properties: z.looseObject({ addressPrefix: z.string().optional() }),
        }),
      )
      .optional(),
  }),
});

/** The ranges of the virtual network that the pools' subnets lie in. */
const subnetRanges = (arm: Arm, cluster: Cluster): readonly string[] => {
  const ids = (cluster.properties.agentPoolProfiles ?? []).flatMap((pool) => pool.vnetSubnetID ?? []);
  return ids.flatMap((id) => {
    if (!arm.find(id)) {
      throw badRequest("SubnetNotFound", `Subnet '${id}' is not found.`, "agentPoolProfile.vnetSubnetID");
    }
    const parent = arm.state.resources[keyOf(id.replace(/\/subnets\/[^/]+$/i, ""))];
    const parsed = network.safeParse(parent?.body);
    return (parsed.data?.properties.subnets ?? []).flatMap((subnet) => subnet.properties.addressPrefix ?? []);
  });
};

/** Throws the first refusal. Defaults: pods 10.244.0.0/16, Services 10.0.0.0/16, DNS 10.0.0.10. */
export const checkNetwork = (arm: Arm, cluster: Cluster): void => {
  const profile = cluster.properties.networkProfile ?? {};
  checkPlugin(profile);
  if (profile.loadBalancerSku?.toLowerCase() === "basic") {
    throw invalid("loadBalancerSku", "The basic load balancer SKU is retired. Use 'standard'.");
  }
  const flat = profile.networkPlugin === "azure" && !profile.networkPluginMode;
  if (flat && profile.podCidr) {
    throw invalid(
      "podCidr",
      "podCidr is only supported with networkPluginMode 'overlay' or networkPlugin 'kubenet'.",
    );
  }
  const serviceText = profile.serviceCidr ?? "10.0.0.0/16";
  const service = range("serviceCidr", serviceText);
  if (service.prefix < 12) {
    throw invalid("serviceCidr", `The service CIDR '${serviceText}' is larger than /12.`);
  }
  checkDnsAddress(profile.dnsServiceIP ?? (profile.serviceCidr ? "" : "10.0.0.10"), service, serviceText);
  const podText = profile.podCidr ?? "10.244.0.0/16";
  const pods = flat ? undefined : range("podCidr", podText);
  if (pods && overlaps(pods, service)) {
    throw invalid("podCidr", `The pod CIDR '${podText}' overlaps with the service CIDR '${serviceText}'.`);
  }
  for (const text of subnetRanges(arm, cluster)) {
    const subnet = parseRange(text);
    if (!subnet) continue;
    if (overlaps(service, subnet) || contains(service, subnet)) {
      throw badRequest(
        "ServiceCidrOverlapExistingSubnetsCidr",
        `The specified service CIDR ${serviceText} is conflicted with an existing subnet CIDR ${text}`,
        "networkProfile.serviceCIDR",
      );
    }
    if (pods && overlaps(pods, subnet)) {
      throw invalid("podCidr", `The pod CIDR '${podText}' overlaps with the subnet CIDR '${text}'.`);
    }
  }
};
