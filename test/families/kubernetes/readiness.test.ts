/** When an object counts as ready, by what its controller writes. */
import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { readinessOf } from "../../../src/families/kubernetes/readiness.ts";

const custom = (generation: number, status?: object): KubernetesObject => ({
  apiVersion: "example.test/v1",
  kind: "Thing",
  metadata: { name: "one", generation },
  ...(status && { status }),
});
const unseen = {
  ready: false,
  reason: "its controller has not seen the newest settings yet",
  worthWaiting: true,
};

test("A custom resource whose definition defaults observedGeneration is waited for until its controller has seen it", () => {
  expect(readinessOf(custom(1, { observedGeneration: -1 }))).toEqual(unseen);
  expect(readinessOf(custom(1, { observedGeneration: 1 }))).toEqual({ ready: true });
  expect(readinessOf(custom(1))).toEqual({ ready: true });
});

test("What the conditions say of older settings counts for nothing", () => {
  const ready = { type: "Ready", status: "True", reason: "Succeeded", message: "" };
  expect(readinessOf(custom(2, { observedGeneration: 1, conditions: [ready] }))).toEqual(unseen);
  expect(readinessOf(custom(2, { conditions: [{ ...ready, observedGeneration: 1 }] }))).toEqual(unseen);
  expect(readinessOf(custom(2, { conditions: [{ ...ready, observedGeneration: 2 }] }))).toEqual({
    ready: true,
  });

  const stalled = { type: "Stalled", status: "True", reason: "URLInvalid", message: "bad address" };
  expect(readinessOf(custom(2, { observedGeneration: 1, conditions: [stalled] }))).toEqual(unseen);
  expect(
    readinessOf(custom(2, { observedGeneration: 2, conditions: [{ ...stalled, observedGeneration: 1 }] })),
  ).toEqual({ ready: true });
});

test("One that is stalled at its newest settings has failed; one that is not Ready is waited for, with its words", () => {
  const conditions = (type: string, status: string) => [
    { type, status, reason: "Reason", message: "the address is bad", observedGeneration: 2 },
  ];
  expect(
    readinessOf(custom(2, { observedGeneration: -1, conditions: conditions("Stalled", "True") })),
  ).toEqual({
    ready: false,
    reason: "the address is bad",
    worthWaiting: false,
  });
  expect(readinessOf(custom(2, { observedGeneration: 2, conditions: conditions("Ready", "False") }))).toEqual(
    {
      ready: false,
      reason: "the address is bad",
      worthWaiting: true,
    },
  );
});
