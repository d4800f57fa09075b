import { expect, test } from "vitest";
import type { DnsRecord } from "../../../src/clients/cloudflare/client.ts";
import type { DnsClient } from "../../../src/clients/dns/dns.ts";
import { dnsFamily } from "../../../src/families/dns/family.ts";
import { commentOf } from "../../../src/families/dns/marks.ts";
import { compareFields } from "../../../src/plan/compare.ts";
import step from "../../../src/steps/dns/cloudflare-record.ts";
import { contextWith, fakeCloudflare, owner, record, zone } from "../../families/dns/fake-cloudflare.ts";

const site = { pipeline: "aks", instance: "demo", subscription: "s" };
const handle = { kind: "zone", id: "z1", name: "example.com" } as const;
const parse = (changes: Record<string, unknown> = {}) =>
  step.input.parse({ zone: handle, name: "www", content: "52.0.0.1", ...changes });
const ours = commentOf(owner, step.type);
const foreign = commentOf({ ...owner, pipeline: "other" }, step.type);

const world = (records: readonly DnsRecord[] = [], onWrite?: (moment: "before" | "after") => void) => {
  const cloudflare = fakeCloudflare({ records, ...(onWrite ? { onWrite } : {}) });
  const dns: DnsClient = {
    ask: async (_servers, name, type) =>
      cloudflare.records
        .filter((each) => each.name === name && each.type === type)
        .map(({ content }) => unpublished ?? content),
    delegation: async () => [],
  };
  let unpublished: string | undefined;
  const context = contextWith({ cloudflare: cloudflare.client, dns });
  const publish = (content: string) => {
    unpublished = content;
  };
  const up = async (input = parse()) => {
    const ref = step.locate(input, site);
    const observed = await step.observe(context, ref);
    await step.apply(context, ref, input, observed);
    return cloudflare.records;
  };
  const changes = async (input = parse()) => {
    const observed = await step.observe(context, step.locate(input, site));
    const actual = observed.state === "present" ? observed.actual : undefined;
    return compareFields(step.fields(input, actual), actual !== undefined).changes.map(
      (change) => change.path,
    );
  };
  return { cloudflare, context, up, changes, publish };
};

test("a record lives at its full name and type, in its zone", () => {
  expect(step.locate(parse(), site)).toEqual({
    type: "dns/cloudflare-record",
    version: 1,
    id: "www.example.com/A",
    within: { type: "dns/cloudflare-zone", version: 1, id: "example.com" },
  });
});

test("a second run changes nothing", async () => {
  const { up, changes, cloudflare } = world();
  expect(await changes()).toEqual(["type", "content", "ttl", "proxied"]);
  expect(await up()).toEqual([{ ...record({ id: "r100" }), comment: ours }]);
  expect(await changes()).toEqual([]);
  expect(cloudflare.writes).toEqual(["create A www.example.com"]);
});

test("a new address overwrites the record in place", async () => {
  const { up, changes, cloudflare } = world([record({ comment: ours })]);
  const input = parse({
    content: { kind: "public-ip", id: "i", name: "n", group: "g", address: "52.0.0.9" },
  });
  expect(await changes(input)).toEqual(["content"]);
  expect(await up(input)).toEqual([record({ comment: ours, content: "52.0.0.9" })]);
  expect(cloudflare.writes).toEqual(["update r1"]);
});

test("a record without our comment is unowned, one of another pipeline is its", async () => {
  const ref = step.locate(parse(), site);
  const seen = async (comment: string) => step.observe(world([record({ comment })]).context, ref);
  expect(await seen("made by hand")).toMatchObject({ state: "present", owner: undefined });
  expect(await seen(foreign)).toMatchObject({ state: "present", owner: { pipeline: "other" } });
  expect(await seen(ours)).toMatchObject({ state: "present", owner });
});

test("taking over shows and replaces all that is in the way, in one transaction", async () => {
  const cname = record({ id: "r7", type: "CNAME", content: "old.example.net" });
  const { up, changes, cloudflare } = world([cname, record({ id: "r8", content: "10.0.0.1" })]);
  expect(await changes()).toEqual(["content", "other records of this name"]);
  expect(await up()).toEqual([record({ id: "r100", comment: ours })]);
  expect(cloudflare.writes).toEqual(["batch -2 +1"]);
});

test("a record that somebody put beside ours is left alone", async () => {
  const beside = record({ id: "r9", content: "10.0.0.1" });
  const { up, changes } = world([beside, record({ comment: ours })]);
  expect(await changes()).toEqual([]);
  expect(await up()).toContainEqual(beside);
});

test("texts of others at the same name are no hindrance", async () => {
  const spf = record({ id: "r9", type: "TXT", name: "example.com", content: '"v=spf1 -all"' });
  const { up, changes } = world([spf]);
  const input = parse({ name: "@", type: "TXT", content: "token=1" });
  expect(await step.observe(world([spf]).context, step.locate(input, site))).toEqual({ state: "absent" });
  expect((await up(input)).map(({ content }) => content)).toEqual(['"v=spf1 -all"', "token=1"]);
  expect(await changes(input)).toEqual([]);
});

test("an answer that was lost after the write makes no second record and no error", async () => {
  let lose = true;
  const { up } = world([], (moment) => {
    if (moment === "after" && lose) {
      lose = false;
      throw new Error("connection reset");
    }
  });
  await expect(up()).rejects.toThrow("connection reset");
  expect(await up()).toHaveLength(1);
});

test("behind Cloudflare the time to live is Cloudflare's", async () => {
  const { up, changes } = world();
  const input = parse({ proxied: true, ttl: 300 });
  expect(await up(input)).toMatchObject([{ proxied: true, ttl: 1 }]);
  expect(await changes(input)).toEqual([]);
});

test("mail exchangers have a priority", async () => {
  const { up } = world();
  expect(await up(parse({ name: "@", type: "MX", content: "mail.example.net" }))).toMatchObject([
    { priority: 10 },
  ]);
});

test.each([
  ["TXT", '"abc" "def"', "abcdef"],
  ["AAAA", "2001:DB8:0:0::1", "2001:db8::1"],
  ["CNAME", "Target.example.net.", "target.example.net"],
])("%s %j and %j are the same", async (type, is, wanted) => {
  const { changes } = world([record({ type, content: is, comment: ours })]);
  expect(await changes(parse({ type, content: wanted }))).toEqual([]);
});

test("ready means that Cloudflare has the record in an active zone", async () => {
  const input = parse();
  const ref = step.locate(input, site);
  const { up, context } = world();
  expect(await step.verify(context, ref, input)).toMatchObject({ ready: false, worthWaiting: true });
  await up();
  expect(await step.verify(context, ref, input)).toEqual({
    ready: true,
    detail: "www.example.com → 52.0.0.1",
  });
  const moved = parse({ content: "52.0.0.9" });
  expect(await step.verify(context, ref, moved), "other content is drift").toMatchObject({ ready: true });
  const pending = fakeCloudflare({ zones: [zone({ status: "pending" })] });
  expect(await step.verify(contextWith({ cloudflare: pending.client }), ref, input)).toMatchObject({
    ready: false,
    worthWaiting: false,
  });
});

test("ready means that the zone's own name servers answer with it", async () => {
  const { up, context, publish } = world();
  await up();
  publish("52.0.0.7");
  expect(await step.verify(context, step.locate(parse(), site), parse())).toEqual({
    ready: false,
    reason: "ada.ns.cloudflare.com answers 52.0.0.7 for www.example.com, not 52.0.0.1",
    worthWaiting: true,
  });
});

test("destroying removes ours and nothing else, also twice", async () => {
  const others = [
    record({ id: "r2", comment: foreign }),
    record({ id: "r3" }),
    record({ id: "r4", type: "TXT" }),
  ];
  const { cloudflare, context } = world([record({ comment: ours }), ...others]);
  const ref = step.locate(parse(), site);
  await step.destroy(context, ref);
  await step.destroy(context, ref);
  expect(cloudflare.records).toEqual(others);
});

test("in a zone that is gone nothing is there and nothing is left to destroy", async () => {
  const context = contextWith({ cloudflare: fakeCloudflare({ zones: [] }).client });
  const ref = step.locate(parse(), site);
  expect(await step.observe(context, ref)).toEqual({ state: "absent" });
  await expect(step.destroy(context, ref)).resolves.toBeUndefined();
  await expect(step.apply(context, ref, parse(), { state: "absent" })).rejects.toMatchObject({
    code: "P0471",
  });
});

test("records are found again by their comments, as the Refs that made them", async () => {
  const { context } = world([
    record({ comment: ours }),
    record({ id: "r2", comment: foreign }),
    record({ id: "r3" }),
  ]);
  expect(await dnsFamily.discover(context, owner, [])).toEqual([{ ref: step.locate(parse(), site), owner }]);
});
