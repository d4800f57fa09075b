import { expect, test } from "vitest";
import { jsonPatch, mergePatch } from "../../../../src/sandbox/kubernetes/patch/json-patch.ts";
import { strategicMerge } from "../../../../src/sandbox/kubernetes/patch/strategic.ts";

test("JSON patch adds, removes, replaces, moves and tests", () => {
  const document = { a: { b: [1, 2] }, "x/y": 1 };
  const patched = jsonPatch(document, [
    { op: "test", path: "/a/b/0", value: 1 },
    { op: "add", path: "/a/b/-", value: 3 },
    { op: "add", path: "/a/b/0", value: 0 },
    { op: "remove", path: "/a/b/1" },
    { op: "replace", path: "/x~1y", value: 2 },
    { op: "move", from: "/x~1y", path: "/z" },
  ]);
  expect(patched).toEqual({ a: { b: [0, 2, 3] }, z: 2 });
  expect(document).toEqual({ a: { b: [1, 2] }, "x/y": 1 });
});

test.each([
  ["a failing test", [{ op: "test", path: "/a", value: 2 }]],
  ["a missing path", [{ op: "remove", path: "/b" }]],
])("JSON patch refuses %s", (_what, patch) => {
  expect(() => jsonPatch({ a: 1 }, patch)).toThrow("the server rejected our request");
});

test("a merge patch merges objects, removes by null and replaces lists", () => {
  expect(mergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] })).toEqual({
    a: { c: 2 },
    d: [2],
  });
});

const podSpec = {
  containers: [
    { name: "a", image: "1", ports: [{ containerPort: 80 }] },
    { name: "b", image: "1" },
  ],
};

test("a strategic merge patch merges lists by their key", () => {
  const patch = {
    containers: [
      { name: "b", image: "2" },
      { name: "c", image: "3" },
    ],
  };
  expect(strategicMerge(podSpec, patch, "V1PodSpec")).toEqual({
    containers: [podSpec.containers[0], { name: "b", image: "2" }, { name: "c", image: "3" }],
  });
});

test("its directives delete, replace and order items", () => {
  expect(strategicMerge(podSpec, { containers: [{ name: "a", $patch: "delete" }] }, "V1PodSpec")).toEqual({
    containers: [{ name: "b", image: "1" }],
  });
  expect(
    strategicMerge(podSpec, { containers: [{ $patch: "replace" }, { name: "z" }] }, "V1PodSpec"),
  ).toEqual({
    containers: [{ name: "z" }],
  });
  expect(
    strategicMerge(podSpec, { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] }, "V1PodSpec"),
  ).toEqual({
    containers: [podSpec.containers[1], podSpec.containers[0]],
  });
  const metadata = { finalizers: ["a", "b"] };
  expect(strategicMerge(metadata, { "$deleteFromPrimitiveList/finalizers": ["a"] }, "V1ObjectMeta")).toEqual({
    finalizers: ["b"],
  });
  expect(strategicMerge(metadata, { finalizers: ["c"] }, "V1ObjectMeta")).toEqual({
    finalizers: ["a", "b", "c"],
  });
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } };
  expect(
    strategicMerge(strategy, { $retainKeys: ["type"], type: "Recreate" }, "V1DeploymentStrategy"),
  ).toEqual({ type: "Recreate" });
});
