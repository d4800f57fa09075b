/** Merging for the API in memory: JSON merge patch, and server-side apply with ownership in `managedFields`. */
import type { KubernetesObject } from "../../src/clients/kubernetes/client.ts";

type Entries = { [key: string]: unknown };

const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lists that the real API merges by these keys, by field name; every other list is replaced as a whole. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  env: ["name"],
  volumes: ["name"],
  ports: ["containerPort", "protocol"],
  conditions: ["type"],
};

/** https://datatracker.ietf.org/doc/html/rfc7386 */
const mergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isEntries(patch)) return structuredClone(patch);
  const result: Entries = isEntries(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
};

export const merged = (object: KubernetesObject, patch: unknown): KubernetesObject => {
  const result = mergePatch(object, patch);
  if (!isEntries(result)) return object;
  const { apiVersion, kind, metadata } = object;
  return { ...result, apiVersion, kind, metadata: { ...metadataOf(result), name: metadata.name } };
};

const metadataOf = (object: Entries): Entries => (isEntries(object.metadata) ? object.metadata : {});

/** The FieldsV1 set of a value: `{"f:spec": {"f:replicas": {}}}`. */
const fieldSet = (value: unknown, name: string): Entries => {
  if (isEntries(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [`f:${key}`, fieldSet(inner, key)]),
    );
  }
  const keys = mergeKeys[name];
  if (!Array.isArray(value) || !keys) return {};
  return Object.fromEntries(
    value.filter(isEntries).map((item) => {
      const key = Object.fromEntries(keys.filter((one) => one in item).map((one) => [one, item[one]]));
      return [`k:${JSON.stringify(key)}`, { ".": {}, ...fieldSet(item, "") }];
    }),
  );
};

const matches = (item: unknown, key: Entries): boolean =>
  isEntries(item) && Object.entries(key).every(([name, value]) => item[name] === value);

/** Takes what `owned` names and `wanted` does not out of the live value. */
const prune = (live: unknown, owned: Entries, wanted: unknown): unknown => {
  if (isEntries(live)) {
    const result = { ...live };
    for (const [key, inner] of Object.entries(owned)) {
      const name = key.slice(2);
      if (!key.startsWith("f:") || !(name in result) || !isEntries(inner)) continue;
      const kept = isEntries(wanted) ? wanted[name] : undefined;
      if (kept === undefined && Object.keys(inner).length === 0) delete result[name];
      else {
        const rest = prune(result[name], inner, kept);
        if (kept === undefined && isEntries(rest) && Object.keys(rest).length === 0) delete result[name];
        else result[name] = rest;
      }
    }
    return result;
  }
  if (!Array.isArray(live)) return live;
  return live.filter((item) =>
    Object.keys(owned)
      .filter((key) => key.startsWith("k:"))
      .map((key): Entries => JSON.parse(key.slice(2)))
      .every(
        (key) => !matches(item, key) || (Array.isArray(wanted) && wanted.some((one) => matches(one, key))),
      ),
  );
};

const overlay = (live: unknown, wanted: unknown, name: string): unknown => {
  if (isEntries(wanted)) {
    const result: Entries = isEntries(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(wanted)) {
      if (value !== undefined && value !== null) result[key] = overlay(result[key], value, key);
    }
    return result;
  }
  const keys = mergeKeys[name];
  if (!Array.isArray(wanted) || !Array.isArray(live) || !keys) return structuredClone(wanted);
  const result = [...live];
  for (const item of wanted.filter(isEntries)) {
    const key = Object.fromEntries(keys.filter((one) => one in item).map((one) => [one, item[one]]));
    const at = result.findIndex((one) => matches(one, key));
    if (at === -1) result.push(structuredClone(item));
    else result[at] = overlay(result[at], item, "");
  }
  return result;
};

/** Server-side apply by the manager `provision`, conflicts forced. */
export const applied = (live: KubernetesObject | undefined, wanted: KubernetesObject): KubernetesObject => {
  const managed = Array.isArray(live?.metadata.managedFields) ? live.metadata.managedFields : [];
  const ours = managed.find((entry: unknown) => isEntries(entry) && entry.manager === "provision");
  const owned = isEntries(ours) && isEntries(ours.fieldsV1) ? ours.fieldsV1 : {};
  const pruned = live ? prune(live, owned, wanted) : {};
  const result = overlay(pruned, wanted, "");
  const { apiVersion, kind, ...rest } = wanted;
  const set = fieldSet(
    { ...rest, metadata: { labels: wanted.metadata.labels, annotations: wanted.metadata.annotations } },
    "",
  );
  const entries = isEntries(result) ? result : {};
  return {
    ...entries,
    apiVersion,
    kind,
    metadata: {
      ...metadataOf(entries),
      name: wanted.metadata.name,
      managedFields: [
        ...managed.filter((entry: unknown) => entry !== ours),
        { manager: "provision", operation: "Apply", fieldsType: "FieldsV1", fieldsV1: set },
      ],
    },
  };
};
