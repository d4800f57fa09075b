import { expect, test } from "vitest";
import type { Json } from "../../../src/clients/helm/client.ts";
import {
  leavesOf,
  mappedTree,
  mergeTrees,
  pathOf,
  valuesOf,
  valueTree,
} from "../../../src/families/helm/values.ts";

const unknown = (): Json => {
  throw new Error("not known yet");
};

test("mapped paths become nested values, and undefined leaves a value to the chart", () => {
  const tree = mappedTree({
    "controller.replicaCount": () => 2,
    "controller.name": () => undefined,
    a: () => [1],
  });
  expect(valuesOf(tree)).toEqual({ controller: { replicaCount: 2 }, a: [1] });
});

test("what users write is merged last, key by key; lists are replaced", () => {
  const mapped = mappedTree({
    "controller.replicaCount": () => 2,
    "controller.metrics.enabled": () => true,
    list: () => [1, 2],
  });
  const free = valueTree(() => ({ controller: { replicaCount: 5 }, list: [3] }));
  expect(valuesOf(mergeTrees(mapped, free))).toEqual({
    controller: { replicaCount: 5, metrics: { enabled: true } },
    list: [3],
  });
});

test("an object inside a mapped value merges with what users write there", () => {
  const mapped = mappedTree({ "service.annotations": () => ({ "a.b/c": "1", "a.b/d": "2" }) });
  const free = valueTree(() => ({ service: { annotations: { "a.b/d": "3" } } }));
  expect(valuesOf(mergeTrees(mapped, free))).toEqual({
    service: { annotations: { "a.b/c": "1", "a.b/d": "3" } },
  });
});

test("no values of the user's own change nothing", () => {
  const mapped = mappedTree({ "a.b": () => 1 });
  expect(
    valuesOf(
      mergeTrees(
        mapped,
        valueTree(() => ({})),
      ),
    ),
  ).toEqual({ a: { b: 1 } });
});

test("a value that is not known yet defers itself alone", () => {
  const tree = mergeTrees(
    mappedTree({ "a.known": () => 1, "a.unknown": unknown }),
    valueTree(() => ({
      get free() {
        return unknown();
      },
      other: 2,
    })),
  );
  const known = leavesOf(tree).flatMap(({ keys, read }) => {
    try {
      return [`${pathOf(keys)}=${read()}`];
    } catch {
      return [];
    }
  });
  expect(leavesOf(tree).map(({ keys }) => pathOf(keys))).toEqual(["a.known", "a.unknown", "free", "other"]);
  expect(known).toEqual(["a.known=1", "other=2"]);
  expect(() => valuesOf(tree)).toThrow("not known yet");
});

test("keys that are no plain words are set apart in a path", () => {
  expect(pathOf(["controller", "annotations", "a.b/c", "d"])).toBe('controller.annotations["a.b/c"].d');
});
