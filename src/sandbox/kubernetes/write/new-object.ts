/** A new object before it is stored: its name, its metadata, and the namespace that it goes into. */
import { randomBytes, randomUUID } from "node:crypto";
import { ApiError, alreadyExists, notFound } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { type Kind, resourceOf, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject, Metadata } from "../object.ts";
import { timeText } from "../time.ts";

const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";
const suffix = (): string =>
  [...randomBytes(5)].map((byte) => suffixLetters[byte % suffixLetters.length]).join("");

/** The metadata of a new object: what the client may not choose is the server's. */
const newMetadata = (
  cluster: Cluster,
  kind: Kind,
  given: Metadata,
  namespace: string | undefined,
): Metadata => {
  const { resourceVersion: _version, managedFields: _fields, generation: _generation, ...rest } = given;
  const { deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, namespace: own, ...kept } = rest;
  if (kind.namespaced && own !== undefined && own !== namespace) {
    throw new ApiError(
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  const generated = given.generateName && !given.name ? `${given.generateName}${suffix()}` : given.name;
  return {
    ...kept,
    name: generated,
    ...(kind.namespaced && namespace ? { namespace } : {}),
    uid: randomUUID(),
    creationTimestamp: timeText(cluster.pace.now()),
  };
};

/** Objects go only into namespaces that exist and are not on their way out. */
export const checkNamespace = (
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  name: string,
): void => {
  if (!kind.namespaced || namespace === undefined) return;
  const found = cluster.objects.get("/namespaces", undefined, namespace);
  if (!found) throw notFound("namespaces", "", namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw new ApiError(
    "Forbidden",
    `${resourceOf(kind)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      group: kind.group,
      kind: kind.plural,
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  );
};

/** A new object as it goes into `store`: its metadata made, its status left out. */
export const prepareNew = (
  cluster: Cluster,
  kind: Kind,
  namespace: string | undefined,
  given: KubernetesObject,
): KubernetesObject => {
  const metadata = newMetadata(cluster, kind, given.metadata, namespace);
  checkNamespace(cluster, kind, namespace, metadata.name);
  const rival = cluster.objects.get(storageOf(kind), metadata.namespace, metadata.name);
  if (rival) throw alreadyExists(kind.plural, kind.group, metadata.name, rival.metadata.deletionTimestamp);
  const { status, ...rest } = given;
  return {
    ...(kind.status ? rest : { ...rest, ...(status === undefined ? {} : { status }) }),
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata,
  };
};
