import Cloudflare from "cloudflare";
import { Agent, fetch as undiciFetch } from "undici";
import { expect, onTestFinished, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { openSandbox } from "./open.ts";

/** The real client over the sandbox's certificate. */
const openCloudflare = (sandbox: Sandbox, apiToken?: string): Cloudflare => {
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  onTestFinished(() => dispatcher.destroy());
  const environment = sandbox.environment();
  return new Cloudflare({
    apiToken: apiToken ?? environment.CLOUDFLARE_API_TOKEN ?? "",
    baseURL: environment.CLOUDFLARE_BASE_URL ?? "",
    maxRetries: 0,
    fetch: async (url, init) => {
      const answer = await undiciFetch(String(url instanceof Request ? url.url : url), {
        method: init?.method ?? "GET",
        headers: [...new Headers(init?.headers)],
        ...(typeof init?.body === "string" ? { body: init.body } : {}),
        dispatcher,
      });
      return new Response(answer.status === 204 ? null : await answer.text(), {
        status: answer.status,
        headers: [...answer.headers],
      });
    },
  });
};

const zoneId = async (client: Cloudflare, name = "example.com"): Promise<string> => {
  for await (const zone of client.zones.list({ name })) return zone.id;
  throw new Error(`no zone ${name}`);
};

const address = (name: string, content = "20.0.0.1") => ({
  type: "A" as const,
  name,
  content,
  ttl: 1 as const,
});

test("a token is verified, and sees its zones", async () => {
  const client = openCloudflare(await openSandbox());
  expect(await client.user.tokens.verify()).toMatchObject({ status: "active" });
  const names = [];
  for await (const zone of client.zones.list({ per_page: 5 })) names.push(`${zone.name} ${zone.status}`);
  expect(names).toEqual(["example.com active", "example.test active"]);
});

test("a zone shows what Cloudflare's description of a zone asks for", async () => {
  const client = openCloudflare(await openSandbox());
  const zone = await client.zones.get({ zone_id: await zoneId(client) });
  expect(zone).toMatchObject({
    original_dnshost: null,
    original_registrar: null,
    original_name_servers: null,
  });
  expect(Object.keys(zone.owner).sort()).toEqual(["id", "name", "type"]);
});

test("records are made, found, changed and deleted", async () => {
  const sandbox = await openSandbox();
  const client = openCloudflare(sandbox);
  const zone_id = await zoneId(client);
  const made = await client.dns.records.create({ zone_id, ...address("www"), comment: "ours" });
  expect(made).toMatchObject({ name: "www.example.com", proxied: false, comment: "ours" });
  const found = await client.dns.records.list({ zone_id, name: { exact: "WWW.example.com" }, type: "A" });
  expect(found.result.map((record) => record.id)).toEqual([made.id]);
  expect((await client.dns.records.list({ zone_id, comment: { startswith: "our" } })).result).toHaveLength(1);
  expect((await client.dns.records.list({ zone_id, comment: { absent: "true" } })).result).toHaveLength(0);
  const edit = { zone_id, type: "A" as const, name: "www", ttl: 1 as const, content: "20.0.0.2" };
  expect(await client.dns.records.edit(made.id, edit)).toMatchObject({
    comment: "ours",
    content: "20.0.0.2",
  });
  expect(await client.dns.records.update(made.id, edit)).toMatchObject({ comment: null });
  await client.dns.records.delete(made.id, { zone_id });
  expect(sandbox.control.inventory().records).toEqual([]);
  await expect(client.dns.records.get(made.id, { zone_id })).rejects.toMatchObject({
    status: 404,
    errors: [{ code: 81044 }],
  });
});

test("what Cloudflare refuses of a record is refused with its code", async () => {
  const client = openCloudflare(await openSandbox());
  const zone_id = await zoneId(client);
  await client.dns.records.create({ zone_id, ...address("www") });
  const create = (record: object) =>
    client.dns.records.create(Object.assign({ zone_id, ...address("www") }, record));
  const cases: readonly [object, number][] = [
    [{}, 81058],
    [{ content: "nonsense" }, 9005],
    [{ type: "CNAME", content: "example.net" }, 81053],
    [{ name: "other", ttl: 5 }, 9021],
    [{ name: "txt", type: "TXT", content: "x", proxied: true }, 9004],
  ];
  for (const [record, code] of cases) {
    await expect(create(record)).rejects.toMatchObject({ status: 400, errors: [{ code }] });
  }
});

test("a batch deletes, changes and makes in that order, all or nothing", async () => {
  const sandbox = await openSandbox();
  const client = openCloudflare(sandbox);
  const zone_id = await zoneId(client);
  const old = await client.dns.records.create({ zone_id, ...address("www") });
  const renewed = await client.dns.records.batch({
    zone_id,
    deletes: [{ id: old.id }],
    posts: [address("www"), { type: "TXT", name: "a-www", content: '"heritage=external-dns"', ttl: 1 }],
  });
  expect(renewed?.posts).toHaveLength(2);
  const before = sandbox.control.inventory().records;
  const half = { zone_id, posts: [address("new"), address("bad", "nonsense")] };
  await expect(client.dns.records.batch(half)).rejects.toMatchObject({ status: 400 });
  expect(sandbox.control.inventory().records).toEqual(before);
});

test("pages follow one another", async () => {
  const client = openCloudflare(await openSandbox());
  const zone_id = await zoneId(client);
  for (let index = 0; index < 5; index++)
    await client.dns.records.create({ zone_id, ...address(`n${index}`) });
  const names = [];
  for await (const record of client.dns.records.list({ zone_id, per_page: 2 })) names.push(record.name);
  expect(names).toHaveLength(5);
});

test("a token can do no more than it was given", async () => {
  const sandbox = await openSandbox();
  const token = "x".repeat(40);
  sandbox.control.cloudflareToken({ token, permissions: ["zone:read"], zones: ["example.test"] });
  const client = openCloudflare(sandbox, token);
  const zone_id = await zoneId(client, "example.test");
  await expect(client.dns.records.list({ zone_id })).rejects.toMatchObject({
    status: 403,
    errors: [{ code: 10000 }],
  });
  const other = await zoneId(openCloudflare(sandbox));
  await expect(client.zones.get({ zone_id: other })).rejects.toMatchObject({ errors: [{ code: 9109 }] });
  await expect(openCloudflare(sandbox, "y".repeat(40)).user.tokens.verify()).rejects.toMatchObject({
    status: 401,
    errors: [{ code: 1000 }],
  });
});
