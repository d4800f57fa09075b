import { expect, test } from "vitest";
import { at, objectOf, objectsOf } from "../../../src/sandbox/kubernetes/json.ts";
import { deployment, runCluster } from "./running-cluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string, data = { a: "1" }) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

test("an object is created, read, replaced and deleted", async () => {
  await using cluster = await runCluster();
  const made = await cluster.call("POST", maps, map("m"));
  expect(made.status).toBe(201);
  expect(at(made.body, "metadata", "uid")).toMatch(/^[0-9a-f-]{36}$/);
  expect((await cluster.read(`${maps}/m`)).data).toEqual({ a: "1" });
  const replaced = await cluster.call("PUT", `${maps}/m`, { ...made.body, data: { a: "2" } });
  expect(replaced.body.data).toEqual({ a: "2" });
  const gone = await cluster.call("DELETE", `${maps}/m`);
  expect(gone.body).toMatchObject({
    kind: "Status",
    status: "Success",
    details: { name: "m", kind: "configmaps" },
  });
  expect((await cluster.call("GET", `${maps}/m`)).body).toMatchObject({
    kind: "Status",
    code: 404,
    reason: "NotFound",
    message: 'configmaps "m" not found',
  });
});

test("a name that is taken is refused", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("m"));
  const again = await cluster.call("POST", maps, map("m"));
  expect(again.body).toMatchObject({
    code: 409,
    reason: "AlreadyExists",
    message: 'configmaps "m" already exists',
  });
});

test("a replace with an old resourceVersion is a conflict, one without goes through", async () => {
  await using cluster = await runCluster();
  const first = (await cluster.call("POST", maps, map("m"))).body;
  await cluster.call("PUT", `${maps}/m`, { ...first, data: { a: "2" } });
  const late = await cluster.call("PUT", `${maps}/m`, { ...first, data: { a: "3" } });
  expect(late.body).toMatchObject({
    code: 409,
    reason: "Conflict",
    message:
      'Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again',
  });
  expect((await cluster.call("PUT", `${maps}/m`, map("m", { a: "4" }))).status).toBe(200);
});

test("a write that changes nothing keeps the resourceVersion", async () => {
  await using cluster = await runCluster();
  const first = (await cluster.call("POST", maps, map("m"))).body;
  const second = (await cluster.call("PUT", `${maps}/m`, first)).body;
  expect(at(second, "metadata", "resourceVersion")).toBe(at(first, "metadata", "resourceVersion"));
});

test("generateName gives each object a name of its own", async () => {
  await using cluster = await runCluster();
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "job-" } };
  const names = await Promise.all(
    [1, 2, 3].map(async () => at((await cluster.call("POST", maps, body)).body, "metadata", "name")),
  );
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^job-[a-z0-9]{5}$/);
});

test("a dry run answers what would be and stores nothing", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call("POST", `${maps}?dryRun=All`, map("m"));
  expect(answer.status).toBe(201);
  expect((await cluster.call("GET", `${maps}/m`)).status).toBe(404);
  await cluster.call("POST", maps, map("m"));
  await cluster.call("DELETE", `${maps}/m?dryRun=All`);
  expect((await cluster.call("GET", `${maps}/m`)).status).toBe(200);
});

test("a wrong token is refused with a Status", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call("GET", "/api/v1/nodes", undefined, { token: "nobody" });
  expect(answer.body).toMatchObject({
    kind: "Status",
    code: 401,
    reason: "Unauthorized",
    message: "Unauthorized",
  });
});

test("the main endpoint leaves status alone and the status endpoint leaves the rest alone", async () => {
  await using cluster = await runCluster();
  const path = "/apis/apps/v1/namespaces/default/deployments";
  const made = (await cluster.call("POST", path, { ...deployment("d"), status: { replicas: 9 } })).body;
  expect(at(made, "status", "replicas")).toBeUndefined();
  const status = {
    ...made,
    spec: { ...objectOf(deployment("d", { replicas: 7 }).spec) },
    status: { replicas: 2 },
  };
  const after = (await cluster.call("PUT", `${path}/d/status`, status)).body;
  expect(at(after, "status", "replicas")).toBe(2);
  expect(at(after, "spec", "replicas")).toBe(2);
  expect(at(after, "metadata", "generation")).toBe(1);
  const scaled = (
    await cluster.call(
      "PATCH",
      `${path}/d`,
      { spec: { replicas: 3 } },
      { contentType: "application/merge-patch+json" },
    )
  ).body;
  expect(at(scaled, "metadata", "generation")).toBe(2);
  expect(at(scaled, "status", "replicas")).toBe(2);
});

test("lists are paged and selected by labels and fields", async () => {
  await using cluster = await runCluster();
  for (const name of ["a", "b", "c"]) {
    await cluster.call("POST", maps, {
      ...map(name),
      metadata: { name, labels: { tier: name === "a" ? "x" : "y" } },
    });
  }
  const names = async (query: string) =>
    objectsOf((await cluster.read(`${maps}?${query}`)).items).map((item) => at(item, "metadata", "name"));
  expect(await names("labelSelector=tier%3Dy")).toEqual(["b", "c"]);
  expect(await names("labelSelector=tier+notin+(y),tier")).toEqual(["a"]);
  expect(await names("fieldSelector=metadata.name%3Db")).toEqual(["b"]);
  const page = await cluster.read(`${maps}?limit=2&labelSelector=tier`);
  expect(objectsOf(page.items)).toHaveLength(2);
  const rest = await names(`limit=2&labelSelector=tier&continue=${at(page, "metadata", "continue")}`);
  expect(rest).toEqual(["c"]);
});

test("what a kind does not know is refused when strict, told when warned, dropped either way", async () => {
  await using cluster = await runCluster();
  const path = "/apis/apps/v1/namespaces/default/deployments";
  const body = deployment("d", { replica: 3 });
  const strict = await cluster.call("POST", `${path}?fieldValidation=Strict`, body);
  expect(strict.body).toMatchObject({
    code: 400,
    reason: "BadRequest",
    message: expect.stringContaining('strict decoding error: unknown field "spec.replica"'),
  });
  const warned = await cluster.call("POST", path, body);
  expect(warned.status).toBe(201);
  expect(warned.headers.get("warning")).toContain('unknown field \\"spec.replica\\"');
  expect(at(warned.body, "spec", "replica")).toBeUndefined();
});

test("a value of the wrong type is refused", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call(
    "POST",
    "/apis/apps/v1/namespaces/default/deployments",
    deployment("d", { replicas: "two" }),
  );
  expect(answer.body).toMatchObject({
    code: 400,
    message: expect.stringContaining("cannot unmarshal string"),
  });
});

test("all errors of an invalid object are told at once, each with its field", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call("POST", "/apis/apps/v1/namespaces/default/deployments", {
    ...deployment("d"),
    spec: {
      selector: { matchLabels: { app: "other" } },
      template: { metadata: { labels: { app: "d" } }, spec: { containers: [{ name: "c" }] } },
    },
  });
  expect(answer.status).toBe(422);
  expect(objectsOf(at(answer.body, "details", "causes")).map((cause) => cause.field)).toEqual([
    "spec.template.metadata.labels",
    "spec.template.spec.containers[0].image",
  ]);
});

test("a Deployment's selector cannot change", async () => {
  await using cluster = await runCluster();
  const path = "/apis/apps/v1/namespaces/default/deployments";
  await cluster.call("POST", path, deployment("d"));
  const changed = deployment("d");
  const answer = await cluster.call("PUT", `${path}/d`, {
    ...changed,
    spec: {
      selector: { matchLabels: { app: "e" } },
      template: { metadata: { labels: { app: "e" } }, spec: { containers: [{ name: "c", image: "i" }] } },
    },
  });
  expect(answer.body).toMatchObject({ code: 422, message: expect.stringContaining("field is immutable") });
});

test("writes are recorded with who made them and whether they were dry runs", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", maps, map("m"), { userAgent: "provision/1" });
  await cluster.call("POST", `${maps}?dryRun=All`, map("n"), { userAgent: "Helm/4" });
  await cluster.call("GET", `${maps}/m`);
  expect(cluster.api.writes()).toEqual([
    { method: "POST", path: maps, userAgent: "provision/1", dryRun: false, status: 201 },
    { method: "POST", path: maps, userAgent: "Helm/4", dryRun: true, status: 201 },
  ]);
});

test("a field given twice is refused when strict", async () => {
  await using cluster = await runCluster();
  const text =
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","b":"{,}","a":"2"}}';
  const strict = await cluster.call("POST", `${maps}?fieldValidation=Strict`, Buffer.from(text));
  expect(strict.body.message).toContain('strict decoding error: duplicate field "data.a"');
  const warned = await cluster.call("POST", maps, Buffer.from(text));
  expect(warned.headers.get("warning")).toContain('duplicate field \\"data.a\\"');
  expect(warned.body.data).toEqual({ a: "2", b: "{,}" });
});
