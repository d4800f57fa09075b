/** A cluster's network. Every part is always sent: what AKS chooses by itself has changed over the years. */
import { z } from "zod";
import { at, withValue } from "../../../families/arm/model.ts";
import { type Setting, sameText } from "../../../families/arm/setting.ts";

const range = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/);

const shape = z.object({
  plugin: z
    .enum(["azure", "none"])
    .default("azure")
    .describe(
      "Network plugin: `azure` (CNI, the default), or `none` to bring your own. Kubenet ends in March 2028.",
    ),
  mode: z
    .enum(["overlay", "node-subnet"])
    .default("overlay")
    .describe("Where pods get addresses from: `podCidr` (`overlay`, the default) or the nodes' subnet."),
  podCidr: z
    .string()
    .regex(/^(?!172\.3[01]\.)\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)
    .default("10.244.0.0/16")
    .describe(
      "Addresses of pods in overlay mode; not in 172.30/16 or 172.31/16. `10.244.0.0/16` by default.",
    ),
  serviceCidr: range.default("10.0.0.0/16").describe("Addresses of Services; `10.0.0.0/16` by default."),
  dnsServiceIP: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}$/)
    .default("10.0.0.10")
    .describe("Address of the cluster's DNS, inside `serviceCidr`; `10.0.0.10` by default."),
  policy: z
    .enum(["cilium", "azure", "calico", "none"])
    .default("cilium")
    .describe("What enforces network policies; `cilium` by default, and `none` with the plugin `none`."),
  outboundType: z
    .enum(["loadBalancer", "userDefinedRouting"])
    .default("loadBalancer")
    .describe("How nodes reach the internet; through the load balancer by default."),
  outboundAddresses: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("Number of public addresses for outbound traffic that AKS makes by itself; 1 by default."),
});

export const networkInput = shape
  .default(shape.parse({}))
  .describe("Network of the cluster; Azure CNI overlay with a Standard load balancer by default.");
export type NetworkInput = z.output<typeof shape>;

interface WithNetwork {
  readonly network: NetworkInput;
}

const hasOverlay = ({ network }: WithNetwork): boolean =>
  network.plugin === "azure" && network.mode === "overlay";

const policyOf = ({ network }: WithNetwork): NetworkInput["policy"] =>
  network.plugin === "none" ? "none" : network.policy;

export const networkSettings = <Input extends WithNetwork>(): readonly Setting<Input>[] => [
  {
    path: "network.plugin",
    at: "properties.networkProfile.networkPlugin",
    desired: ({ network }) => network.plugin,
    effect: "replace",
    same: sameText,
  },
  {
    path: "network.mode",
    desired: (input) => (input.network.plugin === "none" ? undefined : input.network.mode),
    effect: "replace",
    read: (model) => at(model, "properties.networkProfile.networkPluginMode") ?? "node-subnet",
    write: (model, mode) =>
      withValue(model, "properties.networkProfile.networkPluginMode", mode === "overlay" ? mode : undefined),
  },
  {
    path: "network.podCidr",
    at: "properties.networkProfile.podCidr",
    desired: (input) => (hasOverlay(input) ? input.network.podCidr : undefined),
    effect: "replace",
  },
  {
    path: "network.serviceCidr",
    at: "properties.networkProfile.serviceCidr",
    desired: ({ network }) => network.serviceCidr,
    effect: "replace",
  },
  {
    path: "network.dnsServiceIP",
    at: "properties.networkProfile.dnsServiceIP",
    desired: ({ network }) => network.dnsServiceIP,
    effect: "replace",
  },
  {
    path: "network.policy",
    desired: policyOf,
    effect: "disrupt",
    read: (model) => at(model, "properties.networkProfile.networkPolicy") ?? "none",
    write: (model, policy) => withValue(model, "properties.networkProfile.networkPolicy", policy),
  },
  {
    path: "network.dataplane",
    desired: (input) => (policyOf(input) === "cilium" ? "cilium" : "azure"),
    effect: "disrupt",
    read: (model) => at(model, "properties.networkProfile.networkDataplane") ?? "azure",
    write: (model, dataplane) => withValue(model, "properties.networkProfile.networkDataplane", dataplane),
  },
  {
    path: "network.loadBalancer",
    at: "properties.networkProfile.loadBalancerSku",
    desired: () => "standard",
    effect: "replace",
    same: sameText,
  },
  {
    path: "network.outboundType",
    at: "properties.networkProfile.outboundType",
    desired: ({ network }) => network.outboundType,
    effect: "replace",
    same: sameText,
  },
  {
    path: "network.outboundAddresses",
    at: "properties.networkProfile.loadBalancerProfile.managedOutboundIPs.count",
    desired: ({ network }) =>
      network.outboundType === "loadBalancer" ? network.outboundAddresses : undefined,
    effect: "update",
  },
];
