/** Deletion: preconditions, finalizers, propagation. */
import { admit } from "../admission/webhooks.ts";
import { ApiError, conflict } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { DeleteOptions } from "../cluster-api.ts";
import { objectOf } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject, Metadata } from "../object.ts";
import { timeText } from "../time.ts";
import { inProcess } from "./options.ts";
import { find, type Place } from "./write.ts";

/** The object as it was last, and whether it is gone or waits for finalizers. */
export interface Deletion {
  readonly object: KubernetesObject;
  readonly gone: boolean;
}

export const foreground = "foregroundDeletion";
export const orphan = "orphan";
/** Held by definitions until their objects are gone. */
export const cleanup = "customresourcecleanup.apiextensions.k8s.io";

export const remove = (
  cluster: Cluster,
  kind: Kind,
  place: Place,
  options: DeleteOptions,
  dryRun = false,
): Deletion => {
  const object = find(cluster, kind, place);
  checkPreconditions(kind, object, options);
  checkProtected(kind, object);
  admit(cluster, kind, object, undefined, inProcess("delete"));
  const finalizers = [...(object.metadata.finalizers ?? []), ...addedFinalizers(kind, options)];
  const held = finalizers.length > 0 || kind.kind === "Namespace";
  if (dryRun) return { object, gone: !held };
  if (!held) return { object: cluster.objects.remove(storageOf(kind), object), gone: true };
  if (object.metadata.deletionTimestamp !== undefined) return { object, gone: false };
  const metadata: Metadata = {
    ...object.metadata,
    deletionTimestamp: timeText(cluster.pace.now()),
    ...(finalizers.length > 0 ? { finalizers: [...new Set(finalizers)] } : {}),
    ...(kind.generation ? { generation: (object.metadata.generation ?? 0) + 1 } : {}),
    ...(kind.kind === "Namespace" ? {} : { deletionGracePeriodSeconds: 0 }),
  };
  const status =
    kind.kind === "Namespace" ? { status: { ...objectOf(object.status), phase: "Terminating" } } : {};
  return { object: cluster.objects.put(storageOf(kind), { ...object, ...status, metadata }), gone: false };
};

const addedFinalizers = (kind: Kind, options: DeleteOptions): string[] => [
  ...(options.propagation === "Foreground" ? [foreground] : []),
  ...(options.propagation === "Orphan" ? [orphan] : []),
  ...(kind.kind === "CustomResourceDefinition" ? [cleanup] : []),
];

/** Refusals name the kind, where other conflicts name the resource. */
const checkPreconditions = (kind: Kind, object: KubernetesObject, options: DeleteOptions): void => {
  const { uid, resourceVersion, name } = object.metadata;
  const refuse = (text: string) => conflict(kind.kind, kind.group, name, text);
  if (options.uid !== undefined && options.uid !== uid) {
    throw refuse(
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
};

const lasting = new Set(["default", "kube-system", "kube-public"]);

const checkProtected = (kind: Kind, { metadata: { name } }: KubernetesObject): void => {
  if (kind.kind !== "Namespace" || !lasting.has(name)) return;
  throw new ApiError("Forbidden", `namespaces "${name}" is forbidden: this namespace may not be deleted`, {
    name,
    kind: "namespaces",
  });
};
