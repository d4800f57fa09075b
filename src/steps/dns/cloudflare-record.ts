/** One DNS record in a Cloudflare zone. */
import { z } from "zod";
import { type DnsRecord, recordTypes } from "../../clients/cloudflare/client.ts";
import { zoneHealth } from "../../clients/cloudflare/zone-health.ts";
import { answers, type Published } from "../../families/dns/authoritative.ts";
import { dnsFamily, findZone, recordRef } from "../../families/dns/family.ts";
import { asciiName, fullName } from "../../families/dns/name.ts";
import {
  findRecord,
  type RecordActual,
  removeRecord,
  sameContent,
  textOf,
  writeRecord,
} from "../../families/dns/record.ts";
import { handle, publicIpHandle, zoneHandle } from "../../step/handle.ts";
import { type Datum, defineStep } from "../../step/step.ts";

const type = "dns/cloudflare-record";

const input = z.object({
  zone: zoneHandle.describe("The zone that the record lives in."),
  name: z
    .string()
    .max(253)
    .default("@")
    .describe("Name in the zone (`www`, `*`, `@` for the zone itself) or in full (`www.example.com`)."),
  type: z.enum(recordTypes).default("A").describe("The record's type."),
  content: z
    .union([z.string().min(1).max(2048), publicIpHandle])
    .describe(
      "An address, a host name or a text, as the type asks; or a public IP address, for its address.",
    ),
  ttl: z
    .union([z.literal(1), z.number().int().min(30).max(86400)])
    .default(1)
    .describe(
      "Seconds that resolvers keep the record; 1 leaves it to Cloudflare. Free plans take 60 or more.",
    ),
  proxied: z
    .boolean()
    .default(false)
    .describe("Whether Cloudflare stands in front of the address. Only for A, AAAA and CNAME."),
  priority: z
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe("For MX: lower is preferred. Default for MX: 10."),
});
type Input = z.output<typeof input>;

const output = handle("dns-record", {
  name: z.string().describe("The record's full name."),
  type: z.enum(recordTypes).describe("The record's type."),
  content: z.string().describe("What the record says."),
  zone: z.string().describe("The zone's domain name."),
});

const contentOf = (wanted: Input): string =>
  typeof wanted.content === "string" ? wanted.content : wanted.content.address;

const canBeProxied = (wanted: Input): boolean => ["A", "AAAA", "CNAME"].includes(wanted.type);
const proxiedOf = (wanted: Input): boolean => canBeProxied(wanted) && wanted.proxied;

/** Cloudflare keeps no time of its own for what it stands in front of. */
const ttlOf = (wanted: Input): number => (proxiedOf(wanted) ? 1 : wanted.ttl);
const priorityOf = (wanted: Input): number | undefined =>
  wanted.type === "MX" ? (wanted.priority ?? 10) : undefined;
const nameOf = (wanted: Input): string => fullName(wanted.name, wanted.zone.name);

const text = (datum: Datum | undefined): string => (typeof datum === "string" ? datum : "");

/**
 * What Cloudflare's name servers answer of a record. In front of an address, and for a CNAME at the root of a zone,
 * which it flattens, they give addresses that Cloudflare chooses.
 */
const publishedAs = (
  { name, type: recordType, content, proxied }: DnsRecord,
  zoneName: string,
): Pick<Published, "name" | "type" | "values"> | undefined => {
  // No name is asked for by its star.
  if (name.startsWith("*")) return undefined;
  switch (recordType) {
    case "A":
    case "AAAA":
      return { name, type: recordType, values: proxied ? undefined : [content] };
    case "CNAME":
      return proxied || name === asciiName(zoneName)
        ? { name, type: "A" }
        : { name, type: "CNAME", values: [content] };
    case "TXT":
      return { name, type: "TXT", values: [textOf(content)] };
    default:
      return undefined;
  }
};

export default defineStep<Input, z.output<typeof output>, RecordActual>({
  type,
  version: 1,
  summary: "A DNS record in a Cloudflare zone.",
  family: dnsFamily,
  input,
  output,

  locate: (wanted) => recordRef(type, wanted.zone.name, nameOf(wanted), wanted.type),
  predict: {
    kind: () => "dns-record",
    name: nameOf,
    type: (wanted) => wanted.type,
    content: contentOf,
    zone: (wanted) => wanted.zone.name,
  },
  volatile: ["type", "content"],
  requires: (wanted) => [
    { kind: "cloudflare-zone", zone: wanted.zone.name, permissions: ["zone:read", "dns:edit"] },
  ],

  observe: async (context, ref) => {
    const found = await findRecord(context, ref);
    if (!found) return { state: "absent" };
    const { record, surplus, owner } = found;
    const asType = recordTypes.find((each) => each === record.type) ?? "A";
    return {
      state: "present",
      actual: { record, surplus },
      output: {
        kind: "dns-record",
        name: record.name,
        type: asType,
        content: record.content,
        zone: ref.within?.id ?? "",
      },
      owner,
    };
  },

  fields: (wanted, actual) => [
    { path: "type", desired: () => wanted.type, actual: actual?.record.type, effect: "update" },
    {
      path: "content",
      desired: () => contentOf(wanted),
      actual: actual?.record.content,
      effect: "update",
      same: (desired, is) => sameContent(wanted.type, text(desired), text(is)),
    },
    { path: "ttl", desired: () => ttlOf(wanted), actual: actual?.record.ttl, effect: "update" },
    {
      path: "proxied",
      desired: () => (canBeProxied(wanted) ? proxiedOf(wanted) : undefined),
      actual: actual?.record.proxied,
      effect: "update",
    },
    {
      path: "priority",
      desired: () => priorityOf(wanted),
      actual: actual?.record.priority,
      effect: "update",
    },
    {
      path: "other records of this name",
      desired: () => (actual && actual.surplus.length > 0 ? [] : undefined),
      actual: actual?.surplus.map((record) => `${record.type} ${record.content}`),
      effect: "update",
    },
  ],

  apply: async (context, ref, wanted, observed) => {
    const content = {
      name: nameOf(wanted),
      type: wanted.type,
      content: contentOf(wanted),
      ttl: ttlOf(wanted),
      proxied: proxiedOf(wanted),
      priority: priorityOf(wanted),
    };
    await writeRecord(context, ref, content, observed.state === "present" ? observed.actual : undefined);
  },

  verify: async (context, ref, wanted) => {
    const zone = await findZone(context, wanted.zone.name);
    const health = zoneHealth(wanted.zone.name, zone);
    if (!health.ready || !zone) return health;
    const record = (await findRecord(context, ref))?.record;
    if (!record) {
      const reason = `Cloudflare has no ${wanted.type} record ${nameOf(wanted)}`;
      return { ready: false, reason, worthWaiting: true };
    }
    // What it says is compared by the fields: another content is drift, and no ill health.
    const published = publishedAs(record, wanted.zone.name);
    if (!published) return { ready: true, detail: `${record.name} → ${record.content}` };
    const { name, nameServers } = zone;
    const answered = await answers(context, { ...published, zone: name, nameServers });
    return answered.ready ? { ready: true, detail: `${record.name} → ${record.content}` } : answered;
  },

  destroy: removeRecord,
});
