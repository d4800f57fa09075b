/**
 * The fields of a Draft beside the live object: every leaf that we want, and what we once applied and want no more.
 * Whatever else the object holds (defaults, controllers' fields) is not ours and never shown. Pure.
 */
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";
import { Secret } from "../../step/secret.ts";
import type { Effect, Field } from "../../step/step.ts";
import { covers, joinPath } from "./coverage.ts";
import { type Draft, datumOf, draftName, type Entries, isEntries, lazyCopy, normalised } from "./draft.ts";
import {
  below,
  type FieldSet,
  fieldsIn,
  itemKeysIn,
  nothingOwned,
  type Ownership,
  ownershipOf,
} from "./managed-fields.ts";
import { markPrefix } from "./marks.ts";
import { shownName } from "./object-id.ts";

export interface ComparisonOptions {
  /** What precedes each path. Default: the object, as in `Secret web/token`. `""` for a step of one object. */
  readonly prefix?: string;
  /** What a change of a path does; without one, `update`, and `disrupt` where pods restart. */
  readonly effect?: (path: string) => { readonly effect: Effect; readonly reason?: string } | undefined;
}

/** Fields that say which object it is, or that no apply writes. */
const identity = new Set(["apiVersion", "kind", "status"]);
const wantedMetadata = new Set(["labels", "annotations", "finalizers", "ownerReferences"]);
const restarting = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

export const draftFields = (
  wanted: Draft,
  live: KubernetesObject | undefined,
  options: ComparisonOptions = {},
): readonly Field[] => {
  const draft = normalised(wanted);
  const prefix = options.prefix ?? shownName(draftName(draft));
  const found: { readonly path: string; readonly field: Omit<Field, "path" | "effect"> }[] = [];
  const add = (path: string, field: Omit<Field, "path" | "effect">) => found.push({ path, field });
  const metadata = lazyCopy(draft.metadata, (key) => !wantedMetadata.has(key), {});
  const top = lazyCopy(draft, (key) => identity.has(key), { metadata });
  const actual = live && secretsOf(live);
  const owned = live ? ownershipOf(live) : nothingOwned;
  compareEntries(top, actual, owned, "", add);
  if (!live && found.length === 0) {
    // An object without a setting of its own is still something to be made.
    return [{ path: shownName(draftName(draft)), desired: () => "present", effect: "update" }];
  }
  return found.map(({ path, field }) => ({
    ...field,
    ...effectOf(draft.kind, path, options),
    path: prefix ? `${prefix} ${path}` : path,
  }));
};

type Add = (path: string, field: Omit<Field, "path" | "effect">) => void;

const effectOf = (kind: string, path: string, options: ComparisonOptions) =>
  options.effect?.(path) ?? {
    effect:
      restarting.has(kind) && path.startsWith("spec.template.") ? ("disrupt" as const) : ("update" as const),
  };

/** A live Secret's values as Secrets, like those of a normalised Draft. */
const secretsOf = (live: KubernetesObject): Entries => {
  if (live.apiVersion !== "v1" || live.kind !== "Secret" || !isEntries(live.data)) return live;
  const data = Object.entries(live.data).map(([key, value]) => [
    key,
    new Secret(String(value), "the cluster"),
  ]);
  return { ...live, data: Object.fromEntries(data) };
};

const valueAt = (entries: unknown, key: string): unknown => (isEntries(entries) ? entries[key] : undefined);

const compareEntries = (wanted: Entries, live: unknown, owned: Ownership, path: string, add: Add): void => {
  for (const key of Object.keys(wanted)) {
    if (key.startsWith(markPrefix)) continue;
    const inner = joinPath(path, key);
    const read = () => wanted[key];
    const isOurs = `f:${key}` in owned.ours;
    compareValue(read, valueAt(live, key), below(owned, `f:${key}`), isOurs, inner, add);
  }
  for (const key of fieldsIn(owned.ours)) {
    if (key in wanted || key.startsWith(markPrefix) || (path === "" && identity.has(key))) continue;
    if (path === "metadata" && !wantedMetadata.has(key)) continue;
    compareRemoval(valueAt(live, key), owned.ours[`f:${key}`] ?? {}, joinPath(path, key), add);
  }
};

const compareValue = (
  read: () => unknown,
  live: unknown,
  owned: Ownership,
  isOurs: boolean,
  path: string,
  add: Add,
): void => {
  let value: unknown;
  try {
    value = read();
    if (typeof value === "function") value = value();
  } catch {
    // Not known yet: the field says so itself, when it is asked.
    add(path, leaf(read, live, path));
    return;
  }
  if (value === undefined || value === null) {
    if (isOurs) compareRemoval(live, owned.ours, path, add);
    return;
  }
  if (isEntries(value) && (Object.keys(value).length > 0 || fieldsIn(owned.ours).length > 0)) {
    compareEntries(value, live, owned, path, add);
    return;
  }
  if (isEntries(value) && path.startsWith("metadata")) return;
  if (Array.isArray(value) && Array.isArray(live) && isSet(owned)) {
    add(path, setLeaf(read, live, owned));
    return;
  }
  const keys = itemKeysIn(owned.everybodys);
  if (Array.isArray(value) && Array.isArray(live) && keys.length > 0) {
    compareItems(value, live, owned, keys, path, add);
    return;
  }
  add(path, leaf(read, live, path));
};

const leaf = (read: () => unknown, live: unknown, path: string): Omit<Field, "path" | "effect"> => ({
  desired: () => datumOf(read()),
  actual: datumOf(live),
  same: (desired, actual) => covers(actual, desired, path),
});

/** A list of values that merge one by one (finalizers): others may add theirs, and ours go when we drop them. */
const isSet = ({ everybodys }: Ownership): boolean =>
  Object.keys(everybodys).some((key) => key.startsWith("v:"));

const setLeaf = (
  read: () => unknown,
  live: readonly unknown[],
  { ours }: Ownership,
): Omit<Field, "path" | "effect"> => ({
  desired: () => datumOf(read()),
  actual: datumOf(live),
  same: (desired) => {
    const wanted: readonly unknown[] = Array.isArray(desired) ? desired : [];
    const dropped = live.filter((value) => `v:${JSON.stringify(value)}` in ours && !wanted.includes(value));
    return dropped.length === 0 && wanted.every((value) => live.includes(value));
  },
});

/** Items of a list that merges by keys: each is compared with the one of the same keys, wherever that stands. */
const compareItems = (
  wanted: readonly unknown[],
  live: readonly unknown[],
  owned: Ownership,
  keys: readonly Entries[],
  path: string,
  add: Add,
): void => {
  const names = [...new Set(keys.flatMap((key) => Object.keys(key)))];
  wanted.forEach((_, index) => {
    const read = () => wanted[index];
    let item: unknown;
    let key: Entries = {};
    try {
      item = read();
      key = keyOf(item, names);
    } catch {
      // An item whose name is not known yet: no other can be said to be its.
      add(`${path}[${index}]`, leaf(read, undefined, path));
      return;
    }
    const inner = `${path}[${shownKey(key)}]`;
    const found = live.find((one) => hasKey(one, key));
    const at = Object.keys(owned.everybodys).find((one) => one.startsWith("k:") && sameKey(one, key));
    if (!isEntries(item)) add(inner, leaf(read, found, inner));
    else if (found === undefined) add(inner, leaf(read, undefined, inner));
    else compareEntries(item, found, at ? below(owned, at) : nothingOwned, inner, add);
  });
  for (const key of itemKeysIn(owned.ours)) {
    const kept = wanted.some((_, index) => {
      try {
        return hasKey(keyOf(wanted[index], names), key);
      } catch {
        return true;
      }
    });
    const found = live.find((one) => hasKey(one, key));
    if (!kept && found !== undefined) add(`${path}[${shownKey(key)}]`, removal(found));
  }
};

/** Of all merge keys only a port's protocol has a default, which the API server fills in before it merges. */
const keyOf = (item: unknown, names: readonly string[]): Entries => {
  if (!isEntries(item)) return {};
  const values = names.map((name) => [name, item[name] ?? (name === "protocol" ? "TCP" : undefined)]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
};

const hasKey = (item: unknown, key: Entries): boolean =>
  isEntries(item) && Object.entries(key).every(([name, value]) => item[name] === value);

const sameKey = (encoded: string, key: Entries): boolean => hasKey(JSON.parse(encoded.slice(2)), key);

const shownKey = (key: Entries): string =>
  Object.entries(key)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");

/** What we own and want no more: leaf by leaf, since others may own the rest. */
const compareRemoval = (live: unknown, ours: FieldSet, path: string, add: Add): void => {
  if (live === undefined) return;
  const inner = fieldsIn(ours).filter((key) => !key.startsWith(markPrefix));
  if (inner.length === 0 && fieldsIn(ours).length > 0) return;
  if (inner.length === 0) add(path, removal(live));
  else
    for (const key of inner)
      compareRemoval(valueAt(live, key), ours[`f:${key}`] ?? {}, joinPath(path, key), add);
};

const removal = (live: unknown): Omit<Field, "path" | "effect"> => ({
  desired: () => null,
  actual: datumOf(live),
  same: (_, actual) => actual === undefined || actual === null,
});
