/** What a Cloudflare token may do on a zone, found without writing anything. */

import { Failure } from "../../step/failure.ts";
import type { CloudflarePermission } from "../../step/requirement.ts";
import type { CloudflareClient, TokenPolicy, Zone } from "./client.ts";

export type Allowance = "allowed" | "missing" | "unknown";

/** Names of the permission groups that give it; the dashboard's `DNS:Edit` is the API's `DNS Write`. */
const permissionGroups: Readonly<Record<CloudflarePermission, readonly string[]>> = {
  "zone:read": ["Zone Read", "Zone Write"],
  "dns:edit": ["DNS Write"],
};

/** As the dashboard names it. */
export const permissionName = (permission: CloudflarePermission): string =>
  ({ "zone:read": "Zone:Read", "dns:edit": "DNS:Edit" })[permission];

/**
 * The zone was seen, which proves `zone:read`. For `dns:edit` ask, in this order: the token's own policies (most
 * tokens may not read them), the zone's `permissions`, and at least whether records can be read.
 */
export const allowances = async (
  client: CloudflareClient,
  zone: Zone,
  permissions: readonly CloudflarePermission[],
): Promise<ReadonlyMap<CloudflarePermission, Allowance>> => {
  const found = new Map<CloudflarePermission, Allowance>();
  for (const permission of permissions) {
    found.set(permission, permission === "zone:read" ? "allowed" : await mayEditRecords(client, zone));
  }
  return found;
};

const mayEditRecords = async (client: CloudflareClient, zone: Zone): Promise<Allowance> => {
  const policies = await ownPolicies(client);
  if (policies) return grants(policies, zone, "dns:edit") ? "allowed" : "missing";
  if (zone.permissions.length > 0) {
    return zone.permissions.includes("#dns_records:edit") ? "allowed" : "missing";
  }
  try {
    await client.records.list(zone.id, { name: zone.name, type: "SOA" });
    return "unknown";
  } catch (error) {
    if (error instanceof Failure && (error.kind === "forbidden" || error.kind === "unauthenticated"))
      return "missing";
    throw error;
  }
};

/** A token of an account (not of a user) is not known to `/user/tokens/verify`; it is asked no further. */
const ownPolicies = async (client: CloudflareClient): Promise<readonly TokenPolicy[] | undefined> => {
  try {
    return await client.tokenPolicies((await client.verifyToken()).id);
  } catch (error) {
    if (
      error instanceof Failure &&
      ["forbidden", "unauthenticated", "not-found", "rejected"].includes(error.kind)
    ) {
      return undefined;
    }
    throw error;
  }
};

const grants = (policies: readonly TokenPolicy[], zone: Zone, permission: CloudflarePermission): boolean => {
  const about = (policy: TokenPolicy) =>
    policy.permissions.some((name) => permissionGroups[permission].includes(name)) &&
    policy.resources.some((resource) => covers(resource, zone));
  return (
    policies.some((policy) => policy.effect === "allow" && about(policy)) &&
    !policies.some((policy) => policy.effect === "deny" && about(policy))
  );
};

/** A resource is one zone, all zones, or an account with the zones in it. */
const covers = (resource: string, zone: Zone): boolean =>
  resource === `com.cloudflare.api.account.zone.${zone.id}` ||
  (/^com\.cloudflare\.api\.account\./.test(resource) && !/\.zone\.[0-9a-f]+$/.test(resource));
