/** The family of DNS records: Refs of zones and records, and how records of a pipeline are found again. */
import type { Zone } from "../../clients/cloudflare/client.ts";
import { cloudflare } from "../../clients/cloudflare/cloudflare.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import type { Discovered, Family } from "../../step/step.ts";
import { commentPrefix, ownerOfComment } from "./marks.ts";
import { asciiName } from "./name.ts";

/** A zone's Ref is its name, which is known before anything is asked. */
export const zoneRef = (name: string): Ref => ({
  type: "dns/cloudflare-zone",
  version: 1,
  id: asciiName(name),
});

/** `<full name>/<type>` within the zone. */
export const recordRef = (type: string, zone: string, name: string, recordType: string): Ref => ({
  type,
  version: 1,
  id: `${name}/${recordType}`,
  within: zoneRef(zone),
});

/** The zone of exactly this name; undefined where the token sees none. */
export const findZone = async (context: StepContext, name: string): Promise<Zone | undefined> => {
  const client = await context.use(cloudflare);
  const zone = await client.zones.find(name);
  return zone && asciiName(zone.name) === asciiName(name) ? zone : undefined;
};

export const dnsFamily: Family = {
  name: "dns",
  discover: async (context, scope) => {
    const client = await context.use(cloudflare).catch(withoutToken);
    if (!client) return [];
    const found: Discovered[] = [];
    for (const zone of await client.zones.list()) {
      for (const record of await client.records.list(zone.id, { comment: commentPrefix(scope) })) {
        const marks = ownerOfComment(record.comment, scope);
        if (!marks) continue;
        const { owner, type } = marks;
        found.push({ ref: recordRef(type, zone.name, record.name, record.type), owner });
      }
    }
    return found;
  },
};

/** Without a token for Cloudflare there is no pipeline of ours that could have made records with it. */
const withoutToken = (error: unknown): undefined => {
  if (error instanceof Failure && error.code === "P0470") return undefined;
  throw error;
};
