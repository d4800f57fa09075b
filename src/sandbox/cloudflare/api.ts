/** Cloudflare's API below `/client/v4`: tokens, zones, DNS records and their batches. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { CloudflareError, envelope, errorEnvelope, noRoute } from "./errors.ts";
import { matchesQuery, showRecord, writeRecord } from "./records.ts";
import type { CloudflareState, RecordState, TokenState, ZoneState } from "./state.ts";

export interface CloudflareCall {
  readonly token: string | undefined;
  readonly method: string;
  /** Below `/client/v4`, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface CloudflareReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

interface Context {
  readonly state: CloudflareState;
  readonly token: TokenState;
  readonly call: CloudflareCall;
  readonly now: number;
  changed(): void;
}

const idOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

const covers = (token: TokenState, zone: ZoneState): boolean => token.zones?.includes(zone.name) ?? true;

const login = (state: CloudflareState, call: CloudflareCall): TokenState => {
  if (call.token === undefined) {
    throw new CloudflareError(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  const token = state.tokens[call.token];
  if (token?.status !== "active") throw new CloudflareError(403, 9109, "Invalid access token");
  return token;
};

const verify = (state: CloudflareState, call: CloudflareCall): CloudflareReply => {
  const token = call.token === undefined ? undefined : state.tokens[call.token];
  if (!token) throw new CloudflareError(401, 1000, "Invalid API Token");
  const result = { id: idOf(call.token ?? ""), status: token.status };
  const messages = [{ code: 10000, message: "This API Token is valid and active", type: null }];
  return { status: 200, headers: {}, body: envelope(result, token.status === "active" ? { messages } : {}) };
};

const showZone = (zone: ZoneState, token: TokenState): Record<string, unknown> => ({
  id: idOf(zone.name),
  name: zone.name,
  status: zone.status,
  paused: false,
  type: "full",
  development_mode: 0,
  name_servers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
  original_name_servers: zone.status === "active" ? null : ["ns1.registrar.example", "ns2.registrar.example"],
  original_registrar: null,
  original_dnshost: null,
  permissions: [
    ...(token.permissions.includes("zone:read") ? ["#zone:read"] : []),
    ...(token.permissions.includes("dns:edit") ? ["#dns_records:read", "#dns_records:edit"] : []),
  ],
  account: { id: idOf("account"), name: "Sandbox" },
  owner: { id: idOf("owner"), name: "Sandbox", type: "user" },
  plan: { id: idOf("plan"), name: "Free Website", legacy_id: "free" },
  meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
  created_on: new Date(zone.createdAt).toISOString(),
  modified_on: new Date(zone.createdAt).toISOString(),
  activated_on: zone.status === "active" ? new Date(zone.createdAt).toISOString() : null,
});

const paged = (values: readonly unknown[], query: URLSearchParams, perPage: number): CloudflareReply => {
  const size = Math.max(1, Number(query.get("per_page") ?? perPage) || perPage);
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const shown = values.slice((page - 1) * size, page * size);
  return {
    status: 200,
    headers: {},
    body: envelope(shown, {
      result_info: {
        page,
        per_page: size,
        count: shown.length,
        total_count: values.length,
        total_pages: Math.ceil(values.length / size),
      },
    }),
  };
};

const requirePermission = (token: TokenState, permission: TokenState["permissions"][number]): void => {
  if (!token.permissions.includes(permission)) throw new CloudflareError(403, 10000, "Authentication error");
};

const listZones = ({ state, token, call }: Context): CloudflareReply => {
  requirePermission(token, "zone:read");
  const name = call.query.get("name");
  const status = call.query.get("status");
  const zones = state.zones.filter(
    (zone) =>
      covers(token, zone) &&
      (name === null || zone.name === name) &&
      (status === null || zone.status === status),
  );
  return paged(
    zones.map((zone) => showZone(zone, token)),
    call.query,
    20,
  );
};

const zoneOf = ({ state, token, call }: Context, id: string): ZoneState => {
  const zone = state.zones.find((candidate) => idOf(candidate.name) === id);
  if (!zone) throw noRoute(call.path);
  if (!covers(token, zone)) throw new CloudflareError(403, 9109, "Unauthorized to access requested resource");
  return zone;
};

const recordOf = (records: readonly RecordState[], zone: ZoneState, id: string): RecordState => {
  const record = records.find((candidate) => candidate.id === id && candidate.zone === zone.name);
  if (!record) throw new CloudflareError(404, 81044, "Record does not exist.");
  return record;
};

const ok = (result: unknown): CloudflareReply => ({ status: 200, headers: {}, body: envelope(result) });

const replaced = (records: readonly RecordState[], record: RecordState): RecordState[] =>
  records.map((other) => (other.id === record.id ? record : other));

const entry = z.looseObject({ id: z.string() });
const batchInput = z.looseObject({
  deletes: z.array(entry).nullish(),
  patches: z.array(entry).nullish(),
  puts: z.array(entry).nullish(),
  posts: z.array(z.unknown()).nullish(),
});

/** Deletes, patches, puts, posts, in that order, all or none. */
const batch = (context: Context, zone: ZoneState): CloudflareReply => {
  const parsed = batchInput.safeParse(context.call.body);
  if (!parsed.success) throw new CloudflareError(400, 9207, "Request body is invalid.");
  let records = [...context.state.records];
  const change = (edit: z.infer<typeof entry>, merge: boolean): RecordState => {
    const before = recordOf(records, zone, edit.id);
    const record = writeRecord(zone, edit, records, context.now, { record: before, merge });
    records = replaced(records, record);
    return record;
  };
  const deletes = (parsed.data.deletes ?? []).map(({ id }) => {
    const record = recordOf(records, zone, id);
    records = records.filter((other) => other !== record);
    return showRecord(record);
  });
  const patches = (parsed.data.patches ?? []).map((edit) => showRecord(change(edit, true)));
  const puts = (parsed.data.puts ?? []).map((edit) => showRecord(change(edit, false)));
  const posts = (parsed.data.posts ?? []).map((body) => {
    const record = writeRecord(zone, body, records, context.now);
    records = [...records, record];
    return showRecord(record);
  });
  context.state.records = records;
  context.changed();
  return ok({ deletes, patches, puts, posts });
};

const oneRecord = (context: Context, zone: ZoneState, id: string): CloudflareReply => {
  const { state, call, now } = context;
  const record = recordOf(state.records, zone, id);
  switch (call.method) {
    case "GET":
      return ok(showRecord(record));
    case "DELETE":
      state.records = state.records.filter((other) => other !== record);
      context.changed();
      return ok({ id });
    case "PUT":
    case "PATCH": {
      const merge = call.method === "PATCH";
      const written = writeRecord(zone, call.body, state.records, now, { record, merge });
      state.records = replaced(state.records, written);
      context.changed();
      return ok(showRecord(written));
    }
    default:
      throw new CloudflareError(405, 10405, "Method not allowed for this authentication scheme");
  }
};

const records = (context: Context, zone: ZoneState, rest: string | undefined): CloudflareReply => {
  const { state, token, call, now } = context;
  requirePermission(token, "dns:edit");
  if (rest === "batch" && call.method === "POST") return batch(context, zone);
  if (rest !== undefined) return oneRecord(context, zone, rest);
  if (call.method === "GET") {
    const found = state.records.filter(
      (record) => record.zone === zone.name && matchesQuery(record, call.query),
    );
    return paged(found.map(showRecord), call.query, 100);
  }
  if (call.method !== "POST") throw noRoute(call.path);
  const record = writeRecord(zone, call.body, state.records, now);
  state.records = [...state.records, record];
  context.changed();
  return ok(showRecord(record));
};

const route = (context: Context): CloudflareReply => {
  const { call } = context;
  if (/^\/user\/tokens(\/[^/]+)?\/?$/.test(call.path)) {
    // Reading policies takes a permission on the account that tokens for DNS don't have.
    throw new CloudflareError(403, 9109, "Unauthorized to access requested resource");
  }
  if (/^\/zones\/?$/.test(call.path) && call.method === "GET") return listZones(context);
  const match = /^\/zones\/([^/]+)(?:\/(dns_records)(?:\/([^/]+))?)?\/?$/.exec(call.path);
  if (!match) throw noRoute(call.path);
  const zone = zoneOf(context, match[1] ?? "");
  if (match[2] !== undefined) return records(context, zone, match[3]);
  if (call.method !== "GET") throw noRoute(call.path);
  requirePermission(context.token, "zone:read");
  return ok(showZone(zone, context.token));
};

/** Answers one call. `limit` throws 429 where the caller asks too much. */
export const answerCloudflare = (
  state: CloudflareState,
  call: CloudflareCall,
  now: number,
  changed: () => void,
  limit: (token: string) => void,
): CloudflareReply => {
  try {
    if (call.path === "/user/tokens/verify" && call.method === "GET") return verify(state, call);
    const token = login(state, call);
    limit(call.token ?? "");
    return route({ state, token, call, now, changed });
  } catch (error) {
    if (!(error instanceof CloudflareError)) throw error;
    return { status: error.status, headers: error.headers, body: errorEnvelope(error) };
  }
};
