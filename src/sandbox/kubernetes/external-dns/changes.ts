/** A plan as changes of single records, each with its TXT record beside it (`registry/txt`, `cloudflare.go`). */
import type { CloudflareRecord, RecordBody, Zone } from "./cloudflare.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Options } from "./options.ts";
import type { Plan } from "./plan.ts";
import { registrationOf, registryContent, registryName } from "./registry.ts";

export interface Change {
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly record: RecordBody;
}

/** The records of a zone as endpoints: one for each name and type, with the owner that their TXT record names. */
export const currentEndpoints = (
  records: readonly CloudflareRecord[],
  options: Options,
): readonly Endpoint[] => {
  const groups = new Map<string, CloudflareRecord[]>();
  for (const record of records) {
    const key = `${record.type} ${record.name}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const registrations = records.flatMap(({ type, name, content }) => {
    const found = type === "TXT" ? registrationOf(name, content, options) : undefined;
    return found ? [found] : [];
  });
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || first.type === "TXT") return [];
    const registration = registrations.find(({ type, name }) => type === first.type && name === first.name);
    const { name, type, ttl, proxied, comment, tags } = first;
    const targets = group.map(({ content }) => content);
    const { owner, resource } = registration ?? { owner: undefined, resource: undefined };
    return [{ name, type, ttl, proxied, comment, tags: [...tags].sort(), targets, owner, resource }];
  });
};

/** `existing`: all records, for TXT records that are there already. */
export const changesOf = (
  plan: Plan,
  existing: readonly CloudflareRecord[],
  options: Options,
): readonly Change[] => {
  const registry = (endpoint: Endpoint): Endpoint => ({
    ...endpoint,
    name: registryName(endpoint, options),
    type: "TXT",
    targets: [registryContent(options.owner, endpoint.resource)],
    ttl: 0,
    proxied: false,
  });
  const registered = new Set(
    existing.flatMap(({ type, name, content }) =>
      type === "TXT" && registrationOf(name, content, options) ? [name] : [],
    ),
  );
  const created = plan.create.map(registry).filter(({ name }) => !registered.has(name));
  const updated = plan.update.map(({ before, after }) => ({
    before: registry(before),
    after: registry(after),
  }));
  return [
    ...[...plan.create, ...created].flatMap((endpoint) => recordsOf("CREATE", endpoint, endpoint.targets)),
    ...[...plan.update, ...updated].flatMap(({ before, after }) => [
      ...recordsOf(
        "DELETE",
        before,
        before.targets.filter((target) => !after.targets.includes(target)),
      ),
      ...recordsOf(
        "CREATE",
        after,
        after.targets.filter((target) => !before.targets.includes(target)),
      ),
      ...recordsOf(
        "UPDATE",
        after,
        after.targets.filter((target) => before.targets.includes(target)),
      ),
    ]),
    ...[...plan.delete, ...plan.delete.map(registry)].flatMap((endpoint) =>
      recordsOf("DELETE", endpoint, endpoint.targets),
    ),
  ];
};

const recordsOf = (
  action: Change["action"],
  { name, type, ttl, proxied, comment, tags }: Endpoint,
  targets: readonly string[],
): readonly Change[] =>
  targets.map((content) => ({
    action,
    record: { name, type, content, ttl: ttl === 0 ? 1 : ttl, proxied, comment, tags },
  }));

/** The zone with the longest name that the record is in. */
export const zoneOf = (zones: readonly Zone[], name: string): Zone | undefined =>
  [...zones]
    .sort((a, b) => b.name.length - a.name.length)
    .find((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
