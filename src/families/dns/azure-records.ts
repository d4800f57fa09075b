/** Record sets of Azure DNS as the wire has them: each type's records as a list of texts, and back. Pure. */
import type { Json } from "../../clients/azure/client.ts";
import { isObject, listAt, type Model, textAt, withValue } from "../arm/model.ts";

export const recordSetTypes = ["A", "AAAA", "CNAME", "TXT"] as const;
export type RecordSetType = (typeof recordSetTypes)[number];

/** https://learn.microsoft.com/azure/dns/dns-zones-records#txt-records: a string has at most 255 characters. */
const longestString = 255;

/** Where a type's records are: https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update, 2018-05-01. */
const place = {
  A: "properties.ARecords",
  AAAA: "properties.AAAARecords",
  CNAME: "properties.CNAMERecord",
  TXT: "properties.TXTRecords",
} as const;

const wire = (type: RecordSetType, values: readonly string[]): Json | undefined => {
  switch (type) {
    case "A":
      return values.map((ipv4Address) => ({ ipv4Address }));
    case "AAAA":
      return values.map((ipv6Address) => ({ ipv6Address }));
    case "CNAME":
      return values[0] === undefined ? undefined : { cname: values[0] };
    case "TXT":
      return values.map((value) => ({
        value: value.match(new RegExp(`.{1,${longestString}}`, "gsu")) ?? [""],
      }));
  }
};

/** The records of a set; none for an alias. */
export const recordsIn = (type: RecordSetType, model: Model): string[] => {
  if (type === "CNAME") {
    const cname = textAt(model, `${place.CNAME}.cname`);
    return cname ? [cname.toLowerCase().replace(/\.$/, "")] : [];
  }
  const key = { A: "ipv4Address", AAAA: "ipv6Address", TXT: "value" }[type];
  return listAt(model, place[type]).flatMap((entry) => {
    const value = isObject(entry) ? entry[key] : undefined;
    if (typeof value === "string") return [value];
    return Array.isArray(value) ? [value.join("")] : [];
  });
};

export const withRecords = (type: RecordSetType, model: Model, values: readonly string[]): Model =>
  withValue(model, place[type], values.length === 0 ? undefined : wire(type, values));

/** The ARM id that an alias stands for. */
export const targetIn = (model: Model): string | undefined =>
  textAt(model, "properties.targetResource.id") || undefined;

/** The type in a set's id or Ref: `…/dnsZones/example.com/A/@`. */
export const typeOfSet = (id: string): RecordSetType =>
  recordSetTypes.find((type) => type === id.split("/").at(-2)?.toUpperCase()) ?? "A";
