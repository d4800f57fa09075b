/** DNS records: what may be written, what conflicts, and how one is shown. */
import { randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { CloudflareError } from "./errors.ts";
import type { RecordState, ZoneState } from "./state.ts";

/** A record as a client writes it. */
const recordInput = z.looseObject({
  name: z.string(),
  type: z.string(),
  content: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  priority: z.number().optional(),
  ttl: z.number().default(1),
  proxied: z.boolean().nullish(),
  comment: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
});

const parse = (body: unknown): z.infer<typeof recordInput> => {
  const parsed = recordInput.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new CloudflareError(400, 9000, `DNS Validation Error: ${field}: ${issue?.message ?? "invalid"}`);
};

/** `www` in zone `example.com` is `www.example.com`, `@` is the zone; a foreign name gets the zone appended too. */
export const qualified = (name: string, zone: string): string => {
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (lower === "@" || lower === zone) return zone;
  return lower.endsWith(`.${zone}`) ? lower : `${lower}.${zone}`;
};

const checkContent = (type: string, content: string | undefined): void => {
  if (type === "A" && !isIPv4(content ?? "")) {
    throw new CloudflareError(400, 9005, "Content for A record must be a valid IPv4 address.");
  }
  if (type === "AAAA" && !isIPv6(content ?? "")) {
    throw new CloudflareError(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
  }
  if (type === "CNAME" && !/^[a-z0-9_*.-]+$/i.test(content ?? "")) {
    throw new CloudflareError(400, 9007, "Content for CNAME record is invalid.");
  }
};

const proxiable = new Set(["A", "AAAA", "CNAME"]);
const sameName =
  "For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";

/** Throws where the other records of the zone leave no room for this one. */
const checkOthers = (record: RecordState, others: readonly RecordState[]): void => {
  const twins = others.filter((other) => other.zone === record.zone && other.name === record.name);
  const identical = twins.some(
    (other) =>
      other.type === record.type &&
      other.content === record.content &&
      JSON.stringify(other.data) === JSON.stringify(record.data),
  );
  if (identical) throw new CloudflareError(400, 81058, "An identical record already exists.");
  if (record.type === "CNAME" && twins.some((other) => proxiable.has(other.type))) {
    throw new CloudflareError(
      400,
      81053,
      `An A, AAAA, or CNAME record with that host already exists. ${sameName}`,
    );
  }
  if (proxiable.has(record.type) && twins.some((other) => other.type === "CNAME")) {
    throw new CloudflareError(400, 81054, `A CNAME record with that host already exists. ${sameName}`);
  }
};

/** Makes the record to keep: a new one, or `before` with everything (PUT) or something (PATCH) replaced. */
export const writeRecord = (
  zone: ZoneState,
  body: unknown,
  others: readonly RecordState[],
  now: number,
  before?: { readonly record: RecordState; readonly merge: boolean },
): RecordState => {
  const given = before?.merge
    ? parse({ ...before.record, ...(typeof body === "object" ? body : {}) })
    : parse(body);
  const type = given.type.toUpperCase();
  const name = qualified(given.name, zone.name);
  if (!/^(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name) || name.length > 255) {
    throw new CloudflareError(400, 9000, "DNS name is invalid.");
  }
  if (given.content === undefined && given.data === undefined) {
    throw new CloudflareError(400, 9104, "Content or data is required for this record.");
  }
  checkContent(type, given.content);
  if (given.ttl !== 1 && (given.ttl < 60 || given.ttl > 86_400)) {
    throw new CloudflareError(
      400,
      9021,
      "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.",
    );
  }
  if (given.proxied && !proxiable.has(type)) {
    throw new CloudflareError(400, 9004, "This record type cannot be proxied.");
  }
  const record: RecordState = {
    id: before?.record.id ?? randomBytes(16).toString("hex"),
    zone: zone.name,
    name,
    type,
    ...(given.content === undefined ? {} : { content: given.content }),
    ...(given.data === undefined ? {} : { data: given.data }),
    ...(given.priority === undefined ? {} : { priority: given.priority }),
    ttl: given.proxied ? 1 : given.ttl,
    proxied: given.proxied ?? false,
    comment: given.comment ? given.comment : null,
    tags: given.tags ?? [],
    createdAt: before?.record.createdAt ?? now,
    modifiedAt: now,
  };
  checkOthers(
    record,
    others.filter((other) => other.id !== record.id),
  );
  return record;
};

export const showRecord = (record: RecordState): Record<string, unknown> => ({
  id: record.id,
  name: record.name,
  type: record.type,
  content: record.content ?? Object.values(record.data ?? {}).join(" "),
  ...(record.data === undefined ? {} : { data: record.data }),
  ...(record.priority === undefined ? {} : { priority: record.priority }),
  proxiable: proxiable.has(record.type),
  proxied: record.proxied,
  ttl: record.ttl,
  settings: {},
  meta: {},
  comment: record.comment,
  tags: record.tags,
  created_on: new Date(record.createdAt).toISOString(),
  modified_on: new Date(record.modifiedAt).toISOString(),
});

const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  exact: (value, wanted) => value === wanted,
  contains: (value, wanted) => value.includes(wanted),
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
  present: (value) => value !== "",
  absent: (value) => value === "",
};

/** `name`, `content.exact`, `comment.startswith` and their like; texts are compared without regard to case. */
export const matchesQuery = (record: RecordState, query: URLSearchParams): boolean => {
  const fields: Readonly<Record<string, string>> = {
    name: record.name,
    content: record.content ?? "",
    comment: record.comment ?? "",
  };
  const results: boolean[] = [];
  for (const [key, wanted] of query) {
    const [field = "", operator = "exact"] = key.split(".");
    const value = fields[field];
    const compare = operators[operator];
    if (value !== undefined && compare) results.push(compare(value.toLowerCase(), wanted.toLowerCase()));
    if (key === "type") results.push(record.type === wanted.toUpperCase());
    if (key === "proxied") results.push(String(record.proxied) === wanted);
    if (key === "search") results.push(Object.values(fields).some((text) => text.includes(wanted)));
  }
  if (results.length === 0) return true;
  return query.get("match") === "any" ? results.some(Boolean) : results.every(Boolean);
};
