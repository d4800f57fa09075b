import { checkExistence, list, update } from "@azure/arm-resources/api/resourceGroups";
import { expect, test } from "vitest";
import { makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

test("groups are found by tag, patched, and asked for without being read", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure, "rg-a");
  await makeGroup(azure, "rg-b");
  await update(azure.resources, "RG-A", { tags: { "provision-pipeline": "p" } });
  const found = [];
  for await (const group of list(azure.resources, {
    filter: "tagName eq 'provision-pipeline' and tagValue eq 'p'",
  })) {
    found.push(group.name);
  }
  expect(found).toEqual(["rg-a"]);
  expect(await checkExistence(azure.resources, "rg-b")).toMatchObject({ body: true });
  expect(await checkExistence(azure.resources, "rg-c")).toMatchObject({ body: false });
});

test("a group stays in its region, and needs one that exists", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const moved = await azure.request("PUT", "/resourceGroups/rg", { location: "northeurope" });
  expect(refusal(moved)).toEqual({ status: 409, code: "InvalidResourceGroupLocation" });
  const nowhere = await azure.request("PUT", "/resourceGroups/rg2", { location: "atlantis" });
  expect(refusal(nowhere)).toEqual({ status: 400, code: "LocationNotAvailableForResourceGroup" });
  expect(refusal(await azure.request("PUT", "/resourceGroups/rg3", {}))).toMatchObject({ status: 400 });
});

test("a lock on a group, or on something in it, keeps it from being deleted", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const lock = "/resourceGroups/rg/providers/Microsoft.Authorization/locks/keep";
  await azure.request("PUT", lock, { properties: { level: "CanNotDelete" } });
  expect(refusal(await azure.request("DELETE", "/resourceGroups/rg"))).toEqual({
    status: 409,
    code: "ScopeLocked",
  });
  expect((await azure.request("DELETE", lock)).status).toBe(200);
  expect((await azure.request("DELETE", "/resourceGroups/rg")).status).toBe(202);
});

test("while a group is being deleted, nothing is written into it", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "DELETE" });
  const deletion = await azure.request("DELETE", "/resourceGroups/rg");
  const result = deletion.headers.get("location") ?? "";
  expect((await azure.request("GET", "/resourceGroups/rg")).body).toMatchObject({
    properties: { provisioningState: "Deleting" },
  });
  const identity = "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id";
  expect(refusal(await azure.request("PUT", identity, { location: "westeurope" }))).toEqual({
    status: 409,
    code: "ResourceGroupBeingDeleted",
  });
  const poll = `/${new URL(result).pathname}`;
  expect((await azure.request("GET", poll)).status).toBe(202);
  sandbox.control.releaseOperations();
  expect((await azure.request("GET", poll)).status).toBe(200);
  expect(sandbox.control.inventory().groups).toEqual([]);
});

test("the list of a subscription's resources is filtered by tag, type and group", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure, "rg-a");
  await makeGroup(azure, "rg-b");
  for (const group of ["rg-a", "rg-b"]) {
    const path = `/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id`;
    await azure.request("PUT", path, { location: "westeurope", tags: { owner: group } });
  }
  const names = async (filter: string): Promise<number> => {
    const reply = await azure.request("GET", `/resources?$filter=${encodeURIComponent(filter)}`);
    return Array.isArray(reply.body.value) ? reply.body.value.length : -1;
  };
  expect(await names("tagName eq 'owner'")).toBe(2);
  expect(await names("tagName eq 'owner' and tagValue eq 'rg-b'")).toBe(1);
  expect(await names("resourceGroup eq 'rg-a'")).toBe(1);
  expect(await names("resourceType eq 'Microsoft.Network/publicIPAddresses'")).toBe(0);
});

test("tags of anything are read and written on their own, since a list filtered by tag leaves them out", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const identity = "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id";
  await azure.request("PUT", identity, { location: "westeurope", tags: { a: "1" } });
  const filter = encodeURIComponent("tagName eq 'a' and tagValue eq '1'");
  const found = await azure.request("GET", `/resources?$filter=${filter}`);
  expect(found.body.value).toEqual([expect.not.objectContaining({ tags: expect.anything() })]);
  const tags = `${identity}/providers/Microsoft.Resources/tags/default`;
  expect((await azure.request("GET", tags)).body).toMatchObject({ properties: { tags: { a: "1" } } });
  const merged = { operation: "Merge", properties: { tags: { b: "2" } } };
  await azure.request("PATCH", tags, merged);
  expect((await azure.request("GET", identity)).body.tags).toEqual({ a: "1", b: "2" });
  const absent =
    "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip/providers/Microsoft.Resources/tags/default";
  expect((await azure.request("GET", absent)).status).toBe(404);
});
