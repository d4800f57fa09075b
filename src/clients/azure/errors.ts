/** Every error of the Azure SDKs as a Failure. Pure: what an error looks like is read, never assumed. */
import { z } from "zod";
import { Failure, type FailureKind } from "../../step/failure.ts";
import { entraError, knownError } from "./error-table.ts";

const serviceError = z.object({ code: z.string().optional(), message: z.string().optional() });

/** What ARM says of an error, in an answer or in the status of an operation. */
export const armError = serviceError.extend({ details: z.array(serviceError).nullish() });
export type ArmError = z.output<typeof armError>;

/** ARM's error body: `{ error: { code, message, details } }`, some services without the envelope. */
const envelope = z.object({ error: armError });
const bare = armError.refine((error) => error.code !== undefined);
const errorBody = z.union([envelope.transform((body) => body.error), bare]);

/** An answer with an error status. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** A Failure from an answer of ARM. `resource` is the ARM id that it was about. */
export const failureOfAnswer = (answer: ErrorAnswer, resource: string): Failure => {
  const parsed = errorBody.safeParse(answer.body);
  const error: ArmError = parsed.success ? parsed.data : {};
  const code = error.code ?? `HTTP${answer.status}`;
  const message = error.message ?? `Azure answered with status ${answer.status}`;
  return failureOfCode(code, message, resource, {
    status: answer.status,
    retryAfter: retryAfterOf(answer.headers),
    requestId: answer.headers["x-ms-request-id"] ?? answer.headers["x-ms-correlation-request-id"],
    evidence: evidenceOf(error),
  });
};

/** The details of an error, one line each. */
export const evidenceOf = ({ details }: ArmError): readonly string[] =>
  (details ?? []).map((detail) => [detail.code, detail.message].filter(Boolean).join(": "));

interface Around {
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
  readonly evidence?: readonly string[];
}

/** A Failure from a service's code and message: of an answer, or of an operation that failed later. */
export const failureOfCode = (
  code: string,
  message: string,
  resource: string,
  around: Around = {},
): Failure => {
  const known = knownError(code, message);
  const kind = around.status === 429 ? "throttled" : (known?.kind ?? kindOfStatus(around.status, message));
  return new Failure({
    kind,
    code,
    message: firstLine(message),
    hint: known?.hint ?? hintOfKind(kind, resource),
    resource,
    requestId: around.requestId,
    retryAfter: around.retryAfter,
    evidence: around.evidence,
  });
};

const runningOperation = /another operation|in progress|being (created|updated|deleted)|try again later/i;

const kindOfStatus = (status: number | undefined, message: string): FailureKind => {
  if (status === undefined) return "rejected";
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 412) return "conflict";
  if (status === 409) return runningOperation.test(message) ? "busy" : "conflict";
  if (status === 429) return "throttled";
  if (status === 408 || status >= 500) return "transient";
  return "rejected";
};

/** What to do about a code that is in no table: where Azure tells more. */
const hintOfKind = (kind: FailureKind, resource: string): string | undefined => {
  const isArmId = resource.startsWith("/");
  switch (kind) {
    case "rejected":
    case "conflict":
      return isArmId
        ? `Azure refuses this as it is, and asking again won't help: compare the message with the step's \`with\`. More stands in the log: \`az monitor activity-log list --resource-id ${resource} --status Failed\`.`
        : "Azure refuses this as it is, and asking again won't help: compare the message with the step's `with`.";
    case "forbidden":
      return "The login lacks a right on what the message names: ask for a role that has it there, and log in again once it is granted.";
    case "unauthenticated":
      return "The login is not valid here: `az login`, and check the tenant.";
    case "not-found":
      return `Nothing is there, or the login can't see it${isArmId ? `: \`az resource show --ids ${resource}\`` : ""}.`;
    case "throttled":
    case "busy":
    case "transient":
    case "replicating":
      return "This passes by itself as a rule: run the same command again. Where it stays, see https://azure.status.microsoft, or ask Azure support with the request id.";
    case "missing-tool":
    case "cancelled":
    case "unexpected":
      return undefined;
  }
};

const firstLine = (message: string): string => message.trim().split(/\r?\n/, 1)[0] ?? "";

/** `Retry-After` and ARM's finer `retry-after-ms`, in milliseconds. A date is left to the caller's own patience. */
export const retryAfterOf = (headers: Readonly<Record<string, string | undefined>>): number | undefined => {
  const milliseconds = headers["retry-after-ms"] ?? headers["x-ms-retry-after-ms"];
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const seconds = headers["retry-after"];
  return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
};

const thrown = z.looseObject({
  name: z.string().optional(),
  code: z.string().optional(),
  message: z.string().default(""),
  statusCode: z.number().optional(),
});

const passingCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "REQUEST_SEND_ERROR",
  "UND_ERR_SOCKET",
]);
const loginErrors = new Set([
  "CredentialUnavailableError",
  "AggregateAuthenticationError",
  "AuthenticationError",
  "AuthenticationRequiredError",
]);
const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

const noLogin =
  "No login was found: `az login`, or set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE.";

/** Entra's own sentence out of MSAL's wrapping, which says trace, correlation and time twice. */
const plainLogin = (message: string): string =>
  /AADSTS\d+: .*?(?= Trace ID:|$)/.exec(message)?.[0] ?? message;

/** A Failure from whatever a call threw. Failures pass through; an abort becomes `cancelled`. */
export const failureOfThrown = (error: unknown, resource: string): Failure => {
  if (error instanceof Failure) return error;
  const { name = "", code = "", message, statusCode } = thrown.catch({ message: String(error) }).parse(error);
  const failure = (kind: FailureKind, as: string, hint?: string, told = firstLine(message)): Failure =>
    new Failure({ kind, code: as, message: plainLogin(told), hint, resource }, { cause: error });
  if (name === "AbortError") return failure("cancelled", "P0800");
  if (loginErrors.has(name)) {
    const entra = entraError(message);
    if (entra) return failure("unauthenticated", entra.code, entra.hint);
    // What the library says of a whole chain that found nothing is its own class's name.
    return name === "AggregateAuthenticationError"
      ? failure("unauthenticated", "P0804", noLogin, "no login to Azure was found")
      : failure("unauthenticated", name, noLogin);
  }
  if (passingCodes.has(code)) return failure("transient", code);
  if (certificateCode.test(code)) {
    return failure(
      "rejected",
      code,
      "The server's certificate is not trusted: set NODE_EXTRA_CA_CERTS to the authority's PEM file.",
    );
  }
  if (statusCode !== undefined)
    return failureOfCode(code || `HTTP${statusCode}`, message, resource, { status: statusCode });
  return failure("unexpected", "P0801");
};
