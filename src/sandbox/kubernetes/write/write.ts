/** Create, replace, patch and apply, for every kind. */
import { ApiError, modified, notFound } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { copyOf, type JsonObject, objectOf, textOf } from "../json.ts";
import { type Kind, resourceOf, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject, Metadata } from "../object.ts";
import { type Manager, readManagers } from "../ssa/managed-fields.ts";
import { afterUpdate, type Writer } from "../ssa/update.ts";
import { timeText } from "../time.ts";
import { wrong } from "../validation/causes.ts";
import { prepareNew } from "./new-object.ts";
import type { WriteOptions } from "./options.ts";
import { readBody } from "./read-body.ts";
import { resetFields, store } from "./store.ts";

/** Where a request's object is: namespace and name of the URL. */
export interface Place {
  readonly namespace: string | undefined;
  readonly name: string;
}

export const writerOf = (
  cluster: Cluster,
  kind: Kind,
  options: WriteOptions,
  operation: "Apply" | "Update",
): Writer => ({
  manager: options.manager,
  operation,
  apiVersion: kind.apiVersion,
  subresource: options.subresource,
  time: timeText(cluster.pace.now()),
});

/** The stored object in the kind's version; throws 404. */
export const find = (cluster: Cluster, kind: Kind, place: Place): KubernetesObject => {
  const object = cluster.objects.get(storageOf(kind), place.namespace, place.name);
  if (!object) throw notFound(kind.plural, kind.group, place.name);
  return object.apiVersion === kind.apiVersion ? object : { ...object, apiVersion: kind.apiVersion };
};

export const create = (
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  body: JsonObject,
  options: WriteOptions,
): KubernetesObject => {
  const after = prepareNew(cluster, kind, namespace, readBody(kind, body, options));
  const writer = writerOf(cluster, kind, options, "Update");
  const reset = resetFields(kind, options);
  const managers = (filled: KubernetesObject) => afterUpdate({}, filled, kind.shape, [], writer, reset);
  return store({ cluster, kind, before: undefined, after, options, managers });
};

/** Refuses a body that names another object, another incarnation or an older version. */
const checkIdentity = (kind: Kind, before: KubernetesObject, given: Metadata, strict: boolean): void => {
  const { name, uid, resourceVersion } = before.metadata;
  if (strict && given.name === "") {
    throw new ApiError(
      "BadRequest",
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (given.name !== "" && given.name !== name) {
    throw new ApiError(
      "BadRequest",
      `the name of the object (${given.name}) does not match the name on the URL (${name})`,
    );
  }
  if (given.uid !== undefined && given.uid !== uid) {
    throw new ApiError(
      "Conflict",
      `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": StorageError: invalid object, Code: 4, Key: /${kind.group}/${kind.plural}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${uid}`,
      { name, group: kind.group, kind: kind.plural },
    );
  }
  if (given.resourceVersion === undefined || given.resourceVersion === "") {
    if (strict && kind.custom) {
      throw new ApiError(
        "Invalid",
        `${resourceOf(kind)} "${name}" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
        {
          name,
          group: kind.group,
          kind: kind.plural,
          causes: [wrong("metadata.resourceVersion", 0, "must be specified for an update")],
        },
      );
    }
    return;
  }
  if (given.resourceVersion !== resourceVersion) throw modified(kind.plural, kind.group, name);
};

/** The new content with the metadata that only the server writes, and without what the endpoint leaves alone. */
export const combine = (
  kind: Kind,
  before: KubernetesObject,
  given: KubernetesObject,
  options: WriteOptions,
): KubernetesObject => {
  if (options.subresource === "status") {
    const { status: _status, ...rest } = before;
    return given.status === undefined ? rest : { ...rest, status: given.status };
  }
  const {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    namespace,
    name,
    resourceVersion,
  } = before.metadata;
  const metadata: Metadata = { ...given.metadata, name };
  const server = {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    namespace,
    resourceVersion,
  };
  for (const [key, value] of Object.entries(server)) {
    if (value === undefined) delete metadata[key];
    else metadata[key] = value;
  }
  const { status, ...rest } = given;
  const kept = kind.status ? before.status : status;
  return { ...rest, ...(kept === undefined ? {} : { status: kept }), metadata };
};

/** The managers that a body starts from: its own `managedFields` when it brings any, an empty entry to reset them. */
const startingManagers = (before: KubernetesObject, given: Metadata): Manager[] => {
  const entries = given.managedFields;
  if (entries?.length === 1 && Object.keys(entries[0] ?? {}).length === 0) return [];
  const own = readManagers(given);
  return own.length > 0 ? own : readManagers(before.metadata);
};

/** Writes `body` over the stored object. `strict`: a PUT, which custom resources want with a resourceVersion. */
export const replace = (
  cluster: Cluster,
  kind: Kind,
  place: Place,
  body: JsonObject,
  options: WriteOptions,
  strict = true,
): KubernetesObject => {
  const before = find(cluster, kind, place);
  const given = readBody(kind, body, options);
  checkIdentity(kind, before, given.metadata, strict);
  const after = combine(kind, before, given, options);
  const writer = writerOf(cluster, kind, options, "Update");
  const managers = (filled: KubernetesObject) =>
    afterUpdate(
      before,
      filled,
      kind.shape,
      startingManagers(before, given.metadata),
      writer,
      resetFields(kind, options),
    );
  return store({ cluster, kind, before, after, options, managers });
};

/** Lets `change` make the new object out of a copy of the stored one. */
export const patch = (
  cluster: Cluster,
  kind: Kind,
  place: Place,
  change: (object: JsonObject) => JsonObject,
  options: WriteOptions,
): KubernetesObject => {
  const before = find(cluster, kind, place);
  const body = change(copyOf<JsonObject>(before));
  const metadata = objectOf(body.metadata);
  const { name } = before.metadata;
  if (textOf(metadata.name) !== name) {
    throw new ApiError(
      "BadRequest",
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${name})`,
    );
  }
  return replace(cluster, kind, place, body, options, false);
};
