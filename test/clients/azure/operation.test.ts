import { expect, test } from "vitest";
import { accepted, polled } from "../../../src/clients/azure/operation.ts";

const url = "/subscriptions/s/x?api-version=1";
const answer = (status: number, headers: Record<string, string> = {}, body: unknown = {}) => ({
  status,
  headers,
  body,
});

test("an operation's own address wins over a location, and the service says how long to wait", () => {
  const headers = {
    "azure-asyncoperation": "https://arm/op",
    location: "https://arm/result",
    "retry-after": "7",
  };
  expect(accepted("put", answer(201, headers), url, "x")).toEqual({
    state: "running",
    monitor: "https://arm/op",
    retryAfter: 7000,
  });
  expect(accepted("delete", answer(202, { location: "https://arm/result" }), url, "x")).toMatchObject({
    monitor: "https://arm/result",
  });
});

test("without either, the resource's own state tells", () => {
  const creating = { properties: { provisioningState: "Creating" } };
  expect(accepted("put", answer(200, {}, creating), url, "x")).toMatchObject({
    state: "running",
    monitor: url,
  });
  expect(accepted("put", answer(200, {}, { properties: {} }), url, "x")).toEqual({ state: "done" });
  expect(accepted("delete", answer(200), url, "x")).toEqual({ state: "done" });
  expect(polled(answer(200, {}, creating), url, "x")).toMatchObject({ state: "running", monitor: url });
});

test("a status document ends as succeeded, failed with its own error, or cancelled", () => {
  expect(polled(answer(200, {}, { status: "InProgress" }), "m", "x")).toMatchObject({
    state: "running",
    monitor: "m",
  });
  expect(polled(answer(200, {}, { status: "Succeeded" }), "m", "x")).toEqual({ state: "done" });
  expect(
    polled(
      answer(200, {}, { status: "Failed", error: { code: "SkuNotAvailable", message: "no" } }),
      "m",
      "x",
    ),
  ).toMatchObject({ state: "failed", failure: { kind: "rejected", code: "SkuNotAvailable", message: "no" } });
  expect(polled(answer(200, {}, { status: "Canceled" }), "m", "x")).toMatchObject({
    state: "failed",
    failure: { kind: "transient" },
  });
});

test("an operation that failed for a reason nobody foresaw says where to look, and what the service says beside it", () => {
  const error = {
    code: "ReconcileVMSSAgentPoolFailed",
    message: "Reconcile failed.",
    details: [{ code: "Allocation", message: "no room" }],
  };
  expect(polled(answer(200, {}, { status: "Failed", error }), "m", "/s/x")).toMatchObject({
    failure: { hint: expect.stringContaining("--resource-id /s/x "), evidence: ["Allocation: no room"] },
  });
});

test("a location is polled while it answers 202, and may move", () => {
  expect(polled(answer(202, { location: "n" }), "m", "x")).toMatchObject({ state: "running", monitor: "n" });
  expect(polled(answer(204), "m", "x")).toEqual({ state: "done" });
});

test("a refused write throws what the service says", () => {
  const body = { error: { code: "QuotaExceeded", message: "no" } };
  expect(() => accepted("put", answer(400, {}, body), url, "x")).toThrow("no");
});
