import { expect, test } from "vitest";
import { github, githubClient } from "../../../src/clients/github/github.ts";
import { Secret } from "../../../src/step/secret.ts";
import { environment } from "../../families/dns/fake-cloudflare.ts";

const repository = { owner: "acme", name: "config" };

const answering = (
  answer: (
    url: URL,
    init: RequestInit,
  ) => { status?: number; body?: unknown; headers?: Record<string, string> },
) => {
  const calls: string[] = [];
  const client = githubClient({
    token: new Secret("canary\n", "TEST"),
    endpoint: "http://127.0.0.1:9/api/",
    fetch: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input);
      calls.push(`${init.method} ${url.pathname}${url.search} ${init.body ?? ""}`.trim());
      expect(new Headers(init.headers).get("authorization")).toBe("Bearer canary");
      const { status = 200, body, headers } = answer(url, init);
      return new Response(body === undefined ? null : JSON.stringify(body), {
        status,
        ...(headers ? { headers } : {}),
      });
    },
  });
  return { client, calls };
};

const key = (id: number) => ({
  id,
  title: `key ${id}`,
  key: `ssh-ed25519 ${id}`,
  read_only: id % 2 === 0,
  verified: true,
});

test("deploy keys are read over all pages", async () => {
  const { client, calls } = answering((url) => {
    const page = Number(url.searchParams.get("page"));
    return { body: Array.from({ length: page < 3 ? 100 : 1 }, (_, index) => key(page * 1000 + index)) };
  });
  const keys = await client.deployKeys(repository);
  expect(keys).toHaveLength(201);
  expect(keys[0]).toEqual({ id: 1000, title: "key 1000", key: "ssh-ed25519 1000", readOnly: true });
  expect(calls[0]).toBe("GET /api/repos/acme/config/keys?per_page=100&page=1");
});

test("a key is added with its access, and removed, once and again", async () => {
  const { client, calls } = answering((_url, { method }) =>
    method === "POST" ? { status: 201, body: key(7) } : { status: 404, body: { message: "Not Found" } },
  );
  await client.addDeployKey(repository, { title: "t", key: "ssh-ed25519 7", readOnly: false });
  await client.removeDeployKey(repository, 7);
  expect(calls).toEqual([
    'POST /api/repos/acme/config/keys {"title":"t","key":"ssh-ed25519 7","read_only":false}',
    "DELETE /api/repos/acme/config/keys/7",
  ]);
});

test.each([
  [401, {}, "Bad credentials", "unauthenticated"],
  [403, {}, "Resource not accessible by integration", "forbidden"],
  [403, { "x-ratelimit-remaining": "0" }, "API rate limit exceeded", "throttled"],
  [404, {}, "Not Found", "not-found"],
  [422, {}, "key is already in use", "conflict"],
  [422, {}, "key is invalid. You must supply a key in OpenSSH public key format", "rejected"],
  [429, { "retry-after": "30" }, "secondary rate limit", "throttled"],
  [502, {}, "", "transient"],
])("%i becomes the Failure that decides what happens next (%#)", async (status, headers, message, kind) => {
  const { client } = answering(() => ({ status, headers, body: { message } }));
  await expect(client.deployKeys(repository)).rejects.toMatchObject({ kind, code: `github-${status}` });
});

test("a limit says how long to wait, counted from the answer's date", async () => {
  const { client } = answering(() => ({
    status: 403,
    body: { message: "API rate limit exceeded" },
    headers: {
      date: "Tue, 24 Nov 2026 10:00:00 GMT",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Date.parse("2026-11-24T10:00:45Z") / 1000),
    },
  }));
  await expect(client.deployKeys(repository)).rejects.toMatchObject({ retryAfter: 45_000 });
});

test("without a token nothing is opened, and the failure says where to put one", async () => {
  const use = () => Promise.reject(new Error("no other client is needed"));
  await expect(github.open(environment, use)).rejects.toMatchObject({
    kind: "unauthenticated",
    code: "P0480",
  });
});
