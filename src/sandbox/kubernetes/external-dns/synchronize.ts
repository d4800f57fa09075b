/**
 * Brings Cloudflare to the endpoints: only records whose TXT names this owner are touched, as its policy allows, in
 * one batch a zone (external-dns v0.22's `provider/cloudflare`, TXT registry).
 */
import { z } from "zod";
import type { CloudflareWorld } from "../../world.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Settings } from "./settings.ts";

const record = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  content: z.string(),
  ttl: z.number(),
  proxied: z.boolean().optional(),
});
type Record = z.output<typeof record>;
const answer = z.looseObject({
  result: z.unknown(),
  errors: z.array(z.looseObject({ code: z.number(), message: z.string() })).default([]),
});
const zones = z.array(z.looseObject({ id: z.string(), name: z.string() }));

interface Batch {
  readonly deletes: { id: string }[];
  readonly patches: { id: string; content: string; ttl: number; proxied: boolean }[];
  readonly posts: object[];
}

/** True where the provider failed; what happened is said as the real one logs it. */
export const synchronize = (
  cloudflare: CloudflareWorld,
  settings: Settings,
  endpoints: readonly Endpoint[],
  say: (line: string) => void,
): boolean => {
  if (settings.provider !== "cloudflare") {
    say(`level=fatal msg="unknown dns provider: ${settings.provider}"`);
    return true;
  }
  const call = (method: string, path: string, body?: unknown) => {
    const { status, body: answered } = cloudflare.request(settings.token ?? "", method, path, body);
    const { result, errors } = answer.parse(answered);
    if (status < 400) return result;
    throw new Error(errors.map(({ code, message }) => `${message} (${code})`).join(", ") || `HTTP ${status}`);
  };
  try {
    const all = zones.parse(call("GET", "/zones?per_page=50"));
    const chosen = all.filter(({ id, name }) => {
      const byId = settings.zoneFilters.length === 0 || settings.zoneFilters.includes(id);
      const byName =
        settings.domainFilters.length === 0 ||
        settings.domainFilters.some(
          (filter) => filter === name || filter.endsWith(`.${name}`) || name.endsWith(`.${filter}`),
        );
      return byId && byName;
    });
    for (const { name } of endpoints.filter(
      (endpoint) => !chosen.some((zone) => isIn(endpoint.name, zone.name)),
    )) {
      say(
        `level=debug msg="Skipping record ${name} because no hosted zone matching record DNS Name was detected"`,
      );
    }
    let changed = false;
    for (const zone of chosen) {
      const records = z.array(record).parse(call("GET", `/zones/${zone.id}/dns_records?per_page=5000`));
      const batch = changesFor(
        records,
        endpoints.filter(({ name }) => isIn(name, zone.name)),
        settings,
        zone.id,
        say,
      );
      if (batch.deletes.length + batch.patches.length + batch.posts.length === 0) continue;
      call("POST", `/zones/${zone.id}/dns_records/batch`, batch);
      changed = true;
    }
    if (!changed) say('level=info msg="All records are already up to date"');
    return false;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`level=fatal msg="Failed to do run once: failed to list zones: ${why.replaceAll('"', "'")}"`);
    return true;
  }
};

const isIn = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

const changesFor = (
  records: readonly Record[],
  endpoints: readonly Endpoint[],
  settings: Settings,
  zone: string,
  say: (line: string) => void,
): Batch => {
  const batch: Batch = { deletes: [], patches: [], posts: [] };
  const tell = (action: string, name: string, ttl: number, type: string) =>
    say(
      `level=info msg="Changing record." action=${action} record=${name} ttl=${ttl} type=${type} zone=${zone}`,
    );
  const registryName = (name: string) => `${settings.prefix}a-${name}`;
  const registryOf = (name: string) =>
    records.find(
      (found) =>
        found.type === "TXT" &&
        found.name === registryName(name) &&
        found.content.includes(`external-dns/owner=${settings.owner},`),
    );
  for (const { name, targets, ttl, proxied, resource } of endpoints) {
    const existing = records.filter((found) => found.name === name && found.type === "A");
    if (existing.length === 0) {
      if (registryOf(name) === undefined) {
        const text = `"heritage=external-dns,external-dns/owner=${settings.owner},external-dns/resource=${resource}"`;
        batch.posts.push({
          type: "TXT",
          name: registryName(name),
          content: text,
          ttl: 1,
          proxied: false,
          comment: "",
          tags: [],
        });
      }
      for (const content of targets)
        batch.posts.push({ type: "A", name, content, ttl, proxied, comment: "", tags: [] });
      tell("CREATE", name, ttl, "A");
      continue;
    }
    if (registryOf(name) === undefined || settings.policy === "create-only") continue;
    const [first] = existing;
    const [content = ""] = targets;
    if (first && (first.content !== content || (first.proxied ?? false) !== proxied)) {
      batch.patches.push({ id: first.id, content, ttl, proxied });
      tell("UPDATE", name, ttl, "A");
    }
  }
  if (settings.policy !== "sync") return batch;
  const wanted = new Set(endpoints.map(({ name }) => name));
  for (const text of records.filter(
    ({ type, content }) => type === "TXT" && content.includes(`external-dns/owner=${settings.owner},`),
  )) {
    const name = text.name.slice(registryName("").length);
    if (!text.name.startsWith(registryName("")) || wanted.has(name)) continue;
    batch.deletes.push({ id: text.id });
    for (const found of records.filter((other) => other.name === name && other.type === "A")) {
      batch.deletes.push({ id: found.id });
      tell("DELETE", name, found.ttl, "A");
    }
  }
  return batch;
};
