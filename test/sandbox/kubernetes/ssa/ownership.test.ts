/** Who comes to own what, where it is not simply the one who wrote it. */
import { expect, test } from "vitest";
import { at, type JsonObject, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import { runCluster } from "../running-cluster.ts";

const path = "/api/v1/namespaces/default/configmaps/m";
const map = (data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m", ...metadata },
  data,
});
const managersOf = (object: JsonObject) =>
  objectsOf(at(object, "metadata", "managedFields")).map(({ manager, time }) => ({
    manager,
    timed: time !== undefined,
  }));

test("an apply that changes nothing makes an owner without a time", async () => {
  await using cluster = await runCluster();
  await cluster.apply(path, map({ a: "1" }), "fieldManager=one");
  const { body } = await cluster.apply(path, map({ a: "1" }), "fieldManager=two");
  expect(managersOf(body)).toContainEqual({ manager: "two", timed: false });
});

test("what was there when an object without managers is first applied belongs to before-first-apply", async () => {
  await using cluster = await runCluster();
  const merge = { contentType: "application/merge-patch+json" };
  await cluster.apply(path, map({ a: "1" }), "fieldManager=one");
  await cluster.call("PATCH", path, { metadata: { managedFields: [{}] } }, merge);
  const { body } = await cluster.apply(path, map({ b: "1" }), "fieldManager=one");
  expect(managersOf(body).map(({ manager }) => manager)).toEqual(["one", "before-first-apply"]);
});

test("kubectl's apply on the server takes over what its apply on the client made, and nobody else's does", async () => {
  await using cluster = await runCluster();
  const annotation = "kubectl.kubernetes.io/last-applied-configuration";
  const applied = map({ a: "1" }, { annotations: { [annotation]: JSON.stringify(map({ a: "1" })) } });
  await cluster.call(
    "POST",
    "/api/v1/namespaces/default/configmaps?fieldManager=kubectl-client-side-apply",
    applied,
  );
  expect((await cluster.apply(path, map({ a: "2" }), "fieldManager=helm")).status).toBe(409);
  const { status, body } = await cluster.apply(path, map({ a: "2" }), "fieldManager=kubectl");
  expect(status).toBe(200);
  expect(JSON.parse(String(at(body, "metadata", "annotations", annotation)))).toMatchObject({
    data: { a: "2" },
  });
});
