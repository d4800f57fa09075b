/** What the workload controllers share: owned pods, new pods from a template, and what counts as ready. */
import { createHash } from "node:crypto";
import { ApiError } from "../api-error.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { at, canonicalText, type Json, type JsonObject, objectOf, objectsOf, textsOf } from "../json.ts";
import { controlledBy, type KubernetesObject, type ObjectDraft } from "../object.ts";

export const manager = "kube-controller-manager";
export const podKind = { apiVersion: "v1", kind: "Pod" } as const;

/** The owner that controls an object. */
export const controllerOf = (object: KubernetesObject) =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);

/** Objects of a kind that the owner controls and that are not on their way out. */
export const ownedBy = (
  api: ClusterApi,
  kind: { readonly apiVersion: string; readonly kind: string },
  owner: KubernetesObject,
): KubernetesObject[] =>
  api
    .list(kind, { namespace: owner.metadata.namespace })
    .filter((item) => controllerOf(item)?.uid === owner.metadata.uid && !item.metadata.deletionTimestamp);

export const conditionOf = (object: KubernetesObject, type: string): JsonObject | undefined =>
  objectsOf(at(object, "status", "conditions")).find((condition) => condition.type === type);

export const isReady = (pod: KubernetesObject): boolean => conditionOf(pod, "Ready")?.status === "True";

/** A short name for a template's content: letters and digits that no word is made of. */
export const hashOf = (value: Json | undefined): string => {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  const bytes = createHash("sha256").update(canonicalText(value)).digest();
  return [...bytes.subarray(0, 10)].map((byte) => letters[byte % letters.length]).join("");
};

/** A pod of a template. `name` or, with `generateName`, its beginning. */
export const podFrom = (
  owner: KubernetesObject,
  name: { readonly name: string } | { readonly generateName: string },
  extra: { readonly labels?: Record<string, string>; readonly spec?: JsonObject } = {},
): ObjectDraft => {
  const template = objectOf(at(owner, "spec", "template"));
  const metadata = objectOf(template.metadata);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...name,
      namespace: owner.metadata.namespace ?? "default",
      labels: { ...textsOf(metadata.labels), ...extra.labels },
      annotations: textsOf(metadata.annotations),
      ownerReferences: [controlledBy(owner)],
    },
    spec: { ...objectOf(template.spec), ...extra.spec },
  };
};

/**
 * Makes a pod for its owner, and tells so in an Event of it, as the owner's controller does. `undefined` for one that is
 * refused, which is told too; it is tried again when a ServiceAccount comes.
 */
export const makePod = (
  api: ClusterApi,
  owner: KubernetesObject,
  draft: ObjectDraft,
  controller: string,
  made: (name: string) => string = (name) => `Created pod: ${name}`,
): KubernetesObject | undefined => {
  try {
    const pod = api.create(draft, manager);
    api.emitEvent(owner, "Normal", "SuccessfulCreate", made(pod.metadata.name), controller);
    return pod;
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === "Forbidden")) throw error;
    api.emitEvent(owner, "Warning", "FailedCreate", `Error creating: ${error.message}`, controller);
    return undefined;
  }
};

/** The conditions with one set; its transition time moves only when its status does. `time`: RFC 3339. */
export const withCondition = (
  conditions: Json | undefined,
  condition: {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  },
  time: string,
): JsonObject[] => {
  const known = objectsOf(conditions);
  const before = known.find((item) => item.type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? (before.lastTransitionTime ?? time) : time;
  const rest = known.filter((item) => item.type !== condition.type);
  return [...rest, { ...before, ...condition, lastTransitionTime }].sort((a, b) =>
    String(a.type).localeCompare(String(b.type)),
  );
};
