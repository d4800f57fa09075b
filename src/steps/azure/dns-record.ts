/**
 * A record set in a zone on Azure DNS: records, or an alias that stands for another Azure resource, which is how the root of
 * a domain names one. Its marks are in `metadata`, since record sets have no tags.
 */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { managing } from "../../families/arm/in-group.ts";
import { parentOf, tagMarks } from "../../families/arm/marks.ts";
import { isList, type Model, without, withValue } from "../../families/arm/model.ts";
import { type Setting, sameSet, sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { resolves } from "../../families/dns/authoritative.ts";
import { conflictFields, nameIn, setsInTheWay, zoneIn } from "../../families/dns/azure-conflicts.ts";
import {
  recordSetTypes,
  recordsIn,
  targetIn,
  typeOfSet,
  withRecords,
} from "../../families/dns/azure-records.ts";
import { asciiName, fullName } from "../../families/dns/name.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { azureDnsZoneHandle, handle, publicIpHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import type { Field, Observation, Verdict } from "../../step/step.ts";

const type = "azure/dns-record";
const armType = "Microsoft.Network/dnsZones";

const input = z.object({
  zone: azureDnsZoneHandle.describe("The zone that the record set lives in."),
  name: z
    .string()
    .max(253)
    .default("@")
    .describe("Name in the zone (`www`, `*`, `@` for the zone itself) or in full (`www.example.com`)."),
  type: z.enum(recordSetTypes).default("A").describe("The records' type; at the root of a zone no CNAME."),
  records: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .default([])
    .describe("Addresses, one host name or texts, as the type asks; none for an alias."),
  alias: z
    .union([publicIpHandle, z.string().regex(/^\/subscriptions\//)])
    .optional()
    .describe(
      "What an alias stands for, instead of records: a public IP address, or the ARM id of another resource (a Front Door endpoint, a Traffic Manager profile, a record set of the zone).",
    ),
  ttl: z.number().int().min(1).max(2_147_483_647).default(300).describe("Seconds that resolvers keep it."),
});
type Input = z.output<typeof input>;

const output = handle("dns-record", {
  id: z.string().describe("ARM id of the record set."),
  name: z.string().describe("The record's full name."),
  type: z.enum(recordSetTypes).describe("The record's type."),
  content: z
    .string()
    .describe("What it says, several separated by blanks; of an alias the ARM id it stands for."),
  zone: z.string().describe("The zone's domain name."),
});

const nameOf = (wanted: Input): string => fullName(wanted.name, wanted.zone.name);
const relative = (wanted: Input): string => {
  const [name, domain] = [nameOf(wanted), asciiName(wanted.zone.name)];
  return name === domain ? "@" : name.slice(0, -domain.length - 1);
};
const aliasOf = ({ alias }: Input): string | undefined => (typeof alias === "object" ? alias.id : alias);
const contentOf = (wanted: Input): string => aliasOf(wanted) ?? wanted.records.join(" ");

/** A CNAME's host without final dot and in lower case, as it is compared. */
const recordsOf = (wanted: Input): string[] =>
  wanted.type === "CNAME" ? wanted.records.map(asciiName) : [...wanted.records];

const settings: readonly Setting<Input>[] = [
  { path: "ttl", at: "properties.TTL", desired: ({ ttl }) => ttl, effect: "update" },
  ...recordSetTypes.map(
    (each): Setting<Input> => ({
      path: "records",
      desired: (wanted, exists) => {
        if (wanted.type !== each) return undefined;
        return wanted.records.length > 0 || exists ? recordsOf(wanted) : undefined;
      },
      effect: "update",
      same: sameSet,
      read: (model) => recordsIn(each, model),
      write: (model, value) =>
        withRecords(each, model, isList(value) ? value.filter((one) => typeof one === "string") : []),
    }),
  ),
  {
    path: "alias",
    at: "properties.targetResource.id",
    desired: (wanted, exists) => aliasOf(wanted) ?? (exists ? "" : undefined),
    effect: "update",
    same: (desired, actual) => sameText(desired, actual ?? ""),
    // What stands for nothing is an empty object, as the service shows it.
    write: (model, value) => withValue(model, "properties.targetResource", value === "" ? {} : { id: value }),
  },
];

/** What can't be, however the world is. */
const check = (wanted: Input): Failure | undefined => {
  const refuse = (message: string, hint: string): Failure =>
    new Failure({ kind: "rejected", code: "P0815", message, hint, resource: nameOf(wanted) });
  const hasAlias = wanted.alias !== undefined;
  if (hasAlias === wanted.records.length > 0) {
    return refuse("a record set has either `records` or an `alias`", "Give one of them.");
  }
  if (wanted.type === "CNAME" && relative(wanted) === "@") {
    return refuse(
      `Azure DNS takes no CNAME at the root of a zone, ${wanted.zone.name}`,
      "Use type A with `alias`: a public IP address, a Front Door endpoint or another resource.",
    );
  }
  if (wanted.type === "CNAME" && wanted.records.length > 1) {
    return refuse("a CNAME names one host", "Leave one in `records`.");
  }
  if (wanted.type === "TXT" && hasAlias) {
    return refuse("an alias is of type A, AAAA or CNAME", "Give `records` for a TXT.");
  }
  return undefined;
};

const set = defineArmStep({
  type,
  summary:
    "A record set on Azure DNS: records, or an alias to a public IP address or another Azure resource.",
  input,
  output,
  volatile: ["content"],
  apiVersion: apiVersions.dns,
  conditional: true,
  marks: tagMarks("properties.metadata"),
  locate: (wanted) => {
    const id = `${wanted.zone.id}/${wanted.type}/${relative(wanted)}`;
    return { type, version: 1, id, within: parentOf(id) };
  },
  predict: {
    kind: () => "dns-record" as const,
    id: (_, ref) => ref.id,
    name: nameOf,
    type: (wanted) => wanted.type,
    content: contentOf,
    zone: (wanted) => wanted.zone.name,
  },
  requires: (wanted) => [
    { kind: "provider", namespace: "Microsoft.Network" },
    ...managing(`${armType}/${wanted.type}`, wanted.zone.id),
    // Others at its name are looked for before it is made.
    { kind: "permission", action: `${armType}/recordsets/read`, scope: wanted.zone.id, when: "reading" },
    ...(typeof wanted.alias === "object"
      ? [
          {
            kind: "permission",
            action: "Microsoft.Network/publicIPAddresses/dnsAliases/write",
            scope: wanted.alias.id,
          } as const,
        ]
      : []),
  ],
  settings,
  check,
  prepare: (body) => without(body, ["properties.fqdn", "conflicts"]),
  outputs: (model, ref) => ({
    kind: "dns-record" as const,
    id: ref.id,
    name: nameIn(ref.id),
    type: typeOfSet(ref.id),
    content: targetIn(model) ?? recordsIn(typeOfSet(ref.id), model).join(" "),
    zone: zoneIn(ref.id),
  }),
});

export default {
  ...set,
  /** What is in the way counts as the thing itself, so that the plan sees it before anything is written. */
  observe: async (context: StepContext, ref: Ref): Promise<Observation<Model, z.output<typeof output>>> => {
    const observed = await set.observe(context, ref);
    if (observed.state !== "absent") return observed;
    const found = await setsInTheWay(context, ref);
    if (!found) return observed;
    return {
      state: "present",
      actual: { conflicts: found.names },
      output: {
        kind: "dns-record",
        id: ref.id,
        name: nameIn(ref.id),
        type: typeOfSet(ref.id),
        content: "",
        zone: zoneIn(ref.id),
      },
      owner: found.owner,
    };
  },
  fields: (wanted: Input, actual: Model | undefined): readonly Field[] => [
    ...set.fields(wanted, actual),
    ...conflictFields(actual),
  ],
  verify: async (context: StepContext, ref: Ref, wanted: Input): Promise<Verdict> => {
    const verdict = await set.verify(context, ref, wanted);
    if (!verdict.ready) return verdict;
    return resolves(context, {
      zone: wanted.zone.name,
      nameServers: wanted.zone.nameServers,
      name: nameOf(wanted),
      type: wanted.type,
      values: wanted.alias === undefined ? wanted.records : addressOf(wanted),
    });
  },
};

/** Known of a public address; of another resource, that it answers at all. */
const addressOf = ({ alias, type: recordType }: Input): readonly string[] | undefined =>
  typeof alias === "object" && recordType === "A" ? [alias.address] : undefined;
