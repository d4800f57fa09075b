import { expect, test } from "vitest";
import { flagsOf, ownedRecords } from "../../../../src/families/helm/external-dns.ts";
import {
  foreign,
  goodToken,
  heritage,
  install,
  openDnsWorld,
  publish,
  setToken,
  shown,
  unpublish,
} from "./external-dns-world.ts";

const settle = 30;
const www = "www.example.com";

test("a host of an Ingress with an address gets an A record and a TXT record, in one batch", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  expect(world.records()).toEqual([`A ${www} 20.0.0.1`, `TXT a-${www} ${heritage("ingress/web/www")}`]);
  expect(world.calls.filter(({ call }) => !call.startsWith("GET"))).toEqual([
    {
      call: "POST /zones/ID/dns_records/batch",
      body: {
        posts: [
          { type: "A", name: www, content: "20.0.0.1", ttl: 1, proxied: false, comment: "", tags: [] },
          {
            type: "TXT",
            name: `a-${www}`,
            content: heritage("ingress/web/www"),
            ttl: 1,
            proxied: false,
            comment: "",
            tags: [],
          },
        ],
      },
    },
  ]);
  const changing = world.logs().filter((line) => line.includes("Changing record."));
  expect(changing[0]).toMatch(
    /^level=info msg="Changing record." action=CREATE record=www.example.com ttl=1 type=A zone=[0-9a-f]{32}$/,
  );
  await world.pass(60);
  expect(world.logs().at(-1)).toBe('level=info msg="All records are already up to date"');
});

test("an Ingress without an address, and one outside the domain filters, get nothing", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  publish(world.api, www, []);
  publish(world.api, "app.example.test", ["20.0.0.1"]);
  publish(world.api, "app.notexample.com", ["20.0.0.1"]);
  await world.pass(settle);
  expect(world.records()).toEqual([]);
});

test("a changed address replaces the record, and its TXT record stays", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  publish(world.api, www, ["20.0.0.2"]);
  await world.pass(5);
  expect(world.records()).toEqual([`A ${www} 20.0.0.2`, `TXT a-${www} ${heritage("ingress/web/www")}`]);
});

test("without --events a change waits for the next interval, as the real one does", async () => {
  await using world = await openDnsWorld();
  install(world.api, ["--events=false"]);
  await world.pass(settle);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(20);
  expect(world.records()).toEqual([]);
  await world.pass(60);
  expect(world.records()).toHaveLength(2);
});

test("a record that was deleted or changed by hand is put right at the next interval", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  const [record] = world.cloudflare.records.filter(({ type }) => type === "A");
  if (record) record.content = "9.9.9.9";
  await world.pass(70);
  expect(world.records()[0]).toBe(`A ${www} 20.0.0.1`);
  world.cloudflare.records = world.cloudflare.records.filter(({ type }) => type !== "A");
  await world.pass(70);
  expect(world.records()).toHaveLength(2);
});

test.each([
  { policy: "sync", changed: "20.0.0.2", left: 0 },
  { policy: "upsert-only", changed: "20.0.0.2", left: 2 },
  { policy: "create-only", changed: "20.0.0.1", left: 2 },
])("policy $policy", async ({ policy, changed, left }) => {
  await using world = await openDnsWorld();
  install(world.api, [`--policy=${policy}`]);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  publish(world.api, www, ["20.0.0.2"]);
  await world.pass(5);
  expect(world.records()[0]).toBe(`A ${www} ${changed}`);
  unpublish(world.api, "www");
  await world.pass(5);
  expect(world.records()).toHaveLength(left);
});

test("records of others stay as they are: one without a TXT record, and one of another owner", async () => {
  await using world = await openDnsWorld();
  foreign(world, "A", www, "9.9.9.9");
  foreign(world, "A", "api.example.com", "9.9.9.9");
  foreign(world, "TXT", "a-api.example.com", heritage("ingress/web/api", "clu10"));
  foreign(world, "TXT", "note.example.com", "external-dns/owner=clu1");
  foreign(world, "A", "gone.example.com", "9.9.9.9");
  foreign(world, "TXT", "a-gone.example.com", heritage("ingress/web/gone"));
  const before = world.records();
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  publish(world.api, "api.example.com", ["20.0.0.1"]);
  await world.pass(settle);
  // Only what its own owner id claims, and no source asks for any more, goes.
  expect(world.records()).toEqual(before.filter((record) => !record.includes("gone.")));
  unpublish(world.api, "www");
  unpublish(world.api, "api");
  await world.pass(70);
  expect(world.records()).toEqual(before.filter((record) => !record.includes("gone.")));
});

test("a Service of type LoadBalancer gets the names of its annotation; ttl, proxied and target are read", async () => {
  await using world = await openDnsWorld();
  const prefix = "dns.example/";
  install(world.api, [`--annotation-prefix=${prefix}`]);
  const place = { apiVersion: "v1", kind: "Service", namespace: "web", name: "lb" };
  world.api.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "lb",
      namespace: "web",
      annotations: {
        [`${prefix}hostname`]: "a.example.com, b.example.com",
        [`${prefix}ttl`]: "5m",
        "external-dns.alpha.kubernetes.io/hostname": "ignored.example.com",
      },
    },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  world.api.setStatus(place, (status) => ({ ...status, loadBalancer: { ingress: [{ ip: "20.0.0.9" }] } }));
  publish(world.api, www, ["20.0.0.1"], {
    [`${prefix}target`]: "lb.elsewhere.example",
    [`${prefix}cloudflare-proxied`]: "true",
  });
  await world.pass(settle);
  const made = world.cloudflare.records.filter(({ type }) => type !== "TXT");
  expect(
    made.map(({ type, name, content, ttl, proxied }) => ({ type, name, content, ttl, proxied })),
  ).toEqual(
    expect.arrayContaining([
      { type: "A", name: "a.example.com", content: "20.0.0.9", ttl: 300, proxied: false },
      { type: "A", name: "b.example.com", content: "20.0.0.9", ttl: 300, proxied: false },
      { type: "CNAME", name: www, content: "lb.elsewhere.example", ttl: 1, proxied: true },
    ]),
  );
  expect(world.records()).toContain(`TXT cname-${www} ${heritage("ingress/web/www")}`);
  expect(made).toHaveLength(3);
});

test("a token that Cloudflare refuses ends it, again and again, until the token is right", async () => {
  await using world = await openDnsWorld();
  install(world.api, [], "wrong");
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  expect(world.logs().at(-1)).toContain('level=fatal msg="Failed to do run once: GET');
  expect(world.logs().at(-1)).toMatch(/403 Forbidden .*9109.*Invalid access token/);
  expect(shown(world)).toMatchObject({ ready: false, reason: "CrashLoopBackOff", deployment: 0 });
  const before = Number(shown(world).restarts);
  await world.pass(1800);
  const during = Number(shown(world).restarts);
  expect(during).toBeGreaterThan(before);
  // The back-off grows to five minutes; it is not started again at each change that its own crash makes.
  expect(during - before).toBeLessThan(15);
  expect(world.logs().join()).not.toContain("wrong");
  setToken(world.api, goodToken);
  await world.pass(5);
  expect(shown(world)).toMatchObject({ ready: true, reason: undefined, deployment: 1 });
  expect(world.records()).toHaveLength(2);
});

test("a token without the permission for records ends it with an authentication error", async () => {
  await using world = await openDnsWorld();
  world.cloudflare.tokens.reader = { permissions: ["zone:read"], status: "active" };
  install(world.api, [], "reader");
  await world.pass(settle);
  expect(world.logs().at(-1)).toMatch(/level=fatal .*10000.*Authentication error/);
});

test("a running container keeps the token that it was started with, as the kubelet does", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  await world.pass(settle);
  setToken(world.api, "wrong");
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(70);
  expect(world.records()).toHaveLength(2);
});

test("filters that match no zone write nothing, and only the debug log says so", async () => {
  await using world = await openDnsWorld();
  install(world.api, ["--domain-filter=elsewhere.example", "--log-level=debug"]);
  publish(world.api, "www.elsewhere.example", ["20.0.0.1"]);
  await world.pass(settle);
  expect(world.records()).toEqual([]);
  expect(world.logs()).toContain(
    'level=debug msg="Skipping record \\"www.elsewhere.example\\" because no hosted zone matching record DNS Name was detected"',
  );
});

test("zones by id are read one by one, so that a token for one zone suffices", async () => {
  await using world = await openDnsWorld();
  world.cloudflare.tokens.narrow = {
    permissions: ["zone:read", "dns:edit"],
    zones: ["example.com"],
    status: "active",
  };
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  const zone = /zone=([0-9a-f]{32})/.exec(world.logs().join())?.[1];
  await using narrow = await openDnsWorld();
  narrow.cloudflare.tokens.narrow = {
    permissions: ["zone:read", "dns:edit"],
    zones: ["example.com"],
    status: "active",
  };
  install(narrow.api, [`--zone-id-filter=${zone}`], "narrow");
  publish(narrow.api, www, ["20.0.0.1"]);
  await narrow.pass(settle);
  expect(narrow.records()).toHaveLength(2);
  expect(narrow.calls[0]?.call).toBe("GET /zones/ID");
});

test("a Deployment that is scaled to zero does nothing, and what it made stays", async () => {
  await using world = await openDnsWorld();
  install(world.api);
  publish(world.api, www, ["20.0.0.1"]);
  await world.pass(settle);
  const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "dns", name: "external-dns" };
  world.api.patch(name, { spec: { replicas: 0 } });
  await world.pass(settle);
  const calls = world.calls.length;
  unpublish(world.api, "www");
  await world.pass(300);
  expect(world.calls).toHaveLength(calls);
  expect(world.records()).toHaveLength(2);
});

test.each(["--txt-prefix=ext-", "--txt-suffix=-ext", "--txt-prefix=%{record_type}.x."])(
  "%s names the TXT record, and its records are known again by it",
  async (flag) => {
    await using world = await openDnsWorld();
    install(world.api, [flag]);
    publish(world.api, www, ["20.0.0.1"]);
    await world.pass(settle);
    expect(world.records()).toHaveLength(2);
    unpublish(world.api, "www");
    await world.pass(5);
    expect(world.records()).toEqual([]);
  },
);

test.each(["--log-level=info", "--txt-prefix=ext-"])(
  "what destroying the step takes out is what it made, and nothing else: %s",
  async (flag) => {
    await using world = await openDnsWorld();
    foreign(world, "A", "foreign.example.com", "9.9.9.9");
    foreign(world, "TXT", "a-other.example.com", heritage("ingress/web/other", "clu10"));
    const before = world.records();
    install(world.api, [flag]);
    publish(world.api, www, ["20.0.0.1"]);
    publish(world.api, "foreign.example.com", ["20.0.0.1"]);
    await world.pass(settle);
    expect(world.records()).toHaveLength(before.length + 2);
    const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "dns", name: "external-dns" };
    const deployment = world.api.get(name);
    if (!deployment) throw new Error("External DNS is not there");
    const known = world.cloudflare.records.map(({ id, name, type, content = "", ttl, proxied }) => ({
      id,
      name,
      type,
      content,
      ttl,
      proxied,
      comment: "",
    }));
    const owned = new Set(ownedRecords(known, flagsOf(deployment)).map(({ id }) => id));
    world.cloudflare.records = world.cloudflare.records.filter(({ id }) => !owned.has(id));
    expect(world.records()).toEqual(before);
  },
);
