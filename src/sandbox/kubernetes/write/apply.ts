/** Server-side apply. */
import { ApiError, alreadyExists, type Cause, invalid, modified, notFound } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { foreignConflicts, withLastApplied } from "../ssa/last-applied.ts";
import { type Manager, readManagers } from "../ssa/managed-fields.ts";
import { afterApply, type FieldConflict } from "../ssa/update.ts";
import { wrong } from "../validation/causes.ts";
import { prepareNew } from "./new-object.ts";
import type { WriteOptions } from "./options.ts";
import { asObject, checkDeclared, readBody } from "./read-body.ts";
import { resetFields, store } from "./store.ts";
import { combine, find, type Place, writerOf } from "./write.ts";

/** The object after the apply, and whether it was made by it. Conflicts refuse it (409) unless `force`. */
export const apply = (
  cluster: Cluster,
  kind: Kind,
  place: Place,
  config: JsonObject,
  options: WriteOptions,
  force: boolean,
): { readonly object: KubernetesObject; readonly created: boolean } => {
  checkConfiguration(kind, place, config);
  const exists = cluster.objects.get(storageOf(kind), place.namespace, place.name) !== undefined;
  if (!exists && options.subresource !== "") throw notFound(kind.plural, kind.group, place.name);
  const before = exists ? find(cluster, kind, place) : undefined;
  checkVersion(kind, before, config);
  const live = before ? withoutManagers(before) : {};
  const applied = afterApply(
    live,
    ownConfiguration(config, options),
    kind.shape,
    before ? readManagers(before.metadata) : [],
    writerOf(cluster, kind, options, "Apply"),
    resetFields(kind, options),
  );
  const conflicts = foreignConflicts(applied.conflicts, live, kind.shape, options.manager);
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const content = withLastApplied(applied.object, config, options.manager);
  const read = readBody(kind, asObject(content, kind), { ...options, validation: "Ignore" });
  const after = before
    ? combine(kind, before, read, options)
    : prepareNew(cluster, kind, place.namespace, read);
  const object = store({ cluster, kind, before, after, options, managers: () => applied.managers });
  return { object, created: !exists };
};

const checkConfiguration = (kind: Kind, place: Place, config: JsonObject): void => {
  const metadata = objectOf(config.metadata);
  const { name, namespace } = metadata;
  if (name !== undefined && name !== place.name) {
    throw new ApiError(
      "BadRequest",
      `the name of the object (${String(name)}) does not match the name on the URL (${place.name})`,
    );
  }
  if (kind.namespaced && namespace !== undefined && namespace !== place.namespace) {
    throw new ApiError(
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (metadata.managedFields !== undefined) {
    throw new ApiError("BadRequest", "metadata.managedFields must be nil");
  }
  checkDeclared(kind, config);
};

const checkVersion = (kind: Kind, before: KubernetesObject | undefined, config: JsonObject): void => {
  const { uid, resourceVersion, name } = objectOf(config.metadata);
  if (uid !== undefined && uid !== before?.metadata.uid) {
    if (before === undefined) throw alreadyExists(kind.plural, kind.group, textOf(name) ?? "");
    const cause = wrong("metadata.uid", uid, "field is immutable");
    // Found by two validations, one after the other.
    throw invalid(kind.kind, kind.group, before.metadata.name, [cause, cause]);
  }
  if (before && resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
    throw modified(kind.plural, kind.group, before.metadata.name);
  }
};

/** Server-set metadata in a configuration is no wish of its author. */
const ownConfiguration = (config: JsonObject, options: WriteOptions): JsonObject => {
  const {
    resourceVersion: _version,
    uid: _uid,
    creationTimestamp: _created,
    generation: _generation,
    ...metadata
  } = objectOf(config.metadata);
  const { status, ...rest } = config;
  if (options.subresource === "status") {
    const { apiVersion, kind } = config;
    return { apiVersion, kind, metadata, ...(status === undefined ? {} : { status }) };
  }
  return { ...rest, metadata, ...(status === undefined ? {} : { status }) };
};

const withoutManagers = (object: KubernetesObject): JsonObject => {
  const { managedFields: _fields, ...metadata } = object.metadata;
  return { ...object, metadata };
};

const managerText = (manager: Manager): string => {
  const name = JSON.stringify(manager.manager);
  const subresource = manager.subresource ? ` with subresource ${JSON.stringify(manager.subresource)}` : "";
  if (manager.operation === "Apply") return `${name}${subresource}`;
  return `${name}${subresource} using ${manager.apiVersion}`;
};

/** As `fieldmanager.NewConflictError` words it. */
const conflictError = (conflicts: readonly FieldConflict[]): ApiError => {
  const causes = conflicts.map(
    ({ manager, path }): Cause => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${managerText(manager)}`,
      field: path,
    }),
  );
  const [first] = conflicts;
  const byManager = new Map<string, string[]>();
  for (const { manager, path } of conflicts) {
    const text = managerText(manager);
    byManager.set(text, [...(byManager.get(text) ?? []), path]);
  }
  const lines = [...byManager]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([text, paths]) => [`conflicts with ${text}:`, ...paths.map((path) => `- ${path}`)]);
  const message =
    conflicts.length === 1 && first
      ? `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${first.path}`
      : `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
  return new ApiError("Conflict", message, { causes });
};
