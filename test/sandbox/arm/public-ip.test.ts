import { expect, test } from "vitest";
import { makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

const path = "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip";
const standard = (more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}) => ({
  location: "westeurope",
  sku: { name: "Standard" },
  properties: { publicIPAllocationMethod: "Static", ...properties },
  ...more,
});

test("an address is the same for the same name, and keeps over updates", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const address = async () => (await azure.network.publicIPAddresses.get("rg", "ip")).ipAddress;
  expect((await azure.request("PUT", path, standard())).status).toBe(201);
  const first = await address();
  expect((await azure.request("PUT", path, standard({ tags: { a: "b" } }))).status).toBe(200);
  expect(await address()).toBe(first);
});

test("a label gives a name, which is one's own in the region", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const label = { dnsSettings: { domainNameLabel: "clu" } };
  const made = await azure.request("PUT", path, standard({}, label));
  expect(made.body).toMatchObject({
    properties: { dnsSettings: { fqdn: "clu.westeurope.cloudapp.azure.com" } },
  });
  expect(refusal(await azure.request("PUT", `${path}2`, standard({}, label)))).toEqual({
    status: 400,
    code: "DnsRecordInUse",
  });
});

test("what Azure refuses of an address is refused with its code", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  const code = async (body: unknown) => refusal(await azure.request("PUT", path, body));
  expect(await code({ location: "westeurope" })).toMatchObject({
    code: "IPv4BasicSkuPublicIpCountLimitReached",
  });
  expect(await code(standard({}, { publicIPAllocationMethod: "Dynamic" }))).toMatchObject({
    code: "StandardSkuPublicIPAddressesMustBeStatic",
  });
  expect(await code(standard({ location: "westus", zones: ["1"] }))).toMatchObject({
    code: "LocationNotSupportAvailabilityZones",
  });
  await azure.request("PUT", path, standard({ zones: ["1", "2", "3"] }));
  expect(await code(standard({ zones: ["1"] }))).toMatchObject({
    code: "ResourceAvailabilityZonesCannotBeModified",
  });
  expect(await code(standard({ location: "northeurope", zones: ["1", "2", "3"] }))).toMatchObject({
    status: 409,
    code: "InvalidResourceLocation",
  });
  sandbox.control.quota("westeurope", "StandardSkuPublicIpAddresses", 1);
  expect(refusal(await azure.request("PUT", `${path}2`, standard()))).toMatchObject({
    code: "PublicIPCountLimitReached",
  });
});

test("absent is success on deletion", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  expect((await azure.request("DELETE", path)).status).toBe(204);
});

test("the answer to a creation does not say the address yet, as Azure's does not", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const made = await azure.request("PUT", path, standard());
  expect(made.body.properties).toMatchObject({ provisioningState: "Updating" });
  expect(made.body.properties).not.toHaveProperty("ipAddress");
  await expect
    .poll(async () => (await azure.request("GET", path)).body.properties)
    .toMatchObject({ provisioningState: "Succeeded", ipAddress: expect.stringMatching(/^\d+\./) });
});

test("a write under the etag of another version is refused, as the network's is", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", path, standard());
  const refused = await azure.request("PUT", path, standard(), { "if-match": 'W/"old"' });
  expect(refused.status).toBe(412);
  expect(refused.body.error).toMatchObject({
    code: "PreconditionFailed",
    message: "Precondition failed.",
    details: [{ code: "PreconditionFailedEtagMismatch" }],
  });
});
