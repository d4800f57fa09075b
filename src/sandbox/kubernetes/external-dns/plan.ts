/** What has to change in DNS: the records that are there against those that are wanted (`plan/plan.go`). */
import { type Endpoint, matchesFilters, sameTargets } from "./endpoint.ts";
import type { Options } from "./options.ts";

export interface Plan {
  readonly create: readonly Endpoint[];
  readonly update: readonly { readonly before: Endpoint; readonly after: Endpoint }[];
  readonly delete: readonly Endpoint[];
}

/** Types that it manages unless told otherwise (`--managed-record-types`). */
const managed = ["A", "AAAA", "CNAME"];

/**
 * Pure. `current` knows owners by the registry. A name that holds any record of another owner, or of none, gets
 * nothing new; what others own is neither updated nor deleted.
 */
export const planOf = (
  current: readonly Endpoint[],
  wanted: readonly Endpoint[],
  { domainFilters, owner, policy }: Pick<Options, "domainFilters" | "owner" | "policy">,
): Plan => {
  const mine = ({ name, type }: Endpoint): boolean =>
    managed.includes(type) && matchesFilters(domainFilters, name);
  const there = current.filter(mine);
  const asked = withoutConflicts(wanted.filter(mine));
  const create: Endpoint[] = [];
  const update: Plan["update"][number][] = [];
  const remove: Endpoint[] = [];
  for (const name of new Set([...there, ...asked].map((endpoint) => endpoint.name))) {
    const present = there.filter((endpoint) => endpoint.name === name);
    const candidates = asked.filter((endpoint) => endpoint.name === name);
    const owned = present.every((endpoint) => endpoint.owner === owner);
    for (const type of managed) {
      const before = present.find((endpoint) => endpoint.type === type);
      const choice = candidates.filter((endpoint) => endpoint.type === type);
      const after =
        choice.find((endpoint) => endpoint.resource === before?.resource) ?? [...choice].sort(byTargets)[0];
      if (before === undefined && after !== undefined && owned) create.push(after);
      if (before?.owner !== owner) continue;
      if (after === undefined) remove.push(before);
      else if (differs(before, after)) update.push({ before, after });
    }
  }
  return {
    create,
    update: policy === "create-only" ? [] : update,
    delete: policy === "sync" ? remove : [],
  };
};

/** A name can't be a CNAME and something else: the CNAME gives way. */
const withoutConflicts = (wanted: readonly Endpoint[]): readonly Endpoint[] => {
  const addresses = new Set(wanted.filter(({ type }) => type !== "CNAME").map(({ name }) => name));
  return wanted.filter(({ type, name }) => type !== "CNAME" || !addresses.has(name));
};

/** Fewer targets first, then by text: who gets a name that nobody has yet. */
const byTargets = (a: Endpoint, b: Endpoint): number =>
  a.targets.length - b.targets.length ||
  [...a.targets]
    .sort()
    .join()
    .localeCompare([...b.targets].sort().join());

const differs = (before: Endpoint, after: Endpoint): boolean =>
  !sameTargets(before.targets, after.targets) ||
  (after.ttl !== 0 && after.ttl !== before.ttl) ||
  before.proxied !== after.proxied ||
  before.comment !== after.comment ||
  before.tags.join() !== after.tags.join();
