import { expect, test } from "vitest";
import { Hole, type Value } from "../../src/language/value.ts";
import { checkValue, fillDefaults } from "../../src/language/values.ts";
import { Secret } from "../../src/step/secret.ts";
import type { Shape } from "../../src/step/shape.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const inputOf = (type: string): Shape => {
  const step = fixtureManifest[type];
  if (!step) throw new Error(`no step ${type}`);
  return step.input;
};

const hole = new Hole([{ kind: "step", step: "a", output: "b" }], false);
const secretHole = new Hole([{ kind: "secret", name: "token" }], true);
const codesOf = (shape: Shape, value: Value) =>
  checkValue(shape, value).map(({ code, path }) => `${code} ${path}`);

const cluster = inputOf("azure/aks-cluster");
const nginx = inputOf("ingress/nginx");
const group = { kind: "resource-group", name: "rg", id: "/x", location: "y" };

test("a value that fits has no problems; a handle may have more than is needed", () => {
  expect(
    checkValue(cluster, {
      group,
      name: "clu",
      nodes: { count: 3, size: "s" },
      outbound: { type: "nat-gateway" },
    }),
  ).toEqual([]);
});

test("a hole fits anything, and a secret one only a secret", () => {
  expect(checkValue(cluster, { group: hole, name: hole, nodes: hole })).toEqual([]);
  expect(checkValue(nginx, { cluster: hole, token: secretHole })).toEqual([]);
  expect(codesOf(nginx, { cluster: hole, class: secretHole })).toEqual(["P0308 class"]);
});

test("a secret fits only a secret, and only a secret fits one", () => {
  const secret = new Secret("x", "token");
  expect(checkValue(nginx, { cluster: hole, token: secret })).toEqual([]);
  expect(codesOf(nginx, { cluster: hole, class: secret, token: "plain", values: { a: [secret] } })).toEqual([
    "P0308 class",
    "P0309 token",
    "P0308 values",
  ]);
});

test("everything wrong is told with its path", () => {
  expect(
    codesOf(cluster, {
      group: { kind: "cluster", name: "x" },
      nodes: { count: 0.5, cont: 1 },
      access: "root",
      outbound: { type: "load-balancer", addresses: [{ kind: "public-ip" }] },
    }),
  ).toEqual([
    "P0310 group",
    "P0303 name",
    "P0305 nodes.count",
    "P0303 nodes.size",
    "P0302 nodes.cont",
    "P0304 access",
    "P0303 outbound.addresses[0].address",
  ]);
});

test("defaults fill what is missing, in present objects and lists too, and leave holes alone", () => {
  expect(fillDefaults(cluster, { group, name: hole, nodes: { size: "s" } })).toEqual({
    group,
    name: hole,
    nodes: { size: "s", count: 3, spot: false },
    access: "admin",
  });
  expect(fillDefaults(cluster, { group, name: "x", outbound: { type: "nat-gateway" } })).toMatchObject({
    outbound: { type: "nat-gateway", idle: 4 },
  });
  expect(fillDefaults(cluster, hole)).toBe(hole);
});
