/** `metadata.managedFields` as a list of managers with their field sets, and the fields that nobody manages. */
import type { JsonObject } from "../json.ts";
import { isObject, objectsOf, textOf } from "../json.ts";
import type { ManagedFieldsEntry } from "../object.ts";
import { type FieldSet, fromFieldsV1, isEmpty, pathSet, toFieldsV1, union } from "./field-set.ts";

export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339, whole seconds. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** One and the same manager: an applier whatever its version, an updater for each version of the API. */
export const sameManager = (a: Manager, b: Manager): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === "Apply" || a.apiVersion === b.apiVersion);

export const readManagers = (metadata: JsonObject): Manager[] =>
  objectsOf(metadata.managedFields).flatMap((entry) => {
    const operation = entry.operation;
    if (operation !== "Apply" && operation !== "Update") return [];
    return [
      {
        manager: textOf(entry.manager) ?? "",
        operation,
        apiVersion: textOf(entry.apiVersion) ?? "",
        subresource: textOf(entry.subresource) ?? "",
        time: textOf(entry.time),
        fields: fromFieldsV1(isObject(entry.fieldsV1) ? entry.fieldsV1 : {}),
      },
    ];
  });

/** Ordered as the API server does: appliers first, then by time, then by name. */
export const writeManagers = (managers: readonly Manager[]): ManagedFieldsEntry[] =>
  [...managers]
    .filter((manager) => !isEmpty(manager.fields))
    .sort(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        (a.time ?? "").localeCompare(b.time ?? "") ||
        a.manager.localeCompare(b.manager) ||
        a.apiVersion.localeCompare(b.apiVersion) ||
        a.subresource.localeCompare(b.subresource),
    )
    .map((manager) => ({
      manager: manager.manager,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(manager.fields),
      ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
    }));

/** Fields that the server sets, which are left out of every set (`fieldmanager/stripmeta.go`). */
export const unmanaged: FieldSet = [
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ["f:metadata", "f:name"],
  ["f:metadata", "f:namespace"],
  ["f:metadata", "f:creationTimestamp"],
  ["f:metadata", "f:selfLink"],
  ["f:metadata", "f:uid"],
  ["f:metadata", "f:clusterName"],
  ["f:metadata", "f:generation"],
  ["f:metadata", "f:managedFields"],
  ["f:metadata", "f:resourceVersion"],
]
  .map(pathSet)
  .reduce(union);
