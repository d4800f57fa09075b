/**
 * Who owns which field of a live object, from `metadata.managedFields`, and by which keys the items of its lists are
 * merged: the API server writes both there, so no schema is needed.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";
import { fieldManager } from "../../clients/kubernetes/rest.ts";
import { type Entries, isEntries } from "./draft.ts";

/** A node of FieldsV1: `f:<field>`, `k:<keys as JSON>`, `v:<value as JSON>`, `.` for the node itself. */
export type FieldSet = { readonly [key: string]: FieldSet };

export interface Ownership {
  /** What we have applied. */
  readonly ours: FieldSet;
  /** What anybody has set; read for the keys of lists only. */
  readonly everybodys: FieldSet;
}

export const nothingOwned: Ownership = { ours: {}, everybodys: {} };

const fieldSetOf = (value: unknown): FieldSet =>
  isEntries(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fieldSetOf(inner)]))
    : {};

const joined = (a: FieldSet, b: FieldSet): FieldSet => {
  const result: Record<string, FieldSet> = { ...a };
  for (const [key, inner] of Object.entries(b)) {
    const known = result[key];
    result[key] = known ? joined(known, inner) : inner;
  }
  return result;
};

export const ownershipOf = (object: KubernetesObject): Ownership => {
  const entries: readonly unknown[] = Array.isArray(object.metadata.managedFields)
    ? object.metadata.managedFields
    : [];
  let { ours, everybodys } = nothingOwned;
  for (const entry of entries.filter(isEntries)) {
    const set = fieldSetOf(entry.fieldsV1);
    everybodys = joined(everybodys, set);
    if (entry.manager === fieldManager && entry.operation === "Apply" && entry.subresource === undefined) {
      ours = joined(ours, set);
    }
  }
  return { ours, everybodys };
};

/** Names of the fields in a node. */
export const fieldsIn = (set: FieldSet): readonly string[] =>
  Object.keys(set)
    .filter((key) => key.startsWith("f:"))
    .map((key) => key.slice(2));

/** The keys of the list items in a node: `[{"name": "app"}]`. */
export const itemKeysIn = (set: FieldSet): readonly Entries[] =>
  Object.keys(set).flatMap((key) => {
    if (!key.startsWith("k:")) return [];
    const parsed: unknown = JSON.parse(key.slice(2));
    return isEntries(parsed) ? [parsed] : [];
  });

export const below = ({ ours, everybodys }: Ownership, key: string): Ownership => ({
  ours: ours[key] ?? {},
  everybodys: everybodys[key] ?? {},
});
