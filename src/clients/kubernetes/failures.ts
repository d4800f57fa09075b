/**
 * Translates answers of a Kubernetes API into Failures. Reasons and causes:
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go
 */
import { z } from "zod";
import { Failure, type FailureKind } from "../../step/failure.ts";

const statusSchema = z.looseObject({
  message: z.string().default(""),
  reason: z.string().default(""),
  details: z
    .looseObject({
      retryAfterSeconds: z.number().optional(),
      causes: z
        .array(
          z.looseObject({
            reason: z.string().default(""),
            message: z.string().default(""),
            field: z.string().default(""),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

export interface ErrorAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter?: string | undefined;
  readonly requestId?: string | undefined;
}

interface Verdict {
  readonly kind: FailureKind;
  readonly code: string;
  readonly hint?: string | undefined;
}

const unreachableWebhook = /failed calling webhook|conversion webhook for .* failed/;
/** Server-side apply answers 500 to a field that the kind does not have; asking again cannot help. */
const unknownField = /failed to create typed patch object/;
const refusingWebhook = /admission webhook .* denied the request/;

const judge = (status: number, reason: string, message: string, causes: readonly string[]): Verdict => {
  // A namespace that is going away refuses new objects with 403, which passes once it is gone.
  if (causes.includes("NamespaceTerminating")) return { kind: "busy", code: "NamespaceTerminating" };
  if (refusingWebhook.test(message)) return { kind: "rejected", code: "WebhookDenied" };
  if (unknownField.test(message)) return { kind: "rejected", code: "UnknownField" };
  if (status >= 500 && unreachableWebhook.test(message))
    return { kind: "transient", code: "WebhookNotReady" };
  switch (status) {
    case 401:
      return { kind: "unauthenticated", code: reason || "Unauthorized" };
    case 403:
      return {
        kind: "forbidden",
        code: reason || "Forbidden",
        hint: "Give the login of this cluster a role that allows it, or use `access: admin`.",
      };
    case 404:
      return { kind: "not-found", code: reason || "NotFound" };
    case 409:
      return { kind: "conflict", code: reason || "Conflict" };
    case 410:
      return { kind: "transient", code: reason || "Expired" };
    case 429:
      return { kind: "throttled", code: reason || "TooManyRequests" };
    case 408:
      return { kind: "transient", code: reason || "Timeout" };
    case 501:
      return { kind: "rejected", code: reason || "NotImplemented" };
    default:
      if (status >= 500) return { kind: "transient", code: reason || `Http${status}` };
      if (status >= 400) return { kind: "rejected", code: reason || `Http${status}` };
      return { kind: "unexpected", code: `Http${status}` };
  }
};

const parseStatus = (text: string): z.output<typeof statusSchema> => {
  try {
    const parsed = statusSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return { message: text.slice(0, 300).trim(), reason: "" };
};

/** Milliseconds from a `Retry-After` header, which is a number of seconds or a date. */
const retryAfterMilliseconds = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined || header === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

/** @param resource what was asked for: `ClusterIssuer letsencrypt`, `Service web/nginx`. */
export const failureOf = (answer: ErrorAnswer, resource: string, now: number): Failure => {
  const { message, reason, details } = parseStatus(answer.text);
  const causes = details?.causes ?? [];
  const verdict = judge(
    answer.status,
    reason,
    message,
    causes.map((cause) => cause.reason),
  );
  const seconds = details?.retryAfterSeconds;
  return new Failure({
    ...verdict,
    message: message || `the Kubernetes API answered ${answer.status}`,
    resource,
    requestId: answer.requestId,
    retryAfter: retryAfterMilliseconds(answer.retryAfter, now) ?? (seconds ? seconds * 1000 : undefined),
    evidence: causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : cause.message)),
  });
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** A request that got no answer. A certificate that is not trusted does not pass by waiting; all else may. */
export const connectionFailure = (error: unknown, server: string, resource: string): Failure => {
  const code = codeOf(error) || "ConnectionFailed";
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code);
  const host = URL.canParse(server) ? new URL(server).host : server;
  return new Failure(
    {
      kind: untrusted ? "rejected" : "transient",
      code,
      message: `no answer from the Kubernetes API at ${host}: ${error instanceof Error ? error.message : code}`,
      resource,
      hint: untrusted
        ? "The server's certificate is not signed by the authority in the kubeconfig."
        : undefined,
    },
    { cause: error },
  );
};
