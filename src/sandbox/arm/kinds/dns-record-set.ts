/**
 * Microsoft.Network/dnsZones/{A,AAAA,CNAME,TXT}: https://learn.microsoft.com/rest/api/dns/record-sets. They carry
 * `metadata` and no tags; an alias has a `targetResource` in the place of records.
 */
import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf } from "../id.ts";
import type { ResourceKind, Write } from "../kind.ts";
import type { StoredResource } from "../state.ts";

const zone = "Microsoft.Network/dnsZones";

const schema = z.looseObject({
  properties: z.looseObject({
    TTL: z.number().int().optional(),
    metadata: z.record(z.string(), z.string()).nullish(),
    targetResource: z.looseObject({ id: z.string().nullish() }).nullish(),
    ARecords: z.array(z.looseObject({ ipv4Address: z.string() })).nullish(),
    AAAARecords: z.array(z.looseObject({ ipv6Address: z.string() })).nullish(),
    CNAMERecord: z.looseObject({ cname: z.string() }).nullish(),
    TXTRecords: z.array(z.looseObject({ value: z.array(z.string()) })).nullish(),
  }),
});

type RecordSet = z.infer<typeof schema>;

const zoneIdOf = (id: string): string => id.split("/").slice(0, -2).join("/");
const nameOfZone = (id: string): string => id.split("/").at(-3) ?? "";
const fqdnOf = (id: string, name: string): string => `${name === "@" ? "" : `${name}.`}${nameOfZone(id)}.`;

const checkName = ({ arm, id, name }: Write<RecordSet>, type: string): void => {
  if (!arm.find(zoneIdOf(id))) {
    throw new ArmError(
      404,
      "ParentResourceNotFound",
      `Failed to perform 'write' on resource(s) of type 'dnsZones/${type}', because the parent resource '${zoneIdOf(id)}' could not be found.`,
    );
  }
  if (!/^(@|\*|(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?)$/i.test(name)) {
    throw badRequest("BadRequest", `The relative record set name '${name}' is invalid.`);
  }
  if (type === "CNAME" && name === "@") {
    throw badRequest(
      "BadRequest",
      "A CNAME record set can't be created at the zone apex: the record set name '@' is not allowed for record type CNAME.",
    );
  }
  const zoneKey = `${keyOf(zoneIdOf(id))}/`;
  const others = Object.values(arm.state.resources).filter(
    (other) =>
      keyOf(other.id).startsWith(zoneKey) &&
      other.name.toLowerCase() === name.toLowerCase() &&
      keyOf(other.id) !== keyOf(id),
  );
  const inTheWay = others.find((other) => type === "CNAME" || other.type === `${zone}/CNAME`);
  if (inTheWay) {
    throw badRequest(
      "BadRequest",
      `The record set '${name}' of type ${type} conflicts with the record set '${name}' of type ${inTheWay.type.split("/").at(-1)}: a CNAME record set can't be at a name with others.`,
    );
  }
};

const recordsOf = ({ properties }: RecordSet): Readonly<Record<string, readonly string[]>> => ({
  A: (properties.ARecords ?? []).map(({ ipv4Address }) => ipv4Address),
  AAAA: (properties.AAAARecords ?? []).map(({ ipv6Address }) => ipv6Address),
  CNAME: properties.CNAMERecord ? [properties.CNAMERecord.cname] : [],
  TXT: (properties.TXTRecords ?? []).map(({ value }) => value.join("")),
});

const checkContent = ({ arm, body }: Write<RecordSet>, type: string): void => {
  const { TTL: ttl, targetResource, TXTRecords: texts } = body.properties;
  if (ttl === undefined || ttl < 1 || ttl > 2_147_483_647) {
    throw badRequest("BadRequest", "The TTL must be between 1 and 2147483647 seconds.");
  }
  const values = recordsOf(body);
  if (Object.keys(values).some((other) => other !== type && (values[other] ?? []).length > 0)) {
    throw badRequest("BadRequest", `The record set holds records of another type than ${type}.`);
  }
  const own = values[type] ?? [];
  const target = targetResource?.id;
  if (target) {
    if (type === "TXT") throw badRequest("BadRequest", "Alias record sets are of type A, AAAA or CNAME.");
    if (own.length > 0) {
      throw badRequest("BadRequest", "A record set can't have both records and a target resource.");
    }
    if (!arm.find(target)) throw badRequest("BadRequest", `The target resource '${target}' was not found.`);
    return;
  }
  if (own.length === 0) throw badRequest("BadRequest", "A record set must have at least one record.");
  const isRight = type === "A" ? isIPv4 : type === "AAAA" ? isIPv6 : () => true;
  const wrong = own.find((value) => !isRight(value));
  if (wrong !== undefined) throw badRequest("BadRequest", `'${wrong}' is not an address of type ${type}.`);
  if (texts?.some(({ value }) => value.some((part) => part.length > 255))) {
    throw badRequest("BadRequest", "A string of a TXT record has at most 255 characters.");
  }
};

const complete = ({ id, name, body }: Write<RecordSet>): RecordSet => ({
  properties: {
    targetResource: {},
    ...body.properties,
    fqdn: fqdnOf(id, name),
    provisioningState: "Succeeded",
  },
});

export const showRecordSet = ({ id, name, type, etag, body }: StoredResource): Record<string, unknown> => ({
  id,
  name,
  type,
  etag: `W/"${etag}"`,
  ...body,
});

const kindOf = (type: string): ResourceKind<RecordSet> => ({
  type: `${zone}/${type}`,
  home: "group",
  located: false,
  schema,
  validate(write) {
    checkName(write, type);
    checkContent(write, type);
  },
  create: complete,
  update: complete,
  etag: { field: "etag", conditional: true },
});

export const dnsA = defineKind(kindOf("A"));
export const dnsAaaa = defineKind(kindOf("AAAA"));
export const dnsCname = defineKind(kindOf("CNAME"));
export const dnsTxt = defineKind(kindOf("TXT"));
