/** One run of External DNS's loop (`controller.RunOnce`): read zones and records, plan, write one batch per zone. */
import type { ClusterApi } from "../cluster-api.ts";
import { type Change, changesOf, currentEndpoints, zoneOf } from "./changes.ts";
import {
  type CloudflareRecord,
  CloudflareRefusal,
  openProvider,
  type Provider,
  type RecordBody,
  type Zone,
} from "./cloudflare.ts";
import type { Log } from "./log.ts";
import type { Options } from "./options.ts";
import { planOf } from "./plan.ts";
import { wantedEndpoints } from "./sources.ts";

/** `fatal`: what ends the real process, in its words, already in the log. */
export type Outcome = { readonly fatal?: string };

const upToDate = "All records are already up to date";

/** `token` may be missing, which ends it, too. Nothing is thrown for what Cloudflare refuses. */
export const runOnce = (
  cluster: ClusterApi,
  token: string | undefined,
  options: Options,
  log: Log,
): Outcome => {
  if (token === undefined || token === "") {
    const fatal =
      "cloudflare credentials are not configured: set either CF_API_TOKEN or both CF_API_KEY and CF_API_EMAIL environment variables";
    log.line("fatal", fatal);
    return { fatal };
  }
  try {
    const provider = openProvider(cluster.world.cloudflare, token, options);
    const failed = synchronise(cluster, provider, options, log);
    if (failed.length > 0) {
      const zones = failed.map((id) => JSON.stringify(id)).join(" ");
      const problem = `failed to submit all changes for the following zones: [${zones}]`;
      log.line("error", `Failed to do run once: ${problem} (consecutive soft errors: 1)`);
    }
    return {};
  } catch (error) {
    if (!(error instanceof CloudflareRefusal)) throw error;
    const message = `Failed to do run once: ${error.message}`;
    if (error.soft) log.line("error", `${message} (consecutive soft errors: 1)`);
    else log.line("fatal", message);
    return error.soft ? {} : { fatal: message };
  }
};

/** Returns the ids of zones where something was refused. */
const synchronise = (
  cluster: ClusterApi,
  provider: Provider,
  options: Options,
  log: Log,
): readonly string[] => {
  const zones = provider.zones();
  const records = new Map(zones.map((zone) => [zone.id, provider.records(zone)]));
  const existing = [...records.values()].flat();
  const current = currentEndpoints(existing, options);
  const plan = planOf(current, wantedEndpoints(cluster, options), options);
  const changes = changesOf(plan, existing, options);
  if (changes.length === 0) {
    log.line("info", upToDate);
    return [];
  }
  for (const { record } of changes) {
    if (zoneOf(zones, record.name)) continue;
    // The real one says so only at this level: a filter that matches no zone is silent at `info`.
    const problem = "because no hosted zone matching record DNS Name was detected";
    log.line("debug", `Skipping record ${JSON.stringify(record.name)} ${problem}`);
  }
  return zones
    .filter((zone) => {
      const here = changes.filter(({ record }) => zoneOf(zones, record.name)?.id === zone.id);
      return here.length > 0 && !submit(provider, zone, here, records.get(zone.id) ?? [], log);
    })
    .map(({ id }) => id);
};

/** Operations of one batch (`defaultBatchChangeSize`, for all plans). */
const batchSize = 200;

/** Whether all went well. */
const submit = (
  provider: Provider,
  zone: Zone,
  changes: readonly Change[],
  existing: readonly CloudflareRecord[],
  log: Log,
): boolean => {
  for (const { action, record } of changes) {
    const fields = { action, record: record.name, ttl: record.ttl, type: record.type, zone: zone.id };
    log.line("info", "Changing record.", fields);
  }
  const operations = changes.flatMap((change) => operationOf(change, zone, existing, log));
  // In the order in which Cloudflare carries a batch out: deletes, puts, posts.
  const ordered = [...operations].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
  let fine = true;
  for (let start = 0; start < ordered.length; start += batchSize) {
    fine = submitChunk(provider, zone, ordered.slice(start, start + batchSize), log) && fine;
  }
  return fine;
};

interface Operation {
  readonly method: "DELETE" | "PUT" | "POST";
  readonly id: string;
  readonly record: RecordBody;
}

const order = ["DELETE", "PUT", "POST"];

const operationOf = (
  { action, record }: Change,
  zone: Zone,
  existing: readonly CloudflareRecord[],
  log: Log,
): readonly Operation[] => {
  if (action === "CREATE") return [{ method: "POST", id: "", record }];
  const found = existing.find(
    ({ name, type, content }) => name === record.name && type === record.type && content === record.content,
  );
  if (found) return [{ method: action === "DELETE" ? "DELETE" : "PUT", id: found.id, record }];
  const fields = { action, record: record.name, ttl: record.ttl, type: record.type, zone: zone.id };
  log.line("error", `failed to find previous record: ${record.content}`, fields);
  return [];
};

/** A refused batch has changed nothing: its changes are tried one by one, and say what is wrong with each. */
const submitChunk = (provider: Provider, zone: Zone, operations: readonly Operation[], log: Log): boolean => {
  const of = (method: Operation["method"]) => operations.filter((operation) => operation.method === method);
  try {
    provider.batch(zone, {
      deletes: of("DELETE").map(({ id }) => ({ id })),
      puts: of("PUT").map(({ id, record }) => ({ id, ...record })),
      posts: of("POST").map(({ record }) => record),
    });
    return true;
  } catch (error) {
    if (!(error instanceof CloudflareRefusal)) throw error;
    const message = `Batch DNS operation failed for zone ${zone.id} (chunk 1/1): ${error.message}`;
    log.line("warning", `${message} — falling back to individual operations`);
  }
  return operations.map((operation) => submitOne(provider, zone, operation, log)).every((fine) => fine);
};

const submitOne = (provider: Provider, zone: Zone, { method, id, record }: Operation, log: Log): boolean => {
  try {
    if (method === "DELETE") provider.one(zone, method, `/${id}`);
    else provider.one(zone, method, method === "PUT" ? `/${id}` : "", record);
    return true;
  } catch (error) {
    if (!(error instanceof CloudflareRefusal)) throw error;
    const action = { DELETE: "DELETE", PUT: "UPDATE", POST: "CREATE" }[method];
    const { name, type, content } = record;
    const fields = { action, content, record: name, type, zone: zone.id };
    log.line("error", `fallback: individual ${action} failed: ${error.message}`, fields);
    return false;
  }
};
