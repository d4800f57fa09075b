import { expect, test } from "vitest";
import { answerQuery } from "../../../src/sandbox/dns/answer.ts";
import type { Served, ServedRecord, ServedZone } from "../../../src/sandbox/dns/zones.ts";

const zone = (
  provider: ServedZone["provider"],
  records: readonly Omit<ServedRecord, "ttl">[],
): ServedZone => ({
  name: "example.com",
  provider,
  nameServers: [`ns1.${provider}.test`],
  records: records.map((record) => ({ ...record, ttl: 300 })),
});
const hosts = new Map([["web.cloudapp.azure.com", "20.1.1.1"]]);
const served = (...zones: readonly ServedZone[]): Served => ({ zones, hosts });
const values = (...asked: Parameters<typeof answerQuery>) =>
  answerQuery(...asked).records.map(({ name, type, value }) => `${name} ${type} ${value}`);

const root = { name: "example.com", type: "CNAME", values: ["web.cloudapp.azure.com"] };
const www = { name: "www.example.com", type: "CNAME", values: ["example.com"] };

test("Cloudflare flattens a CNAME at the root: its address is answered, and the CNAME never", () => {
  const world = served(zone("cloudflare", [root, www]));
  expect(values(world, "Example.COM.", "A", "cloudflare")).toEqual(["example.com A 20.1.1.1"]);
  expect(values(world, "example.com", "CNAME", "cloudflare")).toEqual([]);
  expect(values(world, "www.example.com", "A", "cloudflare")).toEqual([
    "www.example.com CNAME example.com",
    "example.com A 20.1.1.1",
  ]);
});

test("a provider's server refuses zones of others, and the resolver knows no name that is nowhere", () => {
  const world = served(zone("cloudflare", [root]));
  expect(answerQuery(world, "example.com", "A", "azure")).toMatchObject({ code: "REFUSED" });
  expect(answerQuery(world, "nowhere.test", "A")).toMatchObject({ code: "NXDOMAIN", isAuthoritative: false });
  expect(answerQuery(world, "no.example.com", "A", "cloudflare")).toMatchObject({
    code: "NXDOMAIN",
    isAuthoritative: true,
  });
});

test("a zone at both is delegated to the first, and each one's own servers answer for theirs", () => {
  const world = served(
    zone("cloudflare", [{ name: "example.com", type: "A", values: ["20.0.0.1"] }]),
    zone("azure", [{ name: "example.com", type: "A", values: ["20.0.0.2"] }]),
  );
  expect(values(world, "example.com", "NS")).toEqual(["example.com NS ns1.cloudflare.test"]);
  expect(values(world, "example.com", "A")).toEqual(["example.com A 20.0.0.1"]);
  expect(values(world, "example.com", "A", "azure")).toEqual(["example.com A 20.0.0.2"]);
});

test("a loop of CNAMEs ends", () => {
  const loop = [
    { name: "a.example.com", type: "CNAME", values: ["b.example.com"] },
    { name: "b.example.com", type: "CNAME", values: ["a.example.com"] },
  ];
  expect(values(served(zone("azure", loop)), "a.example.com", "A").length).toBeLessThan(20);
});
