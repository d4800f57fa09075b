/** What Microsoft Graph's refusals mean for a run. The texts are those of the real service. */
import { expect, test } from "vitest";
import { failureOfGraph } from "../../../src/clients/graph/errors.ts";

const refused = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
  failureOfGraph(
    {
      status,
      headers,
      body: { error: { code, message, innerError: { "request-id": "r-1", date: "2026-11-24T15:00:00" } } },
    },
    "applications",
  );

test.each([
  [404, "Request_ResourceNotFound", "Resource 'x' does not exist or one of its queried", "not-found"],
  [403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.", "forbidden"],
  [
    403,
    "Authorization_RequestDenied",
    "When using this permission, the backing application of the service principal being created must in the local tenant",
    "replicating",
  ],
  [
    400,
    "Request_BadRequest",
    "The appId 'x' of the service principal does not reference a valid application object.",
    "replicating",
  ],
  [
    400,
    "Request_BadRequest",
    "Another object with the same value for property uniqueName already exists.",
    "conflict",
  ],
  [
    400,
    "InvalidFederatedIdentityCredentialValue",
    "The combination of issuer and subject must be unique for the application. Issuer a and Subject: b already exist.",
    "conflict",
  ],
  [409, "ObjectConflict", "A conflicting object is present in the directory.", "conflict"],
  [409, "Directory_ConcurrencyViolation", "Concurrency violation.", "busy"],
  [400, "Request_BadRequest", "Invalid property 'color'.", "rejected"],
  [401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.", "unauthenticated"],
  [429, "TooManyRequests", "Too many requests", "throttled"],
  [503, "ServiceNotAvailable", "The service is unavailable.", "transient"],
])("%i %s: %s", (status, code, message, kind) => {
  expect(refused(status, code, message)).toMatchObject({ kind, code, requestId: "r-1" });
});

test("the service says how long to wait", () => {
  const failure = refused(429, "TooManyRequests", "", { "retry-after": "7" });
  expect(failure.retryAfter).toBe(7000);
});

test("an answer that is no Graph's is named by its status", () => {
  const failure = failureOfGraph({ status: 502, headers: { "request-id": "h" }, body: "<html>" }, "x");
  expect(failure).toMatchObject({ kind: "transient", code: "HTTP502", requestId: "h" });
});
