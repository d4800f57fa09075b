/** What an SDK package says of a body: required, undeclared, of the wrong type or value, and only the service's. */
import { expect, test } from "vitest";
import { openSdkPackage } from "./sdk-package.ts";

test("of a package with mappers, names on the wire, limits and values of enumerations are known", async () => {
  const check = await openSdkPackage("arm-network-2024-05-01", "mappers");
  const address = {
    location: "eastus",
    properties: { publicIPAllocationMethod: "Static" },
    tags: { a: "b" },
  };
  expect(check("PublicIPAddress", "request", address)).toEqual([]);
  expect(
    check("PublicIPAddress", "answer", { ...address, publicIPAllocationMethod: "Static", sku: "Basic" }),
  ).toEqual([
    expect.stringContaining('"publicIPAllocationMethod"'),
    '/sku: must be object {"type":"object"}',
  ]);
  expect(check("PublicIPAddress", "answer", { properties: { publicIPAllocationMethod: "Elastic" } })).toEqual(
    [expect.stringContaining("/properties/publicIPAllocationMethod: must be equal to one of")],
  );
  expect(check("PublicIPAddress", "request", { etag: "a", properties: {} })).toEqual([
    expect.stringContaining("/etag: boolean schema is false"),
  ]);
  const subnet = { name: "a", properties: { addressPrefix: "10.0.0.0/24" } };
  expect(
    check("VirtualNetwork", "answer", { properties: { subnets: [subnet, { ...subnet, id: 1 }] } }),
  ).toEqual([expect.stringContaining("/properties/subnets/1/id: must be string")]);
});

test("of a package with readers, the flattened and the renamed are where they are on the wire", async () => {
  const check = await openSdkPackage("@azure/arm-containerservice", "readers");
  const cluster = {
    location: "eastus",
    properties: { enableRBAC: true, agentPoolProfiles: [{ name: "system", osType: "Linux" }] },
  };
  expect(check("ManagedCluster", "answer", cluster)).toEqual([]);
  expect(check("ManagedCluster", "answer", { properties: {} })).toEqual([
    expect.stringContaining('"location"'),
  ]);
  expect(check("ManagedCluster", "answer", { location: "eastus", properties: { enableRbac: true } })).toEqual(
    [expect.stringContaining('"enableRbac"')],
  );
  expect(
    check("ManagedCluster", "answer", {
      location: "eastus",
      properties: { agentPoolProfiles: [{ osType: "linux" }] },
    }),
  ).toEqual([
    expect.stringContaining('"name"'),
    expect.stringContaining("/properties/agentPoolProfiles/0/osType: must be equal to one of"),
  ]);
  expect(check("ManagedCluster", "request", { location: "eastus", properties: { fqdn: "a" } })).toEqual([
    expect.stringContaining("/properties/fqdn: boolean schema is false"),
  ]);
});

test("a model that the package has not is said, not passed over", async () => {
  const check = await openSdkPackage("arm-msi-2023-01-31", "mappers");
  expect(() => check("Identities", "answer", {})).toThrow("arm-msi-2023-01-31 has no model Identities");
});
