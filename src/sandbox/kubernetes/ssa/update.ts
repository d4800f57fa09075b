/**
 * Who owns which field after a write, and what an apply makes of an object: the updater of structured-merge-diff
 * (`merge/update.go`) as the API server uses it. Versions of a kind convert to one another without change of fields.
 */
import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import {
  difference,
  emptySet,
  type FieldSet,
  intersection,
  isEmpty,
  pathsOf,
  recursiveDifference,
  sameSet,
  union,
} from "./field-set.ts";
import { type Manager, sameManager, unmanaged } from "./managed-fields.ts";
import { merge } from "./merge.ts";
import type { Shape } from "./shape.ts";
import { compare, fieldsOf, withNamedFields, without } from "./typed.ts";

/** Who writes: a Manager without its fields. */
export type Writer = Omit<Manager, "fields" | "time"> & { readonly time: string };

export interface FieldConflict {
  readonly manager: Manager;
  /** `.spec.replicas`, `.spec.template.spec.containers[name="web"].image`. */
  readonly path: string;
}

/** What the others keep once `writer` has turned `before` into `after`; where they object, the conflicts. */
const settle = (
  before: JsonObject,
  after: JsonObject,
  shape: Shape,
  managers: readonly Manager[],
  writer: Writer,
) => {
  const changes = compare(before, after, shape);
  const touched = union(changes.added, changes.modified);
  const conflicts: FieldConflict[] = [];
  const others = managers.map((manager) => {
    if (sameManager(manager, { ...writer, fields: emptySet })) return manager;
    const contested = intersection(manager.fields, touched);
    for (const path of pathsOf(contested)) conflicts.push({ manager, path });
    return { ...manager, fields: difference(difference(manager.fields, contested), changes.removed) };
  });
  return { changes, conflicts, managers: others.filter((manager) => !isEmpty(manager.fields)) };
};

const withWriter = (managers: readonly Manager[], writer: Writer, fields: FieldSet): Manager[] => {
  const index = managers.findIndex((manager) => sameManager(manager, { ...writer, fields }));
  const known = managers[index];
  const entry: Manager = {
    ...writer,
    fields,
    time: known && sameSet(known.fields, fields) ? known.time : writer.time,
  };
  const rest = managers.filter((_, position) => position !== index);
  return isEmpty(fields) ? rest : [...rest, entry];
};

/** The managers after a create, replace or patch. `reset`: fields that this endpoint ignores (status on the main one). */
export const afterUpdate = (
  before: JsonObject,
  after: JsonObject,
  shape: Shape,
  managers: readonly Manager[],
  writer: Writer,
  reset: FieldSet,
): Manager[] => {
  const settled = settle(before, after, shape, managers, writer);
  const own = settled.managers.find((manager) => sameManager(manager, { ...writer, fields: emptySet }));
  const { added, modified, removed } = settled.changes;
  const fields = union(difference(own?.fields ?? emptySet, removed), union(added, modified));
  return withWriter(settled.managers, writer, strip(fields, reset));
};

const strip = (fields: FieldSet, reset: FieldSet): FieldSet =>
  difference(recursiveDifference(fields, reset), unmanaged);

export interface Applied {
  readonly object: JsonObject;
  readonly managers: Manager[];
  /** Fields that others own and that this would change; the caller refuses unless told to force. */
  readonly conflicts: readonly FieldConflict[];
}

/** Server-side apply of `config` to the live object (`{}` when there is none). */
export const afterApply = (
  live: JsonObject,
  config: JsonObject,
  shape: Shape,
  managers: readonly Manager[],
  writer: Writer,
  reset: FieldSet,
): Applied => {
  const merged = merge(live, config, shape);
  const last = managers.find((manager) => sameManager(manager, { ...writer, fields: emptySet }))?.fields;
  const fields = strip(fieldsOf(config, shape), reset);
  const claimed = withWriter(managers, writer, fields);
  const pruned = last && !isEmpty(last) ? prune(merged, shape, last, claimed) : merged;
  const object = isObject(pruned) ? pruned : {};
  const settled = settle(live, object, shape, claimed, writer);
  return { object, managers: settled.managers, conflicts: settled.conflicts };
};

/** Takes away what the manager applied last time, unless it or another still owns it. */
const prune = (
  merged: Json | undefined,
  shape: Shape,
  last: FieldSet,
  managers: readonly Manager[],
): Json | undefined => {
  const named = (set: FieldSet) => withNamedFields(set, shape);
  const all = named(fieldsOf(merged, shape));
  let pruned = without(merged, named(last), shape);
  const owned = managers.map((manager) => manager.fields).reduce(union, emptySet);
  const kept = union(named(fieldsOf(pruned, shape)), named(owned));
  pruned = without(merged, difference(all, kept), shape);
  const left = named(fieldsOf(pruned, shape));
  return without(merged, intersection(difference(all, left), named(last)), shape);
};
