/**
 * One cluster of the sandbox as its controllers see it: the same storage, admission and defaulting as over HTTP,
 * called in process. Every call is synchronous; a refusal throws an ApiError (its `reason` is `NotFound`,
 * `AlreadyExists`, `Conflict`, `Invalid` ...), as the HTTP client would get it.
 */
import type { ClusterSettings, Pace, World } from "../world.ts";
import type { Json, JsonObject } from "./json.ts";
import type { KindName, KubernetesObject, ObjectDraft, ObjectName } from "./object.ts";

/** One stored change. Objects handed out are shared: copy (`copyOf`) before changing them. */
export interface Change {
  readonly type: "added" | "modified" | "deleted";
  /** The object after the change; as it was last, when deleted. */
  readonly object: KubernetesObject;
  /** The object before the change. Absent when added. */
  readonly previous?: KubernetesObject | undefined;
}

export interface ListOptions {
  /** Without it, every namespace. */
  readonly namespace?: string | undefined;
  /** As in `kubectl -l`: `app=nginx,tier in (a,b),!canary`. */
  readonly labelSelector?: string | undefined;
}

export interface DeleteOptions {
  readonly propagation?: "Background" | "Foreground" | "Orphan" | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** A write that came over HTTP. Reads, and the controllers' own writes, are not in this list. */
export interface RecordedWrite {
  readonly method: string;
  /** Below the cluster's prefix, without query. */
  readonly path: string;
  readonly userAgent: string;
  readonly dryRun: boolean;
  /** The answer's HTTP status. */
  readonly status: number;
}

export interface ClusterApi {
  readonly key: string;
  /** As ARM last asked for them: node resource group, identity, location, pools. */
  readonly settings: ClusterSettings;
  readonly world: World;
  /** Delayed work. It is called off when the cluster goes, and an error in it does not end the process. */
  readonly pace: Pace;

  /** `undefined` when the object, or its kind, is not there. */
  get(name: ObjectName): KubernetesObject | undefined;
  /** Empty when the kind is not served. */
  list(kind: KindName, options?: ListOptions): readonly KubernetesObject[];
  create(object: ObjectDraft, manager?: string): KubernetesObject;
  /** Writes all but the status. With `metadata.resourceVersion` it is refused when the object has changed since. */
  update(object: KubernetesObject, manager?: string): KubernetesObject;
  /** Writes the status alone. Nothing happens, and no change is told, when it is the same already. */
  updateStatus(object: KubernetesObject, manager?: string): KubernetesObject;
  /**
   * Reads the object, lets `change` make its next status from the present one and writes it, whatever happened in
   * between. `undefined` when the object is not there (any more).
   */
  setStatus(
    name: ObjectName,
    change: (status: JsonObject, object: KubernetesObject) => JsonObject,
    manager?: string,
  ): KubernetesObject | undefined;
  /** Server-side apply; conflicts are forced. Repeating it changes nothing and is not told as a change. */
  apply(
    object: ObjectDraft,
    options: { readonly manager: string; readonly subresource?: "status" },
  ): KubernetesObject;
  /** JSON merge patch. */
  patch(name: ObjectName, patch: Json, manager?: string): KubernetesObject;
  /** Absent is success. Finalizers are honoured: the object may stay, with `deletionTimestamp`. */
  delete(name: ObjectName, options?: DeleteOptions): void;

  /** Called after each change is stored, in order, never while another callback runs. Returns how to end it. */
  watch(callback: (change: Change) => void): () => void;
  /** Writes an Event about the object; the same one again only counts up. */
  emitEvent(
    object: KubernetesObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    component?: string,
  ): void;
  /** Adds a line to the log of a pod's container (default: its first). The log dies with the pod. */
  log(namespace: string, pod: string, line: string, container?: string): void;
  logs(namespace: string, pod: string, container?: string): readonly string[];
  /** Whether a webhook Service answers: it has a ready endpoint, and no behaviour says otherwise. */
  webhookReady(namespace: string, service: string): boolean;
  /** Writes over HTTP since the sandbox came up. */
  writes(): readonly RecordedWrite[];
}
