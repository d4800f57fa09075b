import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/sandbox/kubernetes/json.ts";
import { shapeOfType } from "../../../../src/sandbox/kubernetes/kinds/shapes.ts";
import {
  difference,
  fromFieldsV1,
  intersection,
  pathsOf,
  toFieldsV1,
  union,
} from "../../../../src/sandbox/kubernetes/ssa/field-set.ts";
import { merge } from "../../../../src/sandbox/kubernetes/ssa/merge.ts";

const fields: JsonObject = {
  "f:spec": {
    "f:containers": { 'k:{"name":"web"}': { ".": {}, "f:image": {} } },
    "f:finalizers": { 'v:"x"': {} },
    "f:replicas": {},
  },
};

test("FieldsV1 is read and written without loss", () => {
  expect(toFieldsV1(fromFieldsV1(fields))).toEqual(fields);
});

test("paths read as the API server prints them", () => {
  expect(pathsOf(fromFieldsV1(fields))).toEqual([
    '.spec.containers[name="web"]',
    '.spec.containers[name="web"].image',
    '.spec.finalizers[="x"]',
    ".spec.replicas",
  ]);
});

test("union, intersection and difference fit together", () => {
  const all = fromFieldsV1(fields);
  const some = fromFieldsV1({ "f:spec": { "f:replicas": {} } });
  expect(toFieldsV1(union(difference(all, some), intersection(all, some)))).toEqual(fields);
  expect(toFieldsV1(intersection(all, some))).toEqual({ "f:spec": { "f:replicas": {} } });
});

test("a merged list keeps live items in place and takes the configuration's order for shared ones", () => {
  const names = (list: readonly string[]) => list.map((name) => ({ name }));
  const live = { containers: names(["a", "b", "c"]) };
  const config = { containers: names(["c", "n", "a"]) };
  expect(merge(live, config, shapeOfType("V1PodSpec"))).toEqual({ containers: names(["b", "c", "n", "a"]) });
});
