/**
 * The Cloudflare client over the official SDK, of which only the zones', records' and tokens' parts are loaded.
 * Its own retries are off: waiting is the runner's.
 */
import type { V4PagePaginationArray } from "cloudflare/core/pagination";
import { BaseRecords, type RecordResponse } from "cloudflare/resources/dns/records";
import { BaseTokens } from "cloudflare/resources/user/tokens/tokens";
import { BaseZones, type Zone as SdkZone } from "cloudflare/resources/zones/zones";
import { createClient } from "cloudflare/tree-shakable";
import { Failure } from "../../step/failure.ts";
import type { Secret } from "../../step/secret.ts";
import type { CloudflareClient, DnsRecord, RecordContent, TokenPolicy, Zone } from "./client.ts";
import { failureOf } from "./failure.ts";
import { inParts } from "./parts.ts";

/** Zones and records a page; both are the most that the API gives without special leave. */
const zonesPerPage = 50;
const recordsPerPage = 1000;
/** Milliseconds for one request. */
const requestTimeout = 30_000;

export interface CloudflareOptions {
  readonly token: Secret;
  /** Without it Cloudflare's own, `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
}

export const cloudflareClient = (options: CloudflareOptions): CloudflareClient => {
  const sdk = createClient({
    resources: [BaseZones, BaseRecords, BaseTokens],
    // A newline at the end of a token file must not end up in a header.
    apiToken: options.token.reveal().trim(),
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: options.baseUrl ?? "https://api.cloudflare.com/client/v4",
    maxRetries: 0,
    timeout: requestTimeout,
    logLevel: "off",
    defaultHeaders: { "User-Agent": "provision" },
    fetch: options.fetch,
  });

  const listZones = (name?: string) =>
    translated(name ? `zone ${name}` : "zones", async () => {
      const first = sdk.zones.list({ per_page: zonesPerPage, ...(name ? { name } : {}) });
      return (await everyPage(first, zonesPerPage)).map(zoneOf);
    });

  return {
    zones: {
      list: () => listZones(),
      find: async (name) => {
        // A token of certain zones may be refused an answer about names that are none of them.
        let refused: unknown;
        for (const candidate of zoneCandidates(name)) {
          try {
            const [zone] = await listZones(candidate);
            if (zone) return zone;
          } catch (error) {
            if (!(error instanceof Failure) || error.kind !== "forbidden") throw error;
            refused = error;
          }
        }
        if (refused) throw refused;
        return undefined;
      },
      get: (id) =>
        optional(
          translated(`zone ${id}`, async () => zoneOf(await sdk.zones.get({ zone_id: id }))),
          "not-found",
        ),
    },
    records: {
      list: (zoneId, filter = {}) =>
        translated(`the records of zone ${zoneId}`, async () => {
          const first = sdk.dns.records.list({
            zone_id: zoneId,
            per_page: recordsPerPage,
            ...(filter.name ? { name: { exact: filter.name } } : {}),
            ...(filter.content ? { content: { exact: filter.content } } : {}),
            ...(filter.comment ? { comment: { startswith: filter.comment } } : {}),
          });
          return (await everyPage(first, recordsPerPage))
            .map(recordOf)
            .filter((record) => !filter.type || record.type === filter.type);
        }),
      create: (zoneId, record) =>
        translated(`record ${record.type} ${record.name}`, async () =>
          recordOf(await sdk.dns.records.create({ zone_id: zoneId, ...bodyOf(record) })),
        ),
      update: (zoneId, id, record) =>
        translated(`record ${record.type} ${record.name}`, async () =>
          recordOf(await sdk.dns.records.update(id, { zone_id: zoneId, ...bodyOf(record) })),
        ),
      delete: async (zoneId, id) => {
        await optional(
          translated(`record ${id}`, async () => sdk.dns.records.delete(id, { zone_id: zoneId })),
          "not-found",
        );
      },
      batch: (zoneId, batch) =>
        translated(`the records of zone ${zoneId}`, async () => {
          for (const part of inParts(batch)) {
            await sdk.dns.records.batch({
              zone_id: zoneId,
              deletes: part.deletes.map((id) => ({ id })),
              puts: part.updates.map(({ id, ...record }) => ({ id, ...bodyOf(record) })),
              posts: part.creates.map(bodyOf),
            });
          }
        }),
    },
    verifyToken: () =>
      translated(`the token from ${options.token.origin}`, async () => {
        const state = await sdk.user.tokens.verify();
        return { id: state.id, status: state.status, expiresOn: state.expires_on };
      }),
    tokenPolicies: (id) =>
      optional(
        translated(`the token from ${options.token.origin}`, async () =>
          ((await sdk.user.tokens.get(id)).policies ?? []).map(
            (policy): TokenPolicy => ({
              effect: policy.effect,
              permissions: policy.permission_groups.map((group) => group.name ?? group.id),
              resources: Object.keys(policy.resources),
            }),
          ),
        ),
        "forbidden",
      ),
  };
};

/** `a.b.example.com` may belong to itself, `b.example.com` or `example.com`; a top-level domain is nobody's zone. */
export const zoneCandidates = (name: string): readonly string[] => {
  const labels = name.toLowerCase().replace(/\.$/, "").replace(/^\*\./, "").split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
};

/** The SDK's own iterator asks for one page more than there is; a page that isn't full is the last. */
const everyPage = async <Item>(
  first: Promise<V4PagePaginationArray<Item>>,
  asked: number,
): Promise<Item[]> => {
  let page = await first;
  const items = [...page.result];
  while (page.result.length >= (page.result_info.per_page ?? asked)) {
    page = await page.getNextPage();
    items.push(...page.result);
  }
  return items;
};

const translated = async <Result>(resource: string, call: () => Promise<Result>): Promise<Result> => {
  try {
    return await call();
  } catch (error) {
    throw failureOf(error, resource);
  }
};

/** One kind of Failure that is an answer here. */
const optional = async <Result>(
  call: Promise<Result>,
  kind: Failure["kind"],
): Promise<Result | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Failure && error.kind === kind) return undefined;
    throw error;
  }
};

const zoneOf = (zone: SdkZone): Zone => ({
  id: zone.id,
  name: zone.name,
  status: zone.status ?? "initializing",
  paused: zone.paused ?? false,
  nameServers: zone.name_servers ?? [],
  permissions: zone.permissions ?? [],
});

const recordOf = (record: RecordResponse): DnsRecord => ({
  id: record.id,
  name: record.name,
  type: record.type,
  content: record.content ?? "",
  ttl: record.ttl,
  proxied: record.proxied ?? false,
  comment: record.comment ?? "",
  priority: "priority" in record ? record.priority : undefined,
});

const bodyOf = (record: RecordContent) => ({
  name: record.name,
  type: record.type,
  content: record.content,
  ttl: record.ttl,
  comment: record.comment,
  ...(record.type === "A" || record.type === "AAAA" || record.type === "CNAME"
    ? { proxied: record.proxied }
    : {}),
  ...(record.priority === undefined ? {} : { priority: record.priority }),
});
