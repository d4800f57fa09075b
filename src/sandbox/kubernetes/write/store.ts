/** The last part of every create, update and apply: defaults, validation, admission, ownership, storage. */
import { admitPod } from "../admission/service-account.ts";
import { admit } from "../admission/webhooks.ts";
import { type Cause, invalid } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { definitionCauses } from "../crd/definition.ts";
import { withDefaults } from "../crd/prune.ts";
import { validate } from "../crd/validate.ts";
import { withBuiltInDefaults } from "../defaults/defaults.ts";
import { completed } from "../defaults/registry.ts";
import { type JsonObject, objectOf, sameJson } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { emptySet, type FieldSet, pathSet, union } from "../ssa/field-set.ts";
import { type Manager, writeManagers } from "../ssa/managed-fields.ts";
import { builtInCauses } from "../validation/built-in.ts";
import { metadataCauses, nameCauses } from "../validation/metadata.ts";
import type { WriteOptions } from "./options.ts";
import { asObject } from "./read-body.ts";

export interface Write {
  readonly cluster: Cluster;
  readonly kind: Kind;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject;
  readonly options: WriteOptions;
  /** Who owns what afterwards, given the object with its defaults. */
  readonly managers: (filled: KubernetesObject) => readonly Manager[];
}

/** Fields that an endpoint does not write, and hence nobody owns through it. */
export const resetFields = (kind: Kind, options: WriteOptions): FieldSet => {
  if (options.subresource === "status") return union(pathSet(["f:spec"]), pathSet(["f:metadata"]));
  return kind.status ? pathSet(["f:status"]) : emptySet;
};

/** A copy without managedFields and resourceVersion: what is compared to find out whether anything changed. */
export const substance = (object: KubernetesObject): JsonObject => {
  const { managedFields: _fields, resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
};

/** Stores the object, or answers what would be stored when it is a dry run; the same object again is not stored. */
export const store = (write: Write): KubernetesObject => {
  const { cluster, kind, before, options } = write;
  const defaulted = fillDefaults(write);
  if (!before && kind.kind === "Pod" && kind.group === "") admitPod(cluster, defaulted);
  const filled = complete(write, defaulted);
  const causes = write.options.subresource === "status" && kind.type ? [] : findCauses(write, filled);
  if (causes.length > 0) throw invalid(kind.kind, kind.group, filled.metadata.name, causes);
  const counted = countGeneration(write, filled);
  admit(cluster, kind, before, counted, options);
  const managers = write.managers(defaulted);
  const result = withManagers(counted, managers);
  if (before && sameJson(substance(before), substance(result))) {
    if (sameJson(withoutTimes(before), withoutTimes(result))) return before;
  }
  if (options.dryRun) return result;
  if (before && isFinished(result)) return cluster.objects.remove(storageOf(kind), result);
  return cluster.objects.put(storageOf(kind), result);
};

/** Being deleted, and nothing holds it any more. Namespaces have finalizers in their spec, too. */
const isFinished = (object: KubernetesObject): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  (object.metadata.finalizers ?? []).length === 0 &&
  (object.kind !== "Namespace" || objectOf(object.spec).finalizers === undefined);

const complete = ({ cluster, kind, before }: Write, defaulted: KubernetesObject): KubernetesObject =>
  kind.type
    ? asObject(
        completed(defaulted, before, () => cluster.objects.list("/services")),
        kind,
      )
    : defaulted;

const fillDefaults = ({ kind, before, after }: Write): KubernetesObject => {
  if (kind.type) {
    return asObject(withBuiltInDefaults(after, before), kind);
  }
  const { apiVersion, metadata, kind: name, ...rest } = after;
  const filled = withDefaults(rest, kind.custom?.schema ?? {});
  return { ...objectOf(filled), apiVersion, kind: name, metadata };
};

const findCauses = ({ kind, before, after }: Write, filled: KubernetesObject): Cause[] => {
  const names = [...(before ? [] : nameCauses(kind, after.metadata.name)), ...metadataCauses(after.metadata)];
  if (kind.custom) {
    const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = filled;
    return [...names, ...validate(rest, kind.custom.schema)];
  }
  if (kind.kind === "CustomResourceDefinition") {
    return [...names, ...definitionCauses(filled, before)];
  }
  return [...names, ...builtInCauses(before, filled)];
};

const countGeneration = ({ kind, before }: Write, filled: KubernetesObject): KubernetesObject => {
  if (!kind.generation) return filled;
  const generation = before?.metadata.generation ?? 0;
  const rest = (object: KubernetesObject): JsonObject => {
    const { metadata: _metadata, status: _status, apiVersion: _version, ...others } = object;
    return kind.custom && !kind.status ? { ...others, status: object.status } : others;
  };
  const same = before && sameJson(rest(before), rest(filled));
  const deleted = before && !before.metadata.deletionTimestamp && filled.metadata.deletionTimestamp;
  return {
    ...filled,
    metadata: { ...filled.metadata, generation: same && !deleted ? generation : generation + 1 },
  };
};

const withManagers = (object: KubernetesObject, managers: readonly Manager[]): KubernetesObject => {
  const { managedFields: _fields, ...metadata } = object.metadata;
  const entries = writeManagers(managers);
  return { ...object, metadata: entries.length > 0 ? { ...metadata, managedFields: entries } : metadata };
};

const withoutTimes = (object: KubernetesObject) =>
  (object.metadata.managedFields ?? []).map(({ time: _time, ...entry }) => entry);
