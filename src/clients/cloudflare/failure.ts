/**
 * Translates what the Cloudflare SDK throws into Failures. Codes of the API (`81058`) become `cloudflare-81058`;
 * they are listed with the API's endpoints at developers.cloudflare.com/api and in its error messages.
 */
import { APIConnectionError, APIError, APIUserAbortError } from "cloudflare/core/error";
import { Failure, type FailureDetails, type FailureKind } from "../../step/failure.ts";

/** "Record already exists", "an identical record already exists", and "a CNAME (or A, AAAA) with that host exists". */
const conflictCodes = new Set([81053, 81057, 81058]);
/** "Record does not exist": comes with 404, and with 400 inside a batch. */
const missingCodes = new Set([81044]);
/** "Invalid request headers" and "invalid API token": a token that is none comes back as 400. */
const malformedTokenCodes = new Set([6003, 6111, 1000, 9109]);

const permissionHint =
  "Give the token the permissions Zone:Read and DNS:Edit on this zone: https://dash.cloudflare.com/profile/api-tokens";
const tokenHint =
  "Set CLOUDFLARE_API_TOKEN, or `credentials.cloudflare` in the pipeline, to a valid API token with Zone:Read and DNS:Edit: https://dash.cloudflare.com/profile/api-tokens";

/** `resource` says what was asked about: `zone example.com`, `record www.example.com`. */
export const failureOf = (error: unknown, resource: string): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof APIUserAbortError) {
    return new Failure(
      {
        kind: "cancelled",
        code: "cloudflare-cancelled",
        message: "the request to Cloudflare was cancelled",
      },
      { cause: error },
    );
  }
  if (error instanceof APIConnectionError) {
    return new Failure(
      {
        kind: "transient",
        code: "cloudflare-connection",
        message: `Cloudflare could not be reached: ${rootMessage(error)}`,
        resource,
      },
      { cause: error },
    );
  }
  if (error instanceof APIError) return new Failure(details(error, resource), { cause: error });
  return new Failure(
    {
      kind: "unexpected",
      code: "cloudflare-unexpected",
      message: `the call to Cloudflare failed: ${rootMessage(error)}`,
      resource,
    },
    { cause: error },
  );
};

const details = (error: APIError, resource: string): FailureDetails => {
  const codes = error.errors.map((each) => each.code).filter((code) => code !== undefined);
  const said = error.errors.flatMap((each) => each.message?.replace(/\.$/, "") || []);
  const kind = said.some((text) => /invalid access token/i.test(text))
    ? "unauthenticated"
    : kindOf(error.status, codes);
  const code = codes[0] === undefined ? `cloudflare-http-${error.status ?? 0}` : `cloudflare-${codes[0]}`;
  return {
    kind,
    code,
    message: `Cloudflare answered ${error.status ?? "nothing"} for ${resource}: ${said.join("; ") || "no reason given"}`,
    hint: hintOf(kind),
    resource,
    requestId: error.headers?.get("cf-ray") ?? undefined,
    retryAfter: retryAfter(error.headers),
  };
};

const kindOf = (status: number | undefined, codes: readonly number[]): FailureKind => {
  const has = (set: ReadonlySet<number>) => codes.some((code) => set.has(code));
  if (has(conflictCodes)) return "conflict";
  if (has(missingCodes)) return "not-found";
  switch (status) {
    case undefined:
      return "unexpected";
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 408:
      return "transient";
    case 409:
      return "conflict";
    case 429:
      return "throttled";
    default:
      if (status >= 500) return "transient";
      return has(malformedTokenCodes) ? "unauthenticated" : "rejected";
  }
};

const hintOf = (kind: FailureKind): string | undefined => {
  if (kind === "unauthenticated") return tokenHint;
  return kind === "forbidden" ? permissionHint : undefined;
};

/** Seconds, or a date, which counts from the answer's own date: no clock of ours is asked. */
const retryAfter = (headers: Headers | undefined): number | undefined => {
  const value = headers?.get("retry-after");
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const difference = Date.parse(value) - Date.parse(headers?.get("date") ?? "");
  return Number.isFinite(difference) ? Math.max(0, difference) : undefined;
};

/** The innermost message: `fetch failed` says nothing, its cause does. */
const rootMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message.replace(/\.$/, "");
};
