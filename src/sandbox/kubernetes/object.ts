/** What every Kubernetes object has: type, metadata, and fields of its own. */
import type { Json, JsonObject } from "./json.ts";

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  [field: string]: Json | undefined;
}

export interface Metadata {
  name: string;
  generateName?: string;
  /** Absent on objects of the whole cluster. */
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  /** Grows with each change outside metadata and status, where the kind counts it. */
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
  [field: string]: Json | undefined;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
  [field: string]: Json | undefined;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time?: string;
  fieldsType: "FieldsV1";
  fieldsV1: JsonObject;
  subresource?: string;
  [field: string]: Json | undefined;
}

/** A kind, as objects name it. */
export interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object, by kind and name. `namespace` is left out for objects of the whole cluster. */
export interface ObjectName extends KindName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The name of an object that is at hand. */
export const nameOf = (object: KubernetesObject): ObjectName => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
});

/** What to write in `ownerReferences` of something that `owner` controls. */
export const controlledBy = (owner: KubernetesObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid ?? "",
  controller: true,
  blockOwnerDeletion: true,
});

/** An object as a behaviour or a client writes it: name and whatever else it sets. */
export interface ObjectDraft {
  apiVersion: string;
  kind: string;
  metadata: DraftMetadata;
  [field: string]: Json | undefined;
}

/** Like Metadata, but `generateName` may stand in for a name. */
export interface DraftMetadata {
  name?: string;
  generateName?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  [field: string]: Json | undefined;
}
