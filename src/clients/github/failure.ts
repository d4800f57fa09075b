/**
 * Translates GitHub's answers into Failures. Limits come as 403 or 429:
 * docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
import { z } from "zod";
import { Failure, type FailureKind } from "../../step/failure.ts";

const answerSchema = z.object({
  message: z.string().default(""),
  errors: z.array(z.object({ message: z.string().optional() }).or(z.string())).default([]),
});

const hints: Partial<Record<FailureKind, string>> = {
  unauthenticated: "Set GITHUB_TOKEN, or `credentials.github` in the pipeline, to a token that is valid.",
  forbidden:
    "Give the token Administration: read and write on the repository; an Action's own GITHUB_TOKEN has no such permission.",
  "not-found": "Check the repository's name, and that the token may see it.",
  conflict: "A key opens one repository only: remove it where it is in use, or let another pair be made.",
};

export const failureOf = (status: number, headers: Headers, body: string, resource: string): Failure => {
  const { message, errors } = parsed(body);
  const details = errors.flatMap((error) => (typeof error === "string" ? error : (error.message ?? [])));
  const said = [message, ...details].filter((text) => text).join("; ");
  const kind = kindOf(status, headers, said);
  return new Failure({
    kind,
    code: `github-${status}`,
    message: `GitHub answered ${status} for ${resource}: ${said || "no reason given"}`,
    hint: hints[kind],
    resource,
    requestId: headers.get("x-github-request-id") ?? undefined,
    retryAfter: kind === "throttled" ? retryAfter(headers) : undefined,
  });
};

export const connectionFailure = (error: unknown, resource: string): Failure => {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new Failure(
    {
      kind: "transient",
      code: "github-connection",
      message: `GitHub could not be reached: ${root instanceof Error ? root.message : String(root)}`,
      resource,
    },
    { cause: error },
  );
};

const parsed = (body: string): z.output<typeof answerSchema> => {
  try {
    return answerSchema.parse(JSON.parse(body));
  } catch {
    return { message: "", errors: [] };
  }
};

const kindOf = (status: number, headers: Headers, said: string): FailureKind => {
  const limited = headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after");
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return limited || /rate limit/i.test(said) ? "throttled" : "forbidden";
    case 404:
      return "not-found";
    case 409:
      return "conflict";
    case 422:
      return /already in use/i.test(said) ? "conflict" : "rejected";
    case 429:
      return "throttled";
    default:
      return status >= 500 ? "transient" : "rejected";
  }
};

/** Milliseconds: `retry-after`, else until the limit's reset, counted from the answer's own date. */
const retryAfter = (headers: Headers): number | undefined => {
  const seconds = headers.get("retry-after");
  if (seconds && /^\d+$/.test(seconds)) return Number(seconds) * 1000;
  const wait =
    Number(headers.get("x-ratelimit-reset") ?? Number.NaN) * 1000 - Date.parse(headers.get("date") ?? "");
  return Number.isFinite(wait) ? Math.max(1000, wait) : undefined;
};
