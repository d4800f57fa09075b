/** What the sandbox's Azure DNS refuses, and that the official SDK reads and writes what our steps do. */
import { DnsManagementClient } from "@azure/arm-dns";
import { expect, test } from "vitest";
import { openAzure, openSandbox } from "../open.ts";

const open = async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await azure.request("PUT", "/resourceGroups/rg", { location: "westeurope" });
  const client = new DnsManagementClient(azure.credential, azure.subscription, {
    endpoint: sandbox.url,
    credentialScopes: ["https://management.azure.com/.default"],
    tlsOptions: { ca: sandbox.authority },
    retryOptions: { maxRetries: 0 },
  });
  const { zones, recordSets } = client;
  await zones.createOrUpdate("rg", "shop.example", { location: "global" });
  const put = (
    type: "A" | "CNAME" | "TXT",
    name: string,
    set: Parameters<typeof recordSets.createOrUpdate>[4],
  ) => recordSets.createOrUpdate("rg", "shop.example", name, type, set);
  return { client, zones, recordSets, put };
};

test("a zone has four name servers, NS and SOA, and the only location is global", async () => {
  const { zones, recordSets } = await open();
  const zone = await zones.get("rg", "shop.example");
  expect(zone).toMatchObject({ location: "global", numberOfRecordSets: 2, zoneType: "Public" });
  expect(zone.nameServers).toHaveLength(4);
  const names: string[] = [];
  for await (const { type, name } of recordSets.listByDnsZone("rg", "shop.example")) {
    names.push(`${type} ${name}`);
  }
  expect(names).toEqual(["Microsoft.Network/dnsZones/NS @", "Microsoft.Network/dnsZones/SOA @"]);
  await expect(zones.createOrUpdate("rg", "other.example", { location: "westeurope" })).rejects.toMatchObject(
    {
      code: "LocationNotAvailableForResourceType",
    },
  );
});

test("what breaks the rules of DNS or of a set is refused", async () => {
  const { put } = await open();
  const refused = { statusCode: 400, code: "BadRequest" };
  const cname = { ttl: 60, cnameRecord: { cname: "x.test" } };
  await expect(put("CNAME", "@", cname)).rejects.toMatchObject(refused);
  await put("A", "www", { ttl: 60, aRecords: [{ ipv4Address: "20.0.0.1" }] });
  await expect(put("CNAME", "www", cname)).rejects.toMatchObject(refused);
  await put("CNAME", "web", cname);
  await expect(put("TXT", "web", { ttl: 60, txtRecords: [{ value: ["x"] }] })).rejects.toMatchObject(refused);
  await expect(put("A", "no", { ttl: 60, aRecords: [{ ipv4Address: "20.0.0" }] })).rejects.toMatchObject(
    refused,
  );
  await expect(put("A", "no", { ttl: 60 })).rejects.toMatchObject(refused);
  await expect(put("A", "no", { aRecords: [{ ipv4Address: "20.0.0.1" }] })).rejects.toMatchObject(refused);
  await expect(
    put("A", "no", { ttl: 60, targetResource: { id: "/subscriptions/x/none" } }),
  ).rejects.toMatchObject(refused);
});

test("metadata is kept, and conditions hold", async () => {
  const { recordSets } = await open();
  const set = { ttl: 60, metadata: { a: "b" }, aRecords: [{ ipv4Address: "20.0.0.1" }] };
  const made = await recordSets.createOrUpdate("rg", "shop.example", "a", "A", set);
  expect(made).toMatchObject({
    metadata: { a: "b" },
    fqdn: "a.shop.example.",
    provisioningState: "Succeeded",
  });
  const again = (options: object) => recordSets.createOrUpdate("rg", "shop.example", "a", "A", set, options);
  await expect(again({ ifNoneMatch: "*" })).rejects.toMatchObject({ statusCode: 412 });
  await expect(again({ ifMatch: "else" })).rejects.toMatchObject({ statusCode: 412 });
  expect(await again({ ifMatch: made.etag })).toMatchObject({ ttl: 60 });
});
