import { expect, test } from "vitest";
import { cloudflare, cloudflareWith } from "../../../src/clients/cloudflare/cloudflare.ts";
import { cloudflareClient, zoneCandidates } from "../../../src/clients/cloudflare/sdk.ts";
import type { Environment } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";
import { Secret } from "../../../src/step/secret.ts";

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly token: string | null;
  readonly body: unknown;
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A client whose calls are kept and answered here. */
const recording = (answer: (call: Call) => Answer) => {
  const calls: Call[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const call = {
      method: init?.method?.toUpperCase() ?? "GET",
      url: new URL(input instanceof Request ? input.url : input),
      token: new Headers(init?.headers).get("authorization"),
      body: typeof init?.body === "string" ? JSON.parse(init.body) : undefined,
    };
    calls.push(call);
    const { status = 200, body = {}, headers = {} } = answer(call);
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
  };
  return { calls, client: cloudflareClient({ token: new Secret("canary-token\n", "TEST"), fetch }) };
};

const result = (value: unknown) => ({ body: { success: true, errors: [], messages: [], result: value } });
const refusal = (status: number, code: number, message: string, headers = {}): Answer => ({
  status,
  headers: { "cf-ray": "ray-1", ...headers },
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
});
const failureFrom = async (promise: Promise<unknown>): Promise<Failure> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error("a Failure was expected");
  return error;
};

const zone = {
  id: "z1",
  name: "example.com",
  status: "active",
  paused: false,
  name_servers: ["a.ns", "b.ns"],
};

test("a name belongs to the longest zone that it ends with", async () => {
  expect(zoneCandidates("*.a.B.example.com.")).toEqual(["a.b.example.com", "b.example.com", "example.com"]);
  const { client, calls } = recording(({ url }) =>
    result(url.searchParams.get("name") === "example.com" ? [zone] : []),
  );
  expect(await client.zones.find("www.dev.example.com")).toEqual({
    id: "z1",
    name: "example.com",
    status: "active",
    paused: false,
    nameServers: ["a.ns", "b.ns"],
    permissions: [],
  });
  expect(calls.map((call) => call.url.searchParams.get("name"))).toEqual([
    "www.dev.example.com",
    "dev.example.com",
    "example.com",
  ]);
  expect(await client.zones.find("example.org")).toBeUndefined();
});

test("a token of one zone, refused an answer about a longer name, still finds its zone", async () => {
  const { client } = recording(({ url }) => {
    const name = url.searchParams.get("name");
    if (name === "www.example.com") return refusal(403, 0, "requires permission to list zones");
    return result(name === "example.com" ? [zone] : []);
  });
  expect((await client.zones.find("www.example.com"))?.id).toBe("z1");
});

test("the token goes into the header without its newline, to Cloudflare's own address", async () => {
  const { client, calls } = recording(() => result([]));
  await client.zones.list();
  expect(calls[0]?.token).toBe("Bearer canary-token");
  expect(calls[0]?.url.href).toMatch(/^https:\/\/api\.cloudflare\.com\/client\/v4\/zones\?/);
});

test("records are listed over all pages, filtered by exact name and the beginning of the comment", async () => {
  const page = (number: number) => ({
    id: `r${number}`,
    name: "www.example.com",
    type: "A",
    content: "52.0.0.1",
    ttl: 1,
  });
  const { client, calls } = recording(({ url }) => {
    const number = Number(url.searchParams.get("page") ?? "1");
    return {
      body: {
        success: true,
        result: [page(number)].slice(0, number > 3 ? 0 : 1),
        result_info: { page: number, per_page: 1, total_pages: 3, total_count: 3, count: 1 },
      },
    };
  });
  const records = await client.records.list("z1", { name: "www.example.com", comment: "provision " });
  expect(records.map((record) => record.id)).toEqual(["r1", "r2", "r3"]);
  expect(records[0]).toEqual({
    id: "r1",
    name: "www.example.com",
    type: "A",
    content: "52.0.0.1",
    ttl: 1,
    proxied: false,
    comment: "",
    priority: undefined,
  });
  expect(calls[0]?.url.searchParams.get("name.exact")).toBe("www.example.com");
  expect(calls[0]?.url.searchParams.get("comment.startswith")).toBe("provision ");
});

test("`proxied` is sent only for types that Cloudflare proxies", async () => {
  const { client, calls } = recording(() =>
    result({ id: "r1", name: "n", type: "TXT", content: "x", ttl: 1 }),
  );
  const record = { name: "n.example.com", content: "x", ttl: 60, proxied: false, comment: "c" } as const;
  await client.records.create("z1", { ...record, type: "TXT" });
  await client.records.update("z1", "r1", { ...record, type: "A", content: "52.0.0.1" });
  expect(calls.map((call) => [call.method, call.url.pathname, call.body])).toEqual([
    [
      "POST",
      "/client/v4/zones/z1/dns_records",
      { name: "n.example.com", type: "TXT", content: "x", ttl: 60, comment: "c" },
    ],
    [
      "PUT",
      "/client/v4/zones/z1/dns_records/r1",
      { name: "n.example.com", type: "A", content: "52.0.0.1", ttl: 60, comment: "c", proxied: false },
    ],
  ]);
});

test("a batch is sent in parts of 200 operations, deletes first", async () => {
  const { client, calls } = recording(() => result({}));
  const creates = Array.from({ length: 150 }, (_, index) => ({
    name: `n${index}.example.com`,
    type: "A" as const,
    content: "52.0.0.1",
    ttl: 1,
    proxied: false,
    comment: "",
  }));
  await client.records.batch("z1", {
    deletes: Array.from({ length: 150 }, (_, index) => `r${index}`),
    creates,
  });
  const sizes = calls.map(({ body }) => [
    Reflect.get(Object(body), "deletes").length,
    Reflect.get(Object(body), "posts").length,
  ]);
  expect(sizes).toEqual([
    [150, 50],
    [0, 100],
  ]);
  await client.records.batch("z1", {});
  expect(calls).toHaveLength(2);
});

test("deleting what is gone is success", async () => {
  const { client } = recording(() => refusal(404, 81044, "Record does not exist."));
  await expect(client.records.delete("z1", "r1")).resolves.toBeUndefined();
});

test("nothing is retried here: the runner owns the budget", async () => {
  const { client, calls } = recording(() => refusal(503, 7000, "Service unavailable"));
  expect((await failureFrom(client.zones.list())).kind).toBe("transient");
  expect(calls).toHaveLength(1);
});

test.each([
  [refusal(401, 1000, "Invalid API Token"), "unauthenticated", "cloudflare-1000"],
  [refusal(400, 6003, "Invalid request headers"), "unauthenticated", "cloudflare-6003"],
  [refusal(403, 9109, "Unauthorized to access requested resource"), "forbidden", "cloudflare-9109"],
  [refusal(400, 81058, "An identical record already exists."), "conflict", "cloudflare-81058"],
  [refusal(400, 81057, "The record already exists."), "conflict", "cloudflare-81057"],
  [refusal(400, 9005, "Content for A record must be a valid IPv4 address."), "rejected", "cloudflare-9005"],
  [refusal(500, 1, "Internal error"), "transient", "cloudflare-1"],
  [{ status: 502, body: "bad gateway" }, "transient", "cloudflare-http-502"],
])(
  "an answer becomes a Failure of the kind that decides what happens next (%#)",
  async (answer, kind, code) => {
    const { client } = recording(() => answer);
    expect(await failureFrom(client.zones.list())).toMatchObject({ kind, code });
  },
);

test("a refusal for want of permission names the permissions that are needed, and the request", async () => {
  const { client } = recording(() => refusal(403, 10000, "Authentication error"));
  const failure = await failureFrom(client.records.list("z1"));
  expect(failure.hint).toContain("Zone:Read and DNS:Edit");
  expect(failure.requestId).toBe("ray-1");
});

test("Retry-After is honoured in both of its forms", async () => {
  const seconds = recording(() => refusal(429, 10429, "Too many requests", { "retry-after": "7" }));
  expect(await failureFrom(seconds.client.zones.list())).toMatchObject({
    kind: "throttled",
    retryAfter: 7000,
  });
  const date = recording(() =>
    refusal(429, 10429, "Too many requests", {
      date: "Tue, 24 Nov 2026 10:00:00 GMT",
      "retry-after": "Tue, 24 Nov 2026 10:01:30 GMT",
    }),
  );
  expect(await failureFrom(date.client.zones.list())).toMatchObject({
    kind: "throttled",
    retryAfter: 90_000,
  });
});

test("a connection that breaks is transient, and its message is the cause's", async () => {
  const client = cloudflareClient({
    token: new Secret("canary", "TEST"),
    fetch: async () => {
      throw new TypeError("fetch failed", { cause: new Error("read ECONNRESET") });
    },
  });
  expect(await failureFrom(client.zones.list())).toMatchObject({
    kind: "transient",
    message: "Cloudflare could not be reached: read ECONNRESET",
  });
});

test("a token that may not read its own policies has none to show", async () => {
  const closed = recording(() => refusal(403, 9109, "Unauthorized to access requested resource"));
  expect(await closed.client.tokenPolicies("t1")).toBeUndefined();
  const open = recording(() =>
    result({
      policies: [
        {
          effect: "allow",
          permission_groups: [{ id: "1", name: "DNS Write" }],
          resources: { "com.cloudflare.api.account.zone.z1": "*" },
        },
      ],
    }),
  );
  expect(await open.client.tokenPolicies("t1")).toEqual([
    { effect: "allow", permissions: ["DNS Write"], resources: ["com.cloudflare.api.account.zone.z1"] },
  ]);
});

const environment = (variables: Record<string, string>): Environment => ({
  variables,
  credentials: {},
  azure: {},
  directory: "/",
  sandbox: false,
  pollInterval: 0,
});
const use = () => Promise.reject(new Error("no other client is needed"));

test("without a token the failure says where to put one", async () => {
  const failure = await failureFrom(cloudflare.open(environment({}), use));
  expect(failure).toMatchObject({ kind: "unauthenticated", code: "P0470" });
  expect(failure.hint).toContain("CLOUDFLARE_API_TOKEN");
  await expect(cloudflare.open(environment({ CLOUDFLARE_API_TOKEN: "x" }), use)).resolves.toBeDefined();
});

test("a key for another token is opened apart and never names the token", () => {
  const keys = [
    cloudflareWith(new Secret("canary", "secrets.other")),
    cloudflareWith(new Secret("canary", "secrets.other")),
  ];
  expect(new Set(keys.map((key) => key.name)).size).toBe(2);
  expect(keys[0]?.name).toContain("secrets.other");
  expect(keys[0]?.name).not.toContain("canary");
});
