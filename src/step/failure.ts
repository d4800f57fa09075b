/**
 * What went wrong, in the few kinds that decide what happens next. Clients translate every error of an SDK or a
 * tool into a Failure; the runner alone decides on retrying, by `kind`.
 */

export type FailureKind =
  /** Asked too often: wait as long as the service says, then ask again. */
  | "throttled"
  /** Another operation holds the thing: wait for it, observe again, go on if still needed. */
  | "busy"
  /** A fault that passes: reset connections, 5xx, capacity, preemption. */
  | "transient"
  /** Something made a moment ago is not seen everywhere yet (a role, a principal). */
  | "replicating"
  /** Not logged in, or the login has expired. */
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  /** Exists and is not ours, or changed under us. */
  | "conflict"
  /** The service refuses the request as it is; asking again cannot help. */
  | "rejected"
  /** A program or file that is needed on this machine is not there. */
  | "missing-tool"
  | "cancelled"
  /** A bug of ours, or an answer that nobody foresaw. */
  | "unexpected";

export interface FailureDetails {
  readonly kind: FailureKind;
  /** Stable: `P04xx` for ours, or the service's own (`QuotaExceeded`). */
  readonly code: string;
  readonly message: string;
  /** What to do about it, as a sentence; a command where there is one. */
  readonly hint?: string | undefined;
  /** What it was about: an ARM id, `Service kube-system/nginx`, a host. */
  readonly resource?: string | undefined;
  /** The service's id of the request, for a support ticket. */
  readonly requestId?: string | undefined;
  /** How long the service asks to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** What a person would look for next: events, last log lines. One line each. */
  readonly evidence?: readonly string[] | undefined;
}

export class Failure extends Error implements FailureDetails {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly resource: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly evidence: readonly string[];

  constructor(details: FailureDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.kind = details.kind;
    this.code = details.code;
    this.hint = details.hint;
    this.resource = details.resource;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
    this.evidence = details.evidence ?? [];
  }
}

/** Whether trying the same again, later, can help. */
export const isPassing = (kind: FailureKind): boolean => {
  switch (kind) {
    case "throttled":
    case "busy":
    case "transient":
    case "replicating":
      return true;
    case "unauthenticated":
    case "forbidden":
    case "not-found":
    case "conflict":
    case "rejected":
    case "missing-tool":
    case "cancelled":
    case "unexpected":
      return false;
  }
};
