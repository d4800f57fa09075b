/** The zones of the sandbox's Azure DNS and Cloudflare as its name servers see them. */
import { z } from "zod";
import type { ArmState } from "../arm/state.ts";
import type { CloudflareState } from "../cloudflare/state.ts";

export type Provider = "azure" | "cloudflare";

export interface ServedRecord {
  /** In full, lower case, without a final dot. */
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly values: readonly string[];
}

export interface ServedZone {
  readonly name: string;
  readonly provider: Provider;
  readonly nameServers: readonly string[];
  readonly records: readonly ServedRecord[];
}

export interface Served {
  readonly zones: readonly ServedZone[];
  /** Addresses of Azure's own names of public addresses, by name. */
  readonly hosts: ReadonlyMap<string, string>;
}

/** As Cloudflare's API shows them for every zone. */
const cloudflareServers = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];

const address = z.looseObject({
  properties: z.looseObject({
    ipAddress: z.string().optional(),
    dnsSettings: z.looseObject({ fqdn: z.string().optional() }).nullish(),
  }),
});
const zone = z.looseObject({ properties: z.looseObject({ nameServers: z.array(z.string()) }) });
const recordSet = z.looseObject({
  properties: z.looseObject({
    TTL: z.number().default(3600),
    targetResource: z.looseObject({ id: z.string().nullish() }).nullish(),
    ARecords: z.array(z.looseObject({ ipv4Address: z.string() })).nullish(),
    AAAARecords: z.array(z.looseObject({ ipv6Address: z.string() })).nullish(),
    CNAMERecord: z.looseObject({ cname: z.string() }).nullish(),
    TXTRecords: z.array(z.looseObject({ value: z.array(z.string()) })).nullish(),
  }),
});

export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

const azureRecords = (state: ArmState, zoneId: string, zoneName: string): readonly ServedRecord[] =>
  setsBelow(state, zoneId).map(({ id, name, type, body }) => {
    const full = name === "@" ? zoneName : `${plainName(name)}.${zoneName}`;
    return {
      name: full,
      type: type.split("/").at(-1) ?? "",
      ttl: recordSet.parse(body).properties.TTL,
      values: valuesOf(state, id, new Set()),
    };
  });

const setsBelow = (state: ArmState, zoneId: string) =>
  Object.entries(state.resources)
    .filter(([key]) => key.startsWith(`${zoneId.toLowerCase()}/`))
    .map(([, resource]) => resource)
    .filter(({ type }) => /\/(A|AAAA|CNAME|TXT)$/.test(type));

/** An alias says what its target says at the time of asking: an address, or another record set of its type. */
const valuesOf = (state: ArmState, id: string, seen: ReadonlySet<string>): readonly string[] => {
  const key = id.toLowerCase();
  const resource = state.resources[key];
  if (!resource || seen.has(key)) return [];
  if (/\/publicIPAddresses$/i.test(resource.type)) {
    const found = address.safeParse(resource.body).data?.properties.ipAddress;
    return found === undefined ? [] : [found];
  }
  const set = recordSet.safeParse(resource.body).data?.properties;
  if (!set) return [];
  if (set.targetResource?.id) return valuesOf(state, set.targetResource.id, new Set([...seen, key]));
  return [
    ...(set.ARecords ?? []).map(({ ipv4Address }) => ipv4Address),
    ...(set.AAAARecords ?? []).map(({ ipv6Address }) => ipv6Address),
    ...(set.CNAMERecord ? [plainName(set.CNAMERecord.cname)] : []),
    ...(set.TXTRecords ?? []).map(({ value }) => value.join("")),
  ];
};

/** Cloudflare's zones that are active come first: a domain has one delegation, and theirs is on record. */
export const servedZones = (arm: ArmState, cloudflare: CloudflareState): Served => {
  const resources = Object.values(arm.resources);
  const ofCloudflare = cloudflare.zones
    .filter(({ status }) => status === "active")
    .map(({ name }): ServedZone => {
      const records = cloudflare.records.filter((record) => record.zone === name);
      return {
        name,
        provider: "cloudflare",
        nameServers: cloudflareServers,
        records: records.map((record) => ({
          name: record.name,
          type: record.type,
          ttl: record.ttl === 1 ? 300 : record.ttl,
          values: [record.type === "TXT" ? unquoted(record.content ?? "") : plainName(record.content ?? "")],
        })),
      };
    });
  const ofAzure = resources
    .filter(({ type }) => /\/dnsZones$/i.test(type))
    .map(
      ({ id, name, body }): ServedZone => ({
        name: plainName(name),
        provider: "azure",
        nameServers: zone.parse(body).properties.nameServers.map(plainName),
        records: azureRecords(arm, id, plainName(name)),
      }),
    );
  const hosts = resources.flatMap(({ type, body }): [string, string][] => {
    const found = /\/publicIPAddresses$/i.test(type) ? address.safeParse(body).data?.properties : undefined;
    const fqdn = found?.dnsSettings?.fqdn;
    return fqdn && found?.ipAddress ? [[fqdn, found.ipAddress]] : [];
  });
  return { zones: [...ofCloudflare, ...ofAzure], hosts: new Map(hosts) };
};

const unquoted = (text: string): string =>
  /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll(/"\s+"/g, "") : text;
