/** What a refusal looks like: the `Status` object of apimachinery, with its reasons and codes. */
import type { JsonObject } from "./json.ts";

export type Reason =
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "AlreadyExists"
  | "Conflict"
  | "Expired"
  | "UnsupportedMediaType"
  | "Invalid"
  | "InternalError"
  /** A failure inside the server that has no reason of its own; answers leave it out. */
  | "Unknown"
  | "Timeout";

/** HTTP codes by reason, as in `apimachinery/pkg/api/errors`. */
const codes: Record<Reason, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
  Unknown: 500,
  Timeout: 504,
};

/** One reason inside a refusal: `{ reason: "FieldValueRequired", message: "Required value", field: "spec.names" }`. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface ErrorDetails {
  /** Object name. */
  readonly name?: string | undefined;
  readonly group?: string | undefined;
  /** Resource (`deployments`), or kind for validation errors. */
  readonly kind?: string | undefined;
  readonly uid?: string | undefined;
  readonly causes?: readonly Cause[] | undefined;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: Reason;
  readonly code: number;
  readonly details: ErrorDetails | undefined;

  constructor(reason: Reason, message: string, details?: ErrorDetails) {
    super(message);
    this.reason = reason;
    this.code = codes[reason];
    this.details = details;
  }

  /** The body of the answer. */
  get status(): JsonObject {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason === "Unknown" ? undefined : this.reason,
      ...(this.details && {
        details: {
          name: this.details.name || undefined,
          group: this.details.group || undefined,
          kind: this.details.kind,
          uid: this.details.uid,
          causes: this.details.causes?.map(({ reason, ...cause }) => ({
            ...(reason === "" ? {} : { reason }),
            ...cause,
          })),
        },
      }),
      code: this.code,
    };
  }
}

/** `deployments.apps "web" not found`; core resources have no group in their name. */
export const notFound = (resource: string, group: string, name: string): ApiError =>
  new ApiError("NotFound", `${qualified(resource, group)} "${name}" not found`, {
    name,
    group,
    kind: resource,
  });

/** `deletionTimestamp`: of the one that is there, when it is on its way out. */
export const alreadyExists = (
  resource: string,
  group: string,
  name: string,
  deletionTimestamp?: string,
): ApiError =>
  new ApiError(
    "AlreadyExists",
    `${deletionTimestamp === undefined ? "" : "object is being deleted: "}${qualified(resource, group)} "${name}" already exists`,
    { name, group, kind: resource },
  );

/** `Operation cannot be fulfilled on deployments.apps "web": …`. */
export const conflict = (resource: string, group: string, name: string, reason: string): ApiError =>
  new ApiError(
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource, group)} "${name}": ${reason}`,
    { name, group, kind: resource },
  );

/** Nothing is served at a path of a built-in group. */
export const noResource = (): ApiError =>
  new ApiError("NotFound", "the server could not find the requested resource", {});

export const noMethod = (): ApiError =>
  new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource", {});

/** No group is served at a path: answered in plain text, by whatever client it is asked. */
export class NoPage extends Error {
  override readonly name = "NoPage";
  constructor() {
    super("404 page not found");
  }
}

/** The object changed since the writer read it. */
export const modified = (resource: string, group: string, name: string): ApiError =>
  conflict(
    resource,
    group,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

/** 422, with one cause for each field: `Deployment.apps "web" is invalid: spec.replicas: Invalid value: ...`. */
export const invalid = (kind: string, group: string, name: string, causes: readonly Cause[]): ApiError => {
  // The same cause found twice is told once in the text.
  const lines = [
    ...new Set(causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : cause.message))),
  ];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new ApiError("Invalid", `${qualified(kind, group)} "${name}" is invalid: ${text}`, {
    name,
    group,
    kind,
    causes,
  });
};

const qualified = (resource: string, group: string): string => (group ? `${resource}.${group}` : resource);
