/** What steps ask of a Kubernetes API. One client, any kind of object; the cluster is chosen by its Ref's id. */
import type { Secret } from "../../step/secret.ts";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly generation?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly ownerReferences?:
    | readonly { readonly kind: string; readonly name: string; readonly uid: string }[]
    | undefined;
  readonly [field: string]: unknown;
}

export interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface ObjectName extends KindName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/**
 * Every call throws a Failure: 401 `unauthenticated`, 403 `forbidden`, 409 `conflict`, 429 `throttled`, 400 and 422
 * `rejected`, 5xx and resets `transient` (with the code `WebhookNotReady` where an admission webhook can't be reached).
 */
export interface KubernetesClient {
  /** `undefined` when the object, its namespace or its kind is not there. */
  get(name: ObjectName): Promise<KubernetesObject | undefined>;
  /** Empty when the kind is not served. Pages are followed. */
  list(
    kind: KindName,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly KubernetesObject[]>;
  /** Server-side apply with the field manager `provision`, forcing conflicts only when told so. */
  apply(object: KubernetesObject, options?: { force?: boolean; dryRun?: boolean }): Promise<KubernetesObject>;
  create(object: KubernetesObject, options?: { dryRun?: boolean }): Promise<KubernetesObject>;
  /** PUT with the object's `resourceVersion`: 409 when it has changed since. */
  replace(object: KubernetesObject): Promise<KubernetesObject>;
  /** JSON merge patch, of the object or of one of its subresources (`status`, `scale`). */
  patch(
    name: ObjectName,
    patch: unknown,
    options?: { subresource?: "status" | "scale" },
  ): Promise<KubernetesObject>;
  /** Absent is success. */
  delete(
    name: ObjectName,
    options?: {
      propagation?: "Background" | "Foreground" | "Orphan";
      uid?: string;
      resourceVersion?: string;
    },
  ): Promise<void>;
  /** Whether the API serves the kind now (a CRD may have come since the last look). */
  serves(kind: KindName): Promise<boolean>;
  /** Every namespaced and cluster-wide kind that the API serves with the verb `list`. */
  kinds(): Promise<readonly (KindName & { readonly namespaced: boolean })[]>;
  /** Last lines of a pod's log. */
  logs(
    namespace: string,
    pod: string,
    options?: { container?: string; tail?: number },
  ): Promise<readonly string[]>;
  /** As the API server says, `v1.35.4`. */
  version(): Promise<string>;
  /**
   * A kubeconfig for a program of its own (Helm), with this one cluster, absolute paths and a login that is fresh
   * now. Its text holds credentials, so it is a secret.
   */
  kubeconfig(): Promise<Secret>;
}
