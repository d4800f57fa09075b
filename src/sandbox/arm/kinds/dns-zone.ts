/**
 * Microsoft.Network/dnsZones: https://learn.microsoft.com/rest/api/dns/zones. A zone is made with its NS and SOA sets, and
 * lists its record sets of every type at `recordsets` and `all`.
 */
import { z } from "zod";
import { freshEtag } from "../core.ts";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";
import { isWithin, keyOf } from "../id.ts";
import type { Arm, Write } from "../kind.ts";
import type { StoredResource } from "../state.ts";
import { showRecordSet } from "./dns-record-set.ts";

export const zoneType = "Microsoft.Network/dnsZones";

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z
    .looseObject({ zoneType: z.string().optional(), nameServers: z.array(z.string()).optional() })
    .default({}),
});

type Zone = z.infer<typeof schema>;

/** Each zone has servers of one of ten pools, chosen by its id. */
const nameServersOf = (id: string): string[] => {
  const pool = ([...keyOf(id)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 9) + 1;
  return ["com", "net", "org", "info"].map((end, index) => `ns${index + 1}-0${pool}.azure-dns.${end}.`);
};

const complete = ({ id, body }: Write<Zone>): Zone => ({
  ...body,
  tags: body.tags ?? {},
  properties: {
    zoneType: "Public",
    ...body.properties,
    maxNumberOfRecordSets: 10_000,
    maxNumberOfRecordsPerRecordSet: null,
    nameServers: nameServersOf(id),
  },
});

const setsOf = (arm: Arm, id: string): readonly StoredResource[] =>
  Object.values(arm.state.resources).filter(
    (resource) => resource.type.startsWith(`${zoneType}/`) && isWithin(resource.id, id),
  );

/** The sets that every zone has from its beginning to its end. */
const addRoots = (arm: Arm, id: string, name: string): void => {
  const servers = nameServersOf(id);
  const roots = {
    NS: { TTL: 172_800, NSRecords: servers.map((nsdname) => ({ nsdname })) },
    SOA: { TTL: 3600, SOARecord: { host: servers[0] ?? "", email: "azuredns-hostmaster.microsoft.com" } },
  };
  for (const [type, properties] of Object.entries(roots)) {
    const set = `${id}/${type}/@`;
    arm.state.resources[keyOf(set)] ??= {
      id: set,
      type: `${zoneType}/${type}`,
      name: "@",
      body: { properties: { fqdn: `${name}.`, ...properties } },
      etag: freshEtag(),
      state: "Succeeded",
      createdAt: arm.world.pace.now(),
    };
  }
  arm.changed();
};

export const dnsZone = defineKind<Zone>({
  type: zoneType,
  home: "group",
  located: true,
  isGlobal: true,
  schema,
  validate({ name, body }) {
    if (!/^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/i.test(name) || name.length > 253) {
      throw badRequest("BadRequest", `The domain name '${name}' is invalid.`);
    }
    if ((body.properties.zoneType ?? "Public") !== "Public") {
      throw badRequest("BadRequest", "Private zones are of the type Microsoft.Network/privateDnsZones.");
    }
  },
  create: complete,
  update: complete,
  settled: ({ arm, id, name }) => addRoots(arm, id, name),
  etag: { field: "etag", conditional: true },
  show: ({ arm, id, body }) => ({
    ...body,
    properties: { ...body.properties, numberOfRecordSets: setsOf(arm, id).length },
  }),
  actions: Object.fromEntries(
    ["recordsets", "all"].map((action) => [
      action,
      ({ arm, id }, { query }) => {
        const suffix = query.get("$recordsetnamesuffix")?.toLowerCase() ?? "";
        const sets = setsOf(arm, id).filter(({ name }) => name.toLowerCase().endsWith(suffix));
        return { status: 200, body: { value: sets.map(showRecordSet) } };
      },
    ]),
  ),
});
