/** External DNS's Cloudflare provider (`provider/cloudflare`): its calls, page by page, and how it puts their errors. */
import { STATUS_CODES } from "node:http";
import { z } from "zod";
import type { CloudflareWorld } from "../../world.ts";
import { matchesFilters } from "./endpoint.ts";
import type { Options } from "./options.ts";

export interface Zone {
  readonly id: string;
  readonly name: string;
}

export interface CloudflareRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly content: string;
  readonly ttl: number;
  readonly proxied: boolean;
  readonly comment: string;
  readonly tags: readonly string[];
}

/** A record as it is written. `ttl` 1 is automatic. */
export type RecordBody = Omit<CloudflareRecord, "id">;

export interface Batch {
  readonly deletes: readonly { readonly id: string }[];
  readonly puts: readonly (RecordBody & { readonly id: string })[];
  readonly posts: readonly RecordBody[];
}

/** A refusal. External DNS tries again after a soft one, and ends after the others. */
export class CloudflareRefusal extends Error {
  override readonly name = "CloudflareRefusal";
  readonly soft: boolean;

  /** The text is that of cloudflare-go v5 (`internal/apierror`). */
  constructor(method: string, path: string, status: number, body: unknown) {
    const url = `https://api.cloudflare.com/client/v4${path}`;
    super(`${method} "${url}": ${status} ${STATUS_CODES[status] ?? ""} ${JSON.stringify(body)}`);
    this.soft = status === 429 || status >= 500;
  }
}

const zoneSchema = z.object({ id: z.string(), name: z.string() });
const recordSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  content: z.string().default(""),
  ttl: z.number().default(1),
  proxied: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  comment: z
    .string()
    .nullish()
    .transform((value) => value ?? ""),
  tags: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
});
const answer = z.object({
  result: z.unknown(),
  result_info: z.object({ total_pages: z.number() }).nullish(),
});

export interface Provider {
  /** The zones of the id filters, else all that the token sees inside the domain filters. */
  zones(): readonly Zone[];
  records(zone: Zone): readonly CloudflareRecord[];
  batch(zone: Zone, changes: Batch): void;
  /** One change by itself, as it falls back to after a refused batch. `path` is below the zone's records. */
  one(zone: Zone, method: "DELETE" | "PUT" | "POST", path: string, body?: RecordBody): void;
}

/** All calls throw a CloudflareRefusal. */
export const openProvider = (
  cloudflare: CloudflareWorld,
  token: string,
  { zoneIds, domainFilters, recordsPerPage }: Options,
): Provider => {
  const call = (method: string, path: string, body?: unknown): z.infer<typeof answer> => {
    const got = cloudflare.request(token, method, path, body);
    if (got.status >= 400) throw new CloudflareRefusal(method, path, got.status, got.body);
    return answer.parse(got.body);
  };
  const pages = <Item>(path: string, query: string, item: z.ZodType<Item>): readonly Item[] => {
    const found: Item[] = [];
    for (let page = 1; ; page++) {
      const parts = [page > 1 ? `page=${page}` : "", query].filter((part) => part !== "");
      const got = call("GET", parts.length > 0 ? `${path}?${parts.join("&")}` : path);
      found.push(...z.array(item).parse(got.result));
      if (page >= (got.result_info?.total_pages ?? 1)) return found;
    }
  };
  const records = (zone: Zone): string => `/zones/${zone.id}/dns_records`;
  return {
    zones: () =>
      zoneIds.length > 0
        ? zoneIds.map((id) => zoneSchema.parse(call("GET", `/zones/${id}`).result))
        : pages("/zones", "", zoneSchema).filter(({ name }) => matchesFilters(domainFilters, name)),
    records: (zone) => pages(records(zone), `per_page=${recordsPerPage}`, recordSchema),
    batch: (zone, changes) => {
      call("POST", `${records(zone)}/batch`, {
        ...(changes.deletes.length > 0 ? { deletes: changes.deletes } : {}),
        ...(changes.puts.length > 0 ? { puts: changes.puts } : {}),
        ...(changes.posts.length > 0 ? { posts: changes.posts } : {}),
      });
    },
    one: (zone, method, path, body) => {
      call(method, `${records(zone)}${path}`, body);
    },
  };
};
