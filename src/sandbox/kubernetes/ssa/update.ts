/**
 * Who owns which field after a write, and what an apply makes of an object: the updater of structured-merge-diff
 * (`merge/update.go`) as the API server uses it. Versions of a kind convert to one another without change of fields.
 */
import { isObject, type Json, type JsonObject, objectOf, sameJson } from "../json.ts";
import {
  difference,
  emptySet,
  type FieldSet,
  intersection,
  isEmpty,
  pathsOf,
  recursiveDifference,
  union,
} from "./field-set.ts";
import { type Manager, sameManager, unmanaged } from "./managed-fields.ts";
import { merge } from "./merge.ts";
import type { Shape } from "./shape.ts";
import { type Comparison, compare, fieldsOf, withNamedFields, without } from "./typed.ts";

/** Who writes: a Manager without its fields. */
export type Writer = Omit<Manager, "fields" | "time"> & { readonly time: string };

export interface FieldConflict {
  readonly manager: Manager;
  /** `.spec.replicas`, `.spec.template.spec.containers[name="web"].image`. */
  readonly path: string;
}

/** What managers keep once `before` has turned into `after` by somebody else, and where they object. */
const settle = (changes: Comparison, managers: readonly Manager[], but?: Writer) => {
  const touched = union(changes.added, changes.modified);
  const conflicts: FieldConflict[] = [];
  const others = managers.map((manager) => {
    if (but && sameManager(manager, { ...but, fields: emptySet })) return manager;
    const contested = intersection(manager.fields, touched);
    for (const path of pathsOf(contested)) conflicts.push({ manager, path });
    return { ...manager, fields: difference(difference(manager.fields, contested), changes.removed) };
  });
  return { conflicts, managers: others.filter((manager) => !isEmpty(manager.fields)) };
};

const withWriter = (managers: readonly Manager[], entry: Manager): Manager[] => {
  const rest = managers.filter((manager) => !sameManager(manager, entry));
  return isEmpty(entry.fields) ? rest : [...rest, entry];
};

/** `reset`: fields that this endpoint does not write (status on the main one), whatever the object says of them. */
const changesOf = (before: JsonObject, after: JsonObject, shape: Shape, reset: FieldSet): Comparison => {
  const { added, modified, removed } = compare(before, after, shape);
  const written = (set: FieldSet): FieldSet => recursiveDifference(set, reset);
  return { added: written(added), modified: written(modified), removed: written(removed) };
};

/**
 * The managers after a create, replace or patch: the writer takes what it changed, and its time is that of its last
 * change. An object whose managers were taken away stays without any until it is applied.
 */
export const afterUpdate = (
  before: JsonObject,
  after: JsonObject,
  shape: Shape,
  managers: readonly Manager[],
  writer: Writer,
  reset: FieldSet,
): Manager[] => {
  const exists = objectOf(before.metadata).uid !== undefined;
  if (exists && managers.length === 0) return [];
  const changes = changesOf(before, after, shape, reset);
  const { managers: settled } = settle(changes, managers);
  const taken = difference(union(changes.added, changes.modified), unmanaged);
  if (isEmpty(taken)) return settled;
  const own = settled.find((manager) => sameManager(manager, { ...writer, fields: emptySet }));
  return withWriter(settled, { ...writer, fields: union(own?.fields ?? emptySet, taken) });
};

export interface Applied {
  readonly object: JsonObject;
  readonly managers: Manager[];
  /** Fields that others own and that this would change; the caller refuses unless told to force. */
  readonly conflicts: readonly FieldConflict[];
}

/** Who owns what of an object that nobody was tracked on when it is first applied. */
const firstManager = "before-first-apply";

/**
 * Server-side apply of `config` to the live object (`{}` when there is none). The writer's time changes only with the
 * object: one that comes to own what is there already has none.
 */
export const afterApply = (
  live: JsonObject,
  config: JsonObject,
  shape: Shape,
  known: readonly Manager[],
  writer: Writer,
  reset: FieldSet,
): Applied => {
  const first: Writer = { ...writer, manager: firstManager, operation: "Update" };
  const exists = objectOf(live.metadata).uid !== undefined;
  const tracked = known.length > 0 || !exists;
  const managers = tracked ? known : afterUpdate({}, live, shape, [], first, reset);
  const merged = merge(live, config, shape);
  const last = managers.find((manager) => sameManager(manager, { ...writer, fields: emptySet }));
  const fields = difference(recursiveDifference(fieldsOf(config, shape), reset), unmanaged);
  const claimed = withWriter(managers, { ...writer, time: last?.time, fields });
  const pruned = last ? prune(merged, shape, last.fields, claimed) : merged;
  const object = isObject(pruned) ? pruned : {};
  const settled = settle(changesOf(live, object, shape, reset), claimed, writer);
  const changed = !sameJson(live, object);
  return {
    object,
    managers: settled.managers.map((manager) =>
      changed && sameManager(manager, { ...writer, fields: emptySet })
        ? { ...manager, time: writer.time }
        : manager,
    ),
    conflicts: settled.conflicts,
  };
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
