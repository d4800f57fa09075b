/** The TXT registry: which TXT record says whose a record is, and what it says (`registry/txt`, `registry/mapper`). */
import type { Options } from "./options.ts";

export interface Registration {
  /** Name and type of the record that it registers. */
  readonly name: string;
  readonly type: string;
  readonly owner: string | undefined;
  readonly resource: string | undefined;
}

type Affixes = Pick<Options, "txtPrefix" | "txtSuffix">;

const template = "%{record_type}";
const types = ["A", "AAAA", "CNAME", "NS", "MX", "PTR", "SRV", "NAPTR", "TXT", "DNAME"];

/** `A www.example.com` is registered by `a-www.example.com`, with the affixes around the first label. */
export const registryName = (
  { name, type }: { readonly name: string; readonly type: string },
  { txtPrefix, txtSuffix }: Affixes,
): string => {
  const [label = "", ...rest] = name.split(".");
  const kind = type.toLowerCase();
  const templated = `${txtPrefix}${txtSuffix}`.includes(template);
  const affix = (text: string): string => text.replaceAll(template, kind);
  const first = `${affix(txtPrefix)}${templated ? "" : `${kind}-`}${label}${affix(txtSuffix)}`;
  return [first, ...rest].join(".");
};

/** The content of the TXT record, quotes included, labels in alphabetical order. */
export const registryContent = (owner: string, resource: string | undefined): string =>
  `"heritage=external-dns,external-dns/owner=${owner}${
    resource === undefined ? "" : `,external-dns/resource=${resource}`
  }"`;

/** Reads a TXT record. `undefined` where it is none of any External DNS. */
export const registrationOf = (name: string, content: string, affixes: Affixes): Registration | undefined => {
  const labels = content.replaceAll('"', "").split(",");
  if (!labels.includes("heritage=external-dns")) return undefined;
  const value = (label: string): string | undefined =>
    labels.find((text) => text.startsWith(`external-dns/${label}=`))?.slice(`external-dns/${label}=`.length);
  // The affixes may hold dots, so each type is tried instead of taking the name apart.
  const found = types
    .map((type) => ({ type, name: endpointName(name, type, affixes) }))
    .find((candidate) => candidate.name !== undefined);
  return found?.name === undefined
    ? undefined
    : { name: found.name, type: found.type, owner: value("owner"), resource: value("resource") };
};

const endpointName = (name: string, type: string, affixes: Affixes): string | undefined => {
  const marked = registryName({ name: "\u0000", type }, affixes);
  const [before = "", after = ""] = marked.split("\u0000");
  if (!name.startsWith(before)) return undefined;
  const rest = name.slice(before.length);
  if (after === "") return rest;
  const end = rest.indexOf(`${after}.`);
  return end < 0 ? undefined : `${rest.slice(0, end)}.${rest.slice(end + after.length + 1)}`;
};
