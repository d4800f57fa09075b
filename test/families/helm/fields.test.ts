import { expect, test } from "vitest";
import type { ChartSource } from "../../../src/charts/source.ts";
import type { JsonObject } from "../../../src/clients/helm/client.ts";
import { releaseFields } from "../../../src/families/helm/fields.ts";
import type { HelmActual } from "../../../src/families/helm/observed.ts";
import { valueTree } from "../../../src/families/helm/values.ts";
import { compareFields } from "../../../src/plan/compare.ts";

const pinned: ChartSource = {
  kind: "repository",
  repository: "https://charts.example.org",
  name: "demo",
  version: "1.2.3",
};

const installed: HelmActual = {
  status: "deployed",
  revision: 1,
  source: pinned,
  chart: { name: "demo", version: "1.2.3" },
  values: { replicas: 2 },
  digest: "aaaa",
  currentDigest: "aaaa",
  drift: [],
  extra: undefined,
};

const changes = (
  values: JsonObject,
  actual: HelmActual | undefined,
  chart: ChartSource = pinned,
  effects: Parameters<typeof releaseFields>[0]["effects"] = {},
): readonly string[] =>
  compareFields(
    releaseFields({ chart: () => chart, values: valueTree(() => values), elsewhere: [], effects }, actual),
    actual !== undefined,
  ).changes.map(({ path, effect }) => (effect === "update" ? path : `${path} (${effect})`));

test("the same chart with equal values changes nothing", () => {
  expect(changes({ replicas: 2 }, installed)).toEqual([]);
});

test("each value is a change of its own, by its path", () => {
  expect(changes({ replicas: 3, image: { tag: "2" } }, installed)).toEqual([
    "values.replicas",
    "values.image.tag",
  ]);
});

test("a value that is wanted no more is taken out", () => {
  expect(changes({}, installed)).toEqual(["values.replicas"]);
});

test("the order of keys, a null and an empty object say nothing", () => {
  const actual = { ...installed, values: { a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }] } };
  expect(changes({ list: [{ y: 2, x: 1 }], a: { c: 2, b: 1 }, gone: null, empty: {} }, actual)).toEqual([]);
});

test("a release that is to be made shows chart, version and values", () => {
  expect(changes({ replicas: 2 }, undefined)).toEqual(["chart", "chart.version", "values.replicas"]);
});

test("another version is a change, and says nothing of digests before it is fetched", () => {
  expect(changes({ replicas: 2 }, installed, { ...pinned, version: "1.2.4" })).toEqual(["chart.version"]);
});

test("the same version with another content is a change", () => {
  expect(changes({ replicas: 2 }, { ...installed, currentDigest: "bbbb" })).toEqual(["chart.digest"]);
});

test("where this machine has no chart, its digest is not asked about", () => {
  expect(changes({ replicas: 2 }, { ...installed, currentDigest: undefined })).toEqual([]);
});

test("in the sandbox a mirror's other version, once installed for a pin, is no change", () => {
  expect(changes({ replicas: 2 }, { ...installed, chart: { name: "demo", version: "1.0.0" } })).toEqual([]);
});

test("a chart folder whose files changed is a change", () => {
  const folder: ChartSource = { kind: "folder", path: "./charts/demo" };
  expect(changes({ replicas: 2 }, { ...installed, source: folder, currentDigest: "bbbb" }, folder)).toEqual([
    "chart.digest",
  ]);
});

test("what was changed by hand is named by object and path", () => {
  const drift = [{ path: "Deployment demo spec.replicas", wanted: 2, actual: 5 }];
  expect(changes({ replicas: 2 }, { ...installed, drift })).toEqual(["Deployment demo spec.replicas"]);
});

test("a step says which values do more than an update", () => {
  const effects = { txtOwnerId: { effect: "refuse" as const, reason: "no" } };
  const actual = { ...installed, values: { txtOwnerId: "a" } };
  expect(changes({ txtOwnerId: "b" }, actual, pinned, effects)).toEqual(["values.txtOwnerId (refuse)"]);
});
