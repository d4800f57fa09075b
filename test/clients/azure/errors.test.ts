import { expect, test } from "vitest";
import { failureOfAnswer, failureOfThrown, retryAfterOf } from "../../../src/clients/azure/errors.ts";
import { Failure } from "../../../src/step/failure.ts";

const answer = (status: number, code: string, message = "so it is", headers: Record<string, string> = {}) =>
  failureOfAnswer({ status, headers, body: { error: { code, message } } }, "/subscriptions/s");

test.each([
  [400, "QuotaExceeded", "rejected"],
  [409, "SkuNotAvailable", "rejected"],
  [400, "AvailabilityZoneNotSupported", "rejected"],
  [400, "K8sVersionNotSupported", "rejected"],
  [409, "MissingSubscriptionRegistration", "rejected"],
  [403, "AuthorizationFailed", "forbidden"],
  [403, "LinkedAuthorizationFailed", "forbidden"],
  [400, "PrincipalNotFound", "replicating"],
  [409, "OperationNotAllowed", "busy"],
  [409, "AnotherOperationInProgress", "busy"],
  [412, "EtagMismatch", "conflict"],
  [409, "RoleAssignmentExists", "conflict"],
  [500, "AKSCapacityError", "transient"],
  [400, "AksCapacityHeavyUsage", "transient"],
  [409, "AKSOperationPreempted", "transient"],
  [401, "ExpiredAuthenticationToken", "unauthenticated"],
  [404, "SubscriptionNotFound", "rejected"],
])("%i %s is %s, with what to do about it", (status, code, kind) => {
  const failure = answer(status, code);
  expect(failure).toMatchObject({ kind, code });
  expect(failure.hint).toBeTruthy();
});

test.each([
  [400, "rejected"],
  [401, "unauthenticated"],
  [403, "forbidden"],
  [404, "not-found"],
  [409, "conflict"],
  [412, "conflict"],
  [429, "throttled"],
  [500, "transient"],
  [503, "transient"],
])("a code that nobody knows, with status %i, is %s", (status, kind) => {
  expect(answer(status, "SomethingNew").kind).toBe(kind);
});

test.each([
  [400, "az monitor activity-log list --resource-id /subscriptions/s "],
  [401, "az login"],
  [403, "ask for a role"],
  [404, "az resource show --ids /subscriptions/s`"],
  [409, "az monitor activity-log list --resource-id /subscriptions/s "],
  [503, "run the same command again"],
])("a code that nobody knows, with status %i, says where to look", (status, says) => {
  const failure = answer(status, "SomethingNew", "so it is", { "x-ms-request-id": "r-1" });
  expect(failure.hint).toContain(says);
  expect(failure).toMatchObject({ resource: "/subscriptions/s", requestId: "r-1" });
});

test("what is no ARM id is in no activity log", () => {
  const body = { error: { code: "SomethingNew", message: "no" } };
  const failure = failureOfAnswer({ status: 400, headers: {}, body }, "https://v.vault.azure.net/secrets/x");
  expect(failure.hint).toMatch(/^Azure refuses [^`]*`with`\.$/);
});

test("an unknown conflict about a running operation is waited for", () => {
  expect(answer(409, "Conflict", "Another operation is in progress").kind).toBe("busy");
});

test("OperationNotAllowed about a quota is not waited for", () => {
  const failure = answer(
    409,
    "OperationNotAllowed",
    "exceeding approved Total Regional Cores quota. Limit: 10",
  );
  expect(failure.kind).toBe("rejected");
});

test("the request's id, the wait that is asked for, and the details are kept", () => {
  const failure = failureOfAnswer(
    {
      status: 429,
      headers: { "retry-after": "17", "x-ms-request-id": "r-1" },
      body: { error: { code: "Throttled", message: "slow\ndown", details: [{ code: "A", message: "b" }] } },
    },
    "/subscriptions/s",
  );
  expect(failure).toMatchObject({
    kind: "throttled",
    message: "slow",
    retryAfter: 17_000,
    requestId: "r-1",
    evidence: ["A: b"],
  });
});

test("an error without the envelope, and one without any body, are read too", () => {
  const bare = failureOfAnswer(
    { status: 409, headers: {}, body: { code: "OperationNotAllowed", message: "wait" } },
    "x",
  );
  expect(bare).toMatchObject({ kind: "busy", code: "OperationNotAllowed" });
  expect(failureOfAnswer({ status: 502, headers: {}, body: "<html>" }, "x")).toMatchObject({
    kind: "transient",
    code: "HTTP502",
  });
});

test("how long to wait is read in seconds and in milliseconds", () => {
  expect(retryAfterOf({ "retry-after": "2" })).toBe(2000);
  expect(retryAfterOf({ "retry-after-ms": "150", "retry-after": "2" })).toBe(150);
  expect(retryAfterOf({ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" })).toBeUndefined();
});

const named = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name }, more);

test.each([
  [named("CredentialUnavailableError", "no"), "unauthenticated", "CredentialUnavailableError"],
  [
    named("AggregateAuthenticationError", "ChainedTokenCredential authentication failed."),
    "unauthenticated",
    "P0804",
  ],
  [named("AuthenticationError", "AADSTS7000222: expired"), "unauthenticated", "AADSTS7000222"],
  [named("RestError", "reset", { code: "ECONNRESET" }), "transient", "ECONNRESET"],
  [named("RestError", "no route", { code: "REQUEST_SEND_ERROR" }), "transient", "REQUEST_SEND_ERROR"],
  [
    named("RestError", "no trust", { code: "SELF_SIGNED_CERT_IN_CHAIN" }),
    "rejected",
    "SELF_SIGNED_CERT_IN_CHAIN",
  ],
  [named("AbortError", "stopped"), "cancelled", "P0800"],
  [named("TypeError", "boom"), "unexpected", "P0801"],
])("%s is %s", (error, kind, code) => {
  expect(failureOfThrown(error, "x")).toMatchObject({ kind, code });
});

test("a missing login says how to log in", () => {
  expect(failureOfThrown(named("CredentialUnavailableError", "no"), "x").hint).toContain("az login");
  const chain = named("AggregateAuthenticationError", "ChainedTokenCredential authentication failed.");
  expect(failureOfThrown(chain, "x")).toMatchObject({
    message: "no login to Azure was found",
    hint: expect.stringContaining("az login"),
  });
});

test("a Failure passes through as it is", () => {
  const failure = new Failure({ kind: "busy", code: "X", message: "y" });
  expect(failureOfThrown(failure, "x")).toBe(failure);
});
