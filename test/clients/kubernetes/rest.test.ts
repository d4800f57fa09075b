/** What the client asks of an API server, and what it makes of the answers. */
import { expect, test } from "vitest";
import { type Asked, apiServer, type Reply } from "./api-server.ts";

const service = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "web", ...more },
});

const name = { apiVersion: "v1", kind: "Service", namespace: "web", name: "nginx" };

const status = (code: number, more: object = {}): Reply => ({
  status: code,
  body: { kind: "Status", status: "Failure", ...more },
});

const answering = (reply: Reply) => (asked: Asked) => (asked.path.includes("/services") ? reply : undefined);

test("a request goes below the server's path, with the token and our user agent", async () => {
  await using server = await apiServer(answering({ body: service("nginx") }));
  const found = await (await server.client()).get(name);
  expect(found?.metadata.name).toBe("nginx");
  const last = server.asked.at(-1);
  expect(last?.path).toBe("/api/v1/namespaces/web/services/nginx");
  expect(last?.headers.authorization).toBe("Bearer canary-token");
  expect(last?.headers["user-agent"]).toMatch(/^provision\/\d+\.\d+\.\d+/);
});

test("an object, a namespace or a kind that is not there is undefined, and deleting it succeeds", async () => {
  await using server = await apiServer(answering(status(404, { reason: "NotFound" })));
  const client = await server.client();
  expect(await client.get(name)).toBeUndefined();
  expect(await client.get({ apiVersion: "example.test/v1", kind: "Nothing", name: "x" })).toBeUndefined();
  expect(await client.list({ apiVersion: "example.test/v1", kind: "Nothing" })).toEqual([]);
  await client.delete(name);
  await client.delete({ apiVersion: "example.test/v1", kind: "Nothing", name: "x" });
});

test("a kind that comes later is found: discovery is kept, and asked again only on a miss", async () => {
  let served = false;
  await using server = await apiServer((asked) => {
    if (asked.path !== "/apis/example.test/v1") return undefined;
    return served
      ? { body: { resources: [{ name: "things", kind: "Thing", namespaced: false, verbs: ["list"] }] } }
      : status(404);
  });
  const client = await server.client();
  const kind = { apiVersion: "example.test/v1", kind: "Thing" };
  expect(await client.serves(kind)).toBe(false);
  served = true;
  expect(await client.serves(kind)).toBe(true);
  expect(await client.serves(kind)).toBe(true);
  expect(server.asked.filter((asked) => asked.path === "/apis/example.test/v1")).toHaveLength(2);
});

test("apply is a server-side apply with the field manager `provision`, forced only when told so", async () => {
  await using server = await apiServer(answering({ body: service("nginx") }));
  const client = await server.client();
  await client.apply(service("nginx"));
  await client.apply(service("nginx"), { force: true, dryRun: true });
  const [plain, forced] = server.asked.filter((asked) => asked.method === "PATCH");
  expect(plain?.headers["content-type"]).toBe("application/apply-patch+yaml");
  expect(Object.fromEntries(plain?.query ?? [])).toEqual({
    fieldManager: "provision",
    fieldValidation: "Strict",
  });
  expect(forced?.query.get("force")).toBe("true");
  expect(forced?.query.get("dryRun")).toBe("All");
});

test("pages of a list are followed, and its items are whole objects", async () => {
  await using server = await apiServer((asked) =>
    asked.path === "/api/v1/services"
      ? asked.query.get("continue") === "next"
        ? { body: { items: [{ metadata: { name: "b" } }] } }
        : { body: { metadata: { continue: "next" }, items: [{ metadata: { name: "a" } }] } }
      : undefined,
  );
  const found = await (await server.client()).list(
    { apiVersion: "v1", kind: "Service" },
    { labelSelector: "a=b" },
  );
  expect(found.map((object) => `${object.apiVersion} ${object.kind} ${object.metadata.name}`)).toEqual([
    "v1 Service a",
    "v1 Service b",
  ]);
  expect(server.asked.at(-1)?.query.get("labelSelector")).toBe("a=b");
});

test("a list that grew too old between pages starts anew once", async () => {
  let expired = false;
  await using server = await apiServer((asked) => {
    if (asked.path !== "/api/v1/services") return undefined;
    if (asked.query.get("continue") !== "next")
      return {
        body: { metadata: { continue: expired ? "" : "next" }, items: [{ metadata: { name: "a" } }] },
      };
    expired = true;
    return status(410, { reason: "Expired" });
  });
  expect(await (await server.client()).list({ apiVersion: "v1", kind: "Service" })).toHaveLength(1);
});

test.each([
  [403, { reason: "Forbidden" }, "forbidden", "Forbidden"],
  [
    403,
    { reason: "Forbidden", details: { causes: [{ reason: "NamespaceTerminating" }] } },
    "busy",
    "NamespaceTerminating",
  ],
  [403, { message: 'admission webhook "a.b" denied the request: no' }, "rejected", "WebhookDenied"],
  [409, { reason: "Conflict" }, "conflict", "Conflict"],
  [410, { reason: "Gone" }, "transient", "Gone"],
  [422, { reason: "Invalid" }, "rejected", "Invalid"],
  [429, { reason: "TooManyRequests" }, "throttled", "TooManyRequests"],
  [
    500,
    { message: 'Internal error: failed calling webhook "webhook.cert-manager.io": EOF' },
    "transient",
    "WebhookNotReady",
  ],
  [
    500,
    {
      message:
        "failed to create typed patch object (web/a; /v1, Kind=ConfigMap): .dataa: field not declared in schema",
    },
    "rejected",
    "UnknownField",
  ],
  [500, { reason: "InternalError" }, "transient", "InternalError"],
  [503, {}, "transient", "Http503"],
])("answer %i %j is a Failure of kind %s", async (code, body, kind, failureCode) => {
  await using server = await apiServer(answering(status(code, body)));
  await expect((await server.client()).apply(service("nginx"))).rejects.toMatchObject({
    kind,
    code: failureCode,
    resource: "Service web/nginx",
  });
});

test("a refusal brings its causes, throttling its time to wait", async () => {
  const details = { causes: [{ field: "spec.ports", message: "Required value" }], retryAfterSeconds: 3 };
  await using server = await apiServer((asked) =>
    asked.method === "PATCH"
      ? status(422, { details })
      : answering({ ...status(429), headers: { "retry-after": "7" } })(asked),
  );
  const client = await server.client();
  await expect(client.apply(service("nginx"))).rejects.toMatchObject({
    evidence: ["spec.ports: Required value"],
  });
  await expect(client.get(name)).rejects.toMatchObject({ kind: "throttled", retryAfter: 7000 });
});

test("a server that nobody listens at is a passing failure that names the host", async () => {
  const server = await apiServer(() => ({ body: { gitVersion: "v1.35.4" } }));
  const client = await server.client();
  await client.version();
  const { host } = new URL(server.url);
  await server[Symbol.asyncDispose]();
  await expect(client.version()).rejects.toMatchObject({
    kind: "transient",
    message: expect.stringContaining(host),
  });
});

test("deleting names how dependants go and what must still hold", async () => {
  await using server = await apiServer(answering({ body: {} }));
  await (await server.client()).delete(name, { propagation: "Foreground", uid: "u1" });
  expect(server.asked.at(-1)?.body).toMatchObject({
    propagationPolicy: "Foreground",
    preconditions: { uid: "u1" },
  });
});

test("kinds are those that can be listed, without subresources", async () => {
  await using server = await apiServer((asked) => {
    if (asked.path === "/api") return { body: { versions: ["v1"] } };
    if (asked.path === "/apis")
      return {
        body: {
          groups: [{ name: "metrics.k8s.io", preferredVersion: { groupVersion: "metrics.k8s.io/v1" } }],
        },
      };
    return asked.path === "/apis/metrics.k8s.io/v1" ? status(503) : undefined;
  });
  expect(await (await server.client()).kinds()).toEqual([
    { apiVersion: "v1", kind: "Namespace", namespaced: false },
    { apiVersion: "v1", kind: "Service", namespaced: true },
  ]);
});

test("a pod's last log lines; a container that has not started has none", async () => {
  await using server = await apiServer((asked) =>
    asked.path.endsWith("/new/log")
      ? status(400)
      : asked.path.endsWith("/log")
        ? { body: "a\nb\n" }
        : undefined,
  );
  const client = await server.client();
  expect(await client.logs("web", "old", { tail: 5 })).toEqual(["a", "b"]);
  expect(await client.logs("web", "new")).toEqual([]);
});
