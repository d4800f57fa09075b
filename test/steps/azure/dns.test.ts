/** Zones and record sets of Azure DNS against the sandbox: its ARM, and its name servers by a real resolver. */
import { expect, test } from "vitest";
import { type DnsClient, dnsWith } from "../../../src/clients/dns/dns.ts";
import { armFamily } from "../../../src/families/arm/family.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import dnsRecord from "../../../src/steps/azure/dns-record.ts";
import dnsZone from "../../../src/steps/azure/dns-zone.ts";
import publicIp from "../../../src/steps/azure/public-ip.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeContext, testOwner } from "../../fakes/step-context.ts";
import { openSandboxContext } from "./sandbox-context.ts";

const openWorld = async (domain = "shop.example") => {
  const { sandbox, client, context, site } = await openSandboxContext();
  const dns: DnsClient = dnsWith(sandbox.nameServers);
  const own = { ...fakeContext({ azure: client, dns }), clock: context.clock };
  const drive = <Output extends Outputs>(step: Step<unknown, Output, unknown>, input: unknown) => {
    const driven = driveStep(step, own, input);
    const output = async () => {
      const observed = await driven.observe();
      if (observed.state !== "present") throw new Error(`it is ${observed.state}`);
      return observed.output;
    };
    return { ...driven, output };
  };
  const inRun = {
    kind: "resource-group",
    id: `/subscriptions/${site.subscription}/resourceGroups/rg`,
    name: "rg",
  };
  await client.put(inRun.id, "2021-04-01", { location: "westeurope" }, {}, own.signal);
  const group = { ...inRun, location: "westeurope" };
  const address = drive(publicIp, { group, name: "ip" });
  await address.up();
  const zoneStep = drive(dnsZone, { group, name: domain });
  const zoneVerdict = await zoneStep.up();
  const zone = await zoneStep.output();
  const record = (input: object) => drive(dnsRecord, { zone, ...input });
  return {
    sandbox,
    client,
    dns,
    own,
    drive,
    ip: await address.output(),
    zone,
    zoneStep,
    zoneVerdict,
    record,
  };
};

test("the root follows a public address, www names the root, and a second run changes nothing", async () => {
  const { ip, zone, zoneVerdict, record, dns, own } = await openWorld();
  expect(zoneVerdict).toEqual({
    ready: true,
    detail: expect.stringMatching(/^delegated to ns1-0\d\.azure-dns\.com/),
  });
  const root = record({ alias: ip });
  const www = record({ name: "www", type: "CNAME", records: ["Shop.Example."] });
  expect(await root.up()).toEqual({ ready: true, detail: `shop.example A ${String(ip.address)}` });
  expect(await www.up()).toEqual({ ready: true, detail: "www.shop.example CNAME shop.example" });
  expect(await root.changes()).toEqual([]);
  expect(await www.changes()).toEqual([]);
  const servers = Array.isArray(zone.nameServers) ? zone.nameServers.map(String) : [];
  expect(await dns.ask(servers, "www.shop.example", "A", own.signal)).toEqual([ip.address]);
});

test("records of every type, and from an alias to an address and back", async () => {
  const { ip, record } = await openWorld();
  const long = "v=".padEnd(600, "x");
  for (const input of [
    { name: "a", records: ["20.0.0.1", "20.0.0.2"] },
    { name: "six", type: "AAAA", records: ["2001:db8::1"] },
    { name: "text", type: "TXT", records: [long, "two words"] },
    { name: "six", type: "TXT", records: ["beside"] },
  ]) {
    const set = record(input);
    expect(await set.up()).toMatchObject({ ready: true });
    expect(await set.changes()).toEqual([]);
  }
  await record({ alias: ip }).up();
  const direct = record({ records: ["20.0.0.9"] });
  expect(await direct.changes()).toEqual([
    'records: [] -> ["20.0.0.9"]',
    `alias: ${JSON.stringify(ip.id)} -> ""`,
  ]);
  expect(await direct.up()).toEqual({ ready: true, detail: "shop.example A 20.0.0.9" });
  const again = record({ alias: ip });
  expect(await again.up()).toMatchObject({ ready: true });
  expect(await again.changes()).toEqual([]);
});

test("a record in the way of a CNAME is seen before anything is written", async () => {
  const { client, zone, record, own } = await openWorld();
  const body = { properties: { TTL: 60, ARecords: [{ ipv4Address: "20.0.0.1" }] } };
  await client.put(`${String(zone.id)}/A/www`, "2018-05-01", body, {}, own.signal);
  const www = record({ name: "www", type: "CNAME", records: ["shop.example"] });
  expect(await www.observe()).toMatchObject({ state: "present", owner: undefined });
  expect(await www.changes()).toContain('other record sets of this name: ["A www"] -> []');
  await www.destroy();
  expect(await record({ name: "www" }).observe()).toMatchObject({ state: "present" });
});

test("what Azure DNS never takes is said before it is asked", async () => {
  const { record, ip } = await openWorld();
  const refused = { kind: "rejected", code: "P0815" };
  await expect(record({ type: "CNAME", records: ["x.test"] }).up()).rejects.toMatchObject(refused);
  await expect(record({ records: ["20.0.0.1"], alias: ip }).up()).rejects.toMatchObject(refused);
  await expect(record({}).up()).rejects.toMatchObject(refused);
});

test("a domain that is delegated elsewhere: records are there, and a person is told which name servers to set", async () => {
  // The sandbox's Cloudflare has this zone, and its delegation.
  const { record, zoneVerdict } = await openWorld("example.com");
  expect(zoneVerdict).toMatchObject({
    ready: true,
    detail: expect.stringContaining("At the registrar of example.com, set the name servers to ns1-"),
  });
  expect(await record({ records: ["20.0.0.1"] }).up()).toMatchObject({
    ready: false,
    needsPerson: true,
    hint: expect.stringMatching(/set the name servers to ns1-.*\(now ada\.ns\.cloudflare\.com/),
  });
});

test("records are found again by their marks, and a zone that holds somebody else's stays", async () => {
  const { client, zone, zoneStep, record, own } = await openWorld();
  const root = record({ records: ["20.0.0.1"] });
  await root.up();
  const found = await armFamily.discover(own, testOwner, []);
  expect(found.map(({ ref }) => ref)).toContainEqual(root.ref);
  expect(root.ref.within).toMatchObject({ type: "azure/dns-zone", id: zone.id });
  const text = `${String(zone.id)}/TXT/theirs`;
  const body = { properties: { TTL: 60, TXTRecords: [{ value: ["theirs"] }] } };
  await client.put(text, "2018-05-01", body, {}, own.signal);
  await expect(zoneStep.destroy()).rejects.toMatchObject({ code: "P0814", evidence: [text] });
  await client.delete(text, "2018-05-01", {}, own.signal);
  await root.destroy();
  expect(await root.observe()).toEqual({ state: "absent" });
  await zoneStep.destroy();
  expect(await zoneStep.observe()).toEqual({ state: "absent" });
});

test("what is needed is a provider and rights on the zone's group, and on the address that an alias stands for", async () => {
  const { zone, ip } = await openWorld();
  const needed = dnsRecord.requires?.(dnsRecord.input.parse({ zone, alias: ip })) ?? [];
  expect(needed.flatMap((one) => (one.kind === "permission" ? [one.action] : []))).toEqual([
    "Microsoft.Network/dnsZones/A/write",
    "Microsoft.Network/dnsZones/A/read",
    "Microsoft.Network/dnsZones/A/delete",
    "Microsoft.Network/dnsZones/recordsets/read",
    "Microsoft.Network/publicIPAddresses/dnsAliases/write",
  ]);
});
