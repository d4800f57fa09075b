/**
 * A static public IPv4 address on the Standard SKU. It carries neither a `service` nor a `k8s-azure-service` tag:
 * the cloud provider takes an address with one for its own, and deletes it with the Service.
 */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { providerId } from "../../clients/azure/id.ts";
import { tagsSetting } from "../../families/arm/entries.ts";
import { locateInGroup, requiresInGroup } from "../../families/arm/in-group.ts";
import { regionInGroup, tagsInput } from "../../families/arm/inputs.ts";
import { textAt, without } from "../../families/arm/model.ts";
import { locationSetting, type Setting, sameSet, sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { publicIpHandle, resourceGroupHandle } from "../../step/handle.ts";

const type = "azure/public-ip";
const armType = "Microsoft.Network/publicIPAddresses";

const input = z.object({
  group: resourceGroupHandle.describe("The group to make the address in; one that outlives the cluster."),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9]([-\w.]{0,78}[\w])?$/)
    .describe("Name of the address, 1 to 80 letters, digits and `-_.`."),
  location: regionInGroup,
  zones: z
    .array(z.enum(["1", "2", "3"]))
    .default(["1", "2", "3"])
    .describe(
      "Availability zones that serve the address; all three by default, none (`[]`) where the region has no zones.",
    ),
  dnsLabel: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/)
    .optional()
    .describe("First label of an Azure DNS name for the address, unique in the region; no name by default."),
  idleTimeout: z
    .number()
    .int()
    .min(4)
    .max(30)
    .default(4)
    .describe("Minutes after which an idle TCP flow is dropped; 4 by default."),
  tags: tagsInput,
});
type Input = z.output<typeof input>;

const output = publicIpHandle.extend({
  fqdn: z.string().optional().describe("Azure DNS name of the address, where it has a `dnsLabel`."),
});

/** Tags that would give the address away to the cluster's cloud provider. */
const isTrap = (name: string): boolean => /^(service|k8s-azure-service)$/i.test(name);

const userTags = tagsSetting<Input>();

const settings: readonly Setting<Input>[] = [
  locationSetting(),
  { path: "sku.name", at: "sku.name", desired: () => "Standard", effect: "replace", same: sameText },
  {
    path: "publicIPAllocationMethod",
    desired: () => "Static",
    effect: "replace",
    same: sameText,
  },
  { path: "publicIPAddressVersion", desired: () => "IPv4", effect: "replace", same: sameText },
  {
    path: "zones",
    at: "zones",
    desired: ({ zones }) => (zones.length === 0 ? undefined : zones),
    effect: "replace",
    same: sameSet,
  },
  {
    path: "dnsSettings.domainNameLabel",
    desired: ({ dnsLabel }) => dnsLabel,
    effect: "update",
    same: sameText,
  },
  { path: "idleTimeoutInMinutes", desired: ({ idleTimeout }) => idleTimeout, effect: "update" },
  {
    ...userTags,
    desired: ({ tags }) => Object.fromEntries(Object.entries(tags).filter(([name]) => !isTrap(name))),
  },
];

export default defineArmStep({
  type,
  summary: "A static public IPv4 address, to outlive the cluster that answers on it.",
  input,
  output,
  volatile: ["fqdn"],
  apiVersion: apiVersions.network,
  locate: locateInGroup(type, armType),
  predict: {
    kind: () => "public-ip" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
    group: ({ group }) => group.name,
  },
  requires: ({ group, location, name, dnsLabel }) => [
    ...requiresInGroup(armType, { group }),
    { kind: "public-ip", location: location ?? group.location, count: 1 },
    ...(dnsLabel === undefined
      ? []
      : [
          {
            kind: "dns-label",
            location: location ?? group.location,
            label: dnsLabel,
            address: providerId(group.id, armType, name),
          } as const,
        ]),
  ],
  settings,
  prepare: (body) => without(body, ["properties.resourceGuid", "properties.ipConfiguration"]),
  outputs: (model, ref) => ({
    kind: "public-ip" as const,
    id: ref.id,
    name: textAt(model, "name") ?? "",
    group: ref.id.split("/")[4] ?? "",
    address: textAt(model, "properties.ipAddress") ?? "",
    fqdn: textAt(model, "properties.dnsSettings.fqdn"),
  }),
  ready: (model) => {
    const address = textAt(model, "properties.ipAddress");
    if (address) return { ready: true, detail: address };
    return { ready: false, reason: "no address has been assigned yet", worthWaiting: true };
  },
});
