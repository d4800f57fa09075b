/**
 * What differs in the cluster from what Helm wrote: each leaf of the manifest is looked for in the live object, and
 * nothing else is, since the rest belongs to the API server's defaults and to controllers. Pure.
 */
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { Datum, Field } from "../../step/step.ts";
import { draftFields } from "../kubernetes/compare.ts";
import { type Entries, isEntries } from "../kubernetes/draft.ts";
import { objectTitle } from "./manifest.ts";

export interface Drift {
  /** `Deployment nginx-controller spec.replicas`. */
  readonly path: string;
  readonly wanted: Datum;
  /** `undefined` where the cluster has nothing there. */
  readonly actual: Datum | undefined;
}

/** A field manager whose changes are meant: the testbed's, which points webhooks to processes of its own. */
const testbed = "provision-testbed";

/** `namespace` is the release's. */
export const driftOf = (
  wanted: KubernetesObject,
  live: KubernetesObject | undefined,
  namespace: string,
): readonly Drift[] => {
  const prefix = objectTitle(wanted, namespace);
  if (!live) return [{ path: prefix, wanted: "present", actual: "absent" }];
  return draftFields(withoutTestbed(wanted, live), live, { prefix }).flatMap(
    (field) => differing(field) ?? [],
  );
};

const differing = ({ path, desired, actual, same }: Field): Drift | undefined => {
  const wanted = desired();
  if (wanted === undefined || wanted === null || same?.(wanted, actual)) return undefined;
  // The API server leaves empty maps and lists out (`omitempty`): a Secret with `data: {}` comes back without.
  if (actual === undefined && isEmpty(wanted)) return undefined;
  return { path, wanted, actual };
};

const isEmpty = (value: Datum): boolean =>
  Array.isArray(value) ? value.length === 0 : isEntries(value) && Object.keys(value).length === 0;

/** The wanted object without the fields that the testbed has set in the live one. */
const withoutTestbed = (wanted: KubernetesObject, live: KubernetesObject): KubernetesObject => {
  const { managedFields } = live.metadata;
  const entries: readonly unknown[] = Array.isArray(managedFields) ? managedFields : [];
  let rest = wanted;
  for (const { manager, fieldsV1 } of entries.filter(isEntries)) {
    if (manager === testbed && isEntries(fieldsV1)) rest = { ...rest, ...without(rest, fieldsV1) };
  }
  return rest;
};

/** FieldsV1: `f:<field>` and `k:<keys of a list item>`; one without inner fields is owned as a whole. */
const without = (wanted: Entries, owned: Entries): Entries =>
  Object.fromEntries(
    Object.entries(wanted).flatMap(([key, value]): [string, unknown][] => {
      const inner = owned[`f:${key}`];
      if (!isEntries(inner)) return [[key, value]];
      if (Object.keys(inner).length === 0) return [];
      if (isEntries(value)) return [[key, without(value, inner)]];
      return [[key, Array.isArray(value) ? value.map((item) => withoutItem(item, inner)) : value]];
    }),
  );

const withoutItem = (item: unknown, owned: Entries): unknown => {
  if (!isEntries(item)) return item;
  const entry = Object.keys(owned).find((name) => {
    const keys: unknown = name.startsWith("k:") ? JSON.parse(name.slice(2)) : undefined;
    return isEntries(keys) && Object.entries(keys).every(([key, value]) => item[key] === value);
  });
  const inner = entry === undefined ? undefined : owned[entry];
  return isEntries(inner) ? without(item, inner) : item;
};
