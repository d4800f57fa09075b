/** Microsoft.Network/networkSecurityGroups: https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups */
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";
import type { Stored } from "../kind.ts";
import type { Document } from "../state.ts";
import { derivedGuid } from "./derived-guid.ts";

const type = "Microsoft.Network/networkSecurityGroups";

const rule = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    priority: z.int(),
    direction: z.string(),
    access: z.string(),
    protocol: z.string(),
  }),
});

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({ securityRules: z.array(rule).optional() }).default({}),
});

type SecurityGroup = z.infer<typeof schema>;
type Rule = z.infer<typeof rule>;

const defaultRule = (
  name: string,
  description: string,
  [source, destination]: readonly [string, string],
  access: "Allow" | "Deny",
  priority: number,
  direction: "Inbound" | "Outbound",
): Rule => ({
  name,
  properties: {
    description,
    protocol: "*",
    sourcePortRange: "*",
    destinationPortRange: "*",
    sourceAddressPrefix: source,
    destinationAddressPrefix: destination,
    access,
    priority,
    direction,
  },
});

/** Those that every group ends with. */
const defaultRules: readonly Rule[] = [
  defaultRule(
    "AllowVnetInBound",
    "Allow inbound traffic from all VMs in VNET",
    ["VirtualNetwork", "VirtualNetwork"],
    "Allow",
    65000,
    "Inbound",
  ),
  defaultRule(
    "AllowAzureLoadBalancerInBound",
    "Allow inbound traffic from azure load balancer",
    ["AzureLoadBalancer", "*"],
    "Allow",
    65001,
    "Inbound",
  ),
  defaultRule("DenyAllInBound", "Deny all inbound traffic", ["*", "*"], "Deny", 65500, "Inbound"),
  defaultRule(
    "AllowVnetOutBound",
    "Allow outbound traffic from all VMs to all VMs in VNET",
    ["VirtualNetwork", "VirtualNetwork"],
    "Allow",
    65000,
    "Outbound",
  ),
  defaultRule(
    "AllowInternetOutBound",
    "Allow outbound traffic from all VMs to Internet",
    ["*", "Internet"],
    "Allow",
    65001,
    "Outbound",
  ),
  defaultRule("DenyAllOutBound", "Deny all outbound traffic", ["*", "*"], "Deny", 65500, "Outbound"),
];

const checkRules = (rules: readonly Rule[]): void => {
  for (const [index, { name, properties }] of rules.entries()) {
    if (properties.priority < 100 || properties.priority > 4096) {
      throw badRequest(
        "SecurityRuleInvalidPriority",
        `Security rule has invalid Priority. Value should be between 100 and 4096, inclusive. Value provided: ${properties.priority}`,
      );
    }
    const twin = rules
      .slice(index + 1)
      .find(
        (other) =>
          other.properties.priority === properties.priority &&
          other.properties.direction.toLowerCase() === properties.direction.toLowerCase(),
      );
    if (!twin) continue;
    throw badRequest(
      "SecurityRuleConflict",
      `Security rule ${name} conflicts with rule ${twin.name}. Rules cannot have the same Priority and Direction. To learn more about this rule, please see aka.ms/nsgrules.`,
    );
  }
};

const show = ({ id, body, resource }: Stored<SecurityGroup>): Document => {
  const shown = (list: string, rules: readonly Rule[]) =>
    rules.map((entry) => ({
      ...entry,
      id: `${id}/${list}/${entry.name}`,
      etag: `W/"${resource.etag}"`,
      type: `${type}/${list}`,
      properties: {
        sourcePortRanges: [],
        destinationPortRanges: [],
        sourceAddressPrefixes: [],
        destinationAddressPrefixes: [],
        ...entry.properties,
        provisioningState: "Succeeded",
      },
    }));
  return {
    ...body,
    etag: `W/"${resource.etag}"`,
    properties: {
      ...body.properties,
      resourceGuid: derivedGuid(id, "resource"),
      securityRules: shown("securityRules", body.properties.securityRules ?? []),
      defaultSecurityRules: shown("defaultSecurityRules", defaultRules),
    },
  };
};

export const networkSecurityGroup = defineKind<SecurityGroup>({
  type,
  home: "group",
  located: true,
  schema,
  validate: ({ body }) => checkRules(body.properties.securityRules ?? []),
  create: ({ body }) => body,
  update: ({ body }) => body,
  creating: "Updating",
  asynchronous: { create: 2_000, update: 2_000, remove: 3_000 },
  etag: { field: "etag", conditional: true },
  show,
});
