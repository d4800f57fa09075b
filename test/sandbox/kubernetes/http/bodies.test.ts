/** What is asked of bodies, paths and lists before any object is looked at. */
import { expect, test } from "vitest";
import { runCluster } from "../running-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

test("a body of another media type is refused, and named types are read", async () => {
  await using cluster = await runCluster();
  const plain = await cluster.call("POST", maps, Buffer.from("key: value"), { contentType: "text/plain" });
  expect(plain).toMatchObject({ status: 415, body: { reason: "UnsupportedMediaType" } });
  const yaml = Buffer.from("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: yaml }\n");
  expect((await cluster.call("POST", maps, yaml, { contentType: "application/yaml" })).status).toBe(201);
});

test("YAML that calls itself JSON is refused with what the parser met", async () => {
  await using cluster = await runCluster();
  const { status, body } = await cluster.call("POST", maps, Buffer.from("kind: ConfigMap"));
  expect(status).toBe(400);
  expect(body.message).toContain("json parse error: invalid character 'k' looking for beginning of value");
});

test("a group that nobody serves has no page; a kind that a known group lacks has a Status", async () => {
  await using cluster = await runCluster();
  expect(await cluster.call("GET", "/apis/nobody.example/v1/things")).toMatchObject({
    status: 404,
    text: "404 page not found\n",
  });
  expect((await cluster.call("GET", "/apis/apps/v1/things")).body).toMatchObject({
    kind: "Status",
    code: 404,
  });
});

test("a kind is selected by fields that it is indexed by, and no others", async () => {
  await using cluster = await runCluster();
  const { status, body } = await cluster.call("GET", `${maps}?fieldSelector=data.key%3D1`);
  expect(status).toBe(400);
  expect(body.message).toContain('"data.key" is not a known field selector');
  expect((await cluster.call("GET", "/api/v1/pods?fieldSelector=status.phase%3DRunning")).status).toBe(200);
});

test("a deletion asks for a policy that there is", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("kept"));
  const { body } = await cluster.call("DELETE", `${maps}/kept`, { propagationPolicy: "Sideways" });
  expect(body).toMatchObject({ code: 422, details: { kind: "DeleteOptions", group: "meta.k8s.io" } });
  expect((await cluster.call("GET", `${maps}/kept`)).status).toBe(200);
});
