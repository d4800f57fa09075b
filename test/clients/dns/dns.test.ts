import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { dnsWith } from "../../../src/clients/dns/dns.ts";
import { openDns } from "../../../src/sandbox/dns/server.ts";
import type { Served } from "../../../src/sandbox/dns/zones.ts";

const signal = new AbortController().signal;
const world: Served = {
  zones: [
    {
      name: "shop.example",
      provider: "azure",
      nameServers: ["ns1-01.azure-dns.com"],
      records: [
        { name: "shop.example", type: "A", ttl: 60, values: ["20.0.0.1", "20.0.0.2"] },
        { name: "shop.example", type: "TXT", ttl: 60, values: ["x".repeat(300)] },
      ],
    },
  ],
  hosts: new Map(),
};

const open = async () => {
  const servers = await openDns(() => world);
  onTestFinished(servers.close);
  return dnsWith(servers.addresses);
};

test("the zone's own name servers are asked by a real resolver", async () => {
  const client = await open();
  const ask = (name: string, type: "A" | "AAAA" | "TXT") =>
    client.ask(["ns1-01.azure-dns.com."], name, type, signal);
  expect([...(await ask("shop.example", "A"))].toSorted()).toEqual(["20.0.0.1", "20.0.0.2"]);
  expect(await ask("shop.example", "TXT")).toEqual(["x".repeat(300)]);
  expect(await ask("shop.example", "AAAA")).toEqual([]);
  expect(await ask("none.shop.example", "A")).toEqual([]);
});

test("a domain's delegation, and that of one that has none", async () => {
  const client = await open();
  expect(await client.delegation("shop.example", signal)).toEqual(["ns1-01.azure-dns.com"]);
  expect(await client.delegation("nobody.example", signal)).toEqual([]);
});

test("a server that refuses the zone is a passing failure, with what to open", async () => {
  const client = await open();
  await expect(client.ask(["ada.ns.cloudflare.com"], "shop.example", "A", signal)).rejects.toMatchObject({
    kind: "transient",
    code: "P0490",
  });
});

test("a cancelled run stops waiting for a server that says nothing", async () => {
  const silent = createSocket("udp4");
  silent.bind(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => {
    silent.close();
  });
  const cancelled = new AbortController();
  silent.once("message", () => cancelled.abort(new Error("cancelled")));
  const client = dnsWith(`azure-dns.com=127.0.0.1:${silent.address().port}`);
  await expect(client.ask(["ns1-01.azure-dns.com"], "shop.example", "A", cancelled.signal)).rejects.toThrow(
    "cancelled",
  );
});
