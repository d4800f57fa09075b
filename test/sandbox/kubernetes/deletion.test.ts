import { expect, test } from "vitest";
import { at, objectsOf } from "../../../src/sandbox/kubernetes/json.ts";
import { runCluster } from "./running-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});
const ownedBy = (owner: { readonly name: string; readonly uid: string }) => ({
  ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", blockOwnerDeletion: true, ...owner }],
});

test("an object with finalizers stays until they are gone", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("m", { finalizers: ["example.test/hold"] }));
  const held = await cluster.call("DELETE", `${maps}/m`);
  expect(at(held.body, "metadata", "deletionTimestamp")).toBe("2026-11-24T06:00:00Z");
  await cluster.call(
    "PATCH",
    `${maps}/m`,
    { metadata: { finalizers: null } },
    { contentType: "application/merge-patch+json" },
  );
  expect((await cluster.call("GET", `${maps}/m`)).status).toBe(404);
});

test("a precondition on another uid or version refuses the deletion", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("m"));
  const uid = await cluster.call("DELETE", `${maps}/m`, { preconditions: { uid: "other" } });
  expect(uid.body).toMatchObject({
    code: 409,
    message: expect.stringContaining("the UID in the precondition (other) does not match the UID in record"),
  });
  const version = await cluster.call("DELETE", `${maps}/m`, { preconditions: { resourceVersion: "1" } });
  expect(version.body).toMatchObject({ code: 409 });
});

const family = async (propagation: string) => {
  const cluster = await runCluster();
  const owner = (await cluster.call("POST", maps, map("owner"))).body;
  const uid = String(at(owner, "metadata", "uid"));
  await cluster.call("POST", maps, map("child", ownedBy({ name: "owner", uid })));
  await cluster.call("DELETE", `${maps}/owner`, { propagationPolicy: propagation });
  await cluster.settle();
  return cluster;
};

test.each(["Background", "Foreground"])(
  "%s deletion takes what the object owned with it",
  async (propagation) => {
    await using cluster = await family(propagation);
    expect((await cluster.call("GET", `${maps}/child`)).status).toBe(404);
    expect((await cluster.call("GET", `${maps}/owner`)).status).toBe(404);
  },
);

test("orphaning leaves dependents, without their owner", async () => {
  await using cluster = await family("Orphan");
  const child = await cluster.read(`${maps}/child`);
  expect(at(child, "metadata", "ownerReferences")).toBeUndefined();
  expect((await cluster.call("GET", `${maps}/owner`)).status).toBe(404);
});

test("foreground deletion waits for a dependent that is held", async () => {
  await using cluster = await runCluster();
  const owner = (await cluster.call("POST", maps, map("owner"))).body;
  const uid = String(at(owner, "metadata", "uid"));
  await cluster.call(
    "POST",
    maps,
    map("child", { ...ownedBy({ name: "owner", uid }), finalizers: ["example.test/hold"] }),
  );
  await cluster.call("DELETE", `${maps}/owner`, { propagationPolicy: "Foreground" });
  await cluster.settle();
  expect((await cluster.call("GET", `${maps}/owner`)).status).toBe(200);
  await cluster.call(
    "PATCH",
    `${maps}/child`,
    { metadata: { finalizers: null } },
    { contentType: "application/merge-patch+json" },
  );
  await cluster.settle();
  expect((await cluster.call("GET", `${maps}/owner`)).status).toBe(404);
});

test("a collection is deleted by selector", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("a", { labels: { x: "1" } }));
  await cluster.call("POST", maps, map("b"));
  const answer = await cluster.call("DELETE", `${maps}?labelSelector=x%3D1`);
  expect(objectsOf(answer.body.items)).toHaveLength(1);
  expect((await cluster.call("GET", `${maps}/a`)).status).toBe(404);
  expect((await cluster.call("GET", `${maps}/b`)).status).toBe(200);
});

test("objects need a namespace that exists and stays", async () => {
  await using cluster = await runCluster();
  const missing = await cluster.call("POST", "/api/v1/namespaces/web/configmaps", map("m"));
  expect(missing.body).toMatchObject({ code: 404, message: 'namespaces "web" not found' });
  await cluster.call("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "web" },
  });
  await cluster.call(
    "POST",
    "/api/v1/namespaces/web/configmaps",
    map("m", { finalizers: ["example.test/hold"] }),
  );
  const deleted = await cluster.call("DELETE", "/api/v1/namespaces/web");
  expect(at(deleted.body, "status", "phase")).toBe("Terminating");
  const late = await cluster.call("POST", "/api/v1/namespaces/web/configmaps", map("n"));
  expect(late.body).toMatchObject({
    code: 403,
    reason: "Forbidden",
    details: { causes: [{ reason: "NamespaceTerminating" }] },
  });
  await cluster.settle();
  expect((await cluster.call("GET", "/api/v1/namespaces/web")).status).toBe(200);
  await cluster.call(
    "PATCH",
    "/api/v1/namespaces/web/configmaps/m",
    { metadata: { finalizers: null } },
    { contentType: "application/merge-patch+json" },
  );
  await cluster.settle();
  expect((await cluster.call("GET", "/api/v1/namespaces/web")).status).toBe(404);
});

test("each namespace has the default account and the authority; default cannot be deleted", async () => {
  await using cluster = await runCluster();
  await cluster.settle();
  expect((await cluster.call("GET", "/api/v1/namespaces/kube-system/serviceaccounts/default")).status).toBe(
    200,
  );
  expect((await cluster.call("GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt")).status).toBe(
    200,
  );
  expect((await cluster.call("DELETE", "/api/v1/namespaces/default")).body).toMatchObject({ code: 403 });
});
