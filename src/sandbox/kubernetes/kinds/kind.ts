/** A kind of object as the API serves it, built in or from a CustomResourceDefinition. */
import type { JsonObject } from "../json.ts";
import type { Shape } from "../ssa/shape.ts";

export interface Kind {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** `apps/v1`, `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly listKind: string;
  /** As in paths: `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Whether status has an endpoint of its own, and is left alone by the main one. */
  readonly status: boolean;
  /** Whether there is a `/scale`. */
  readonly scale: boolean;
  /** Whether `metadata.generation` counts changes. */
  readonly generation: boolean;
  readonly shape: Shape;
  /** Name in types.generated.ts, for built-in kinds. */
  readonly type?: string | undefined;
  /** Kinds that answer questions and are never stored (TokenReview): only `create` is served. */
  readonly virtual?: boolean | undefined;
  /** For custom resources: what the definition says of this version. */
  readonly custom?: CustomVersion | undefined;
}

export interface CustomVersion {
  /** `openAPIV3Schema`. */
  readonly schema: JsonObject;
  readonly columns: readonly JsonObject[];
  /** The version that objects are stored in. */
  readonly storage: boolean;
}

/** Where objects of a kind are kept, whatever the version: `apps/deployments`. Both groups of events share one. */
export const storageOf = (kind: Kind): string =>
  kind.group === "events.k8s.io" ? "/events" : `${kind.group}/${kind.plural}`;

/** For paths of errors: `deployments.apps`. */
export const resourceOf = (kind: Kind): string => (kind.group ? `${kind.plural}.${kind.group}` : kind.plural);
