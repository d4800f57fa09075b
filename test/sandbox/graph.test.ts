/** The sandbox's Microsoft Graph is as strict as the real one. */
import { expect, test } from "vitest";
import { openDirectory, refusalOf } from "./directory.ts";
import { openSandbox } from "./open.ts";

const issuer = "https://token.actions.githubusercontent.com";
const notFound = { status: 404, code: "Request_ResourceNotFound" };
const badRequest = { status: 400, code: "Request_BadRequest" };
const badCredential = { status: 400, code: "InvalidFederatedIdentityCredentialValue" };

test("an application is made by its unique name, once, and only where that is asked for", async () => {
  const { request, upsert } = await openDirectory(await openSandbox());
  const path = "applications(uniqueName='ci')";
  expect(refusalOf(await request("GET", path))).toEqual(notFound);
  expect(refusalOf(await request("PATCH", path, { displayName: "CI" }))).toEqual(notFound);
  expect(refusalOf(await request("PATCH", path, {}, upsert))).toEqual(badRequest);
  expect(refusalOf(await request("PATCH", path, { displayName: "CI", color: 1 }, upsert))).toEqual(
    badRequest,
  );
  const made = await request("PATCH", path, { displayName: "CI", tags: ["a"] }, upsert);
  expect(made).toMatchObject({ status: 201, body: { uniqueName: "ci", displayName: "CI", tags: ["a"] } });
  expect((await request("PATCH", path, { displayName: "C" }, upsert)).status).toBe(204);
  const read = await request("GET", path);
  expect(read.body).toMatchObject({ id: made.body.id, displayName: "C", tags: ["a"] });
  expect((await request("GET", `applications/${read.body.id}`)).body.appId).toBe(made.body.appId);
});

test("a deleted application keeps its name from others until it is restored or deleted for good", async () => {
  const { request, upsert, application } = await openDirectory(await openSandbox());
  const { id } = await application("ci");
  expect((await request("DELETE", `applications/${id}`)).status).toBe(204);
  const path = "applications(uniqueName='ci')";
  expect(refusalOf(await request("PATCH", path, { displayName: "ci" }, upsert))).toEqual(badRequest);
  const deleted = await request("GET", "directory/deletedItems/microsoft.graph.application");
  expect(deleted.body.value).toMatchObject([{ id, uniqueName: "ci" }]);
  expect((await request("POST", `directory/deletedItems/${id}/restore`)).status).toBe(200);
  expect((await request("GET", path)).body.id).toBe(id);
  await request("DELETE", `applications/${id}`);
  expect((await request("DELETE", `directory/deletedItems/${id}`)).status).toBe(204);
  expect((await request("PATCH", path, { displayName: "ci" }, upsert)).status).toBe(201);
});

test("a service principal needs its application, and goes with it", async () => {
  const { request, upsert, application, principal } = await openDirectory(await openSandbox());
  const stray = "servicePrincipals(appId='00000000-0000-4000-8000-000000000001')";
  expect(refusalOf(await request("PATCH", stray, { displayName: "x" }, upsert))).toEqual(badRequest);
  const { appId } = await application("ci");
  const { id } = await principal(appId);
  expect((await principal(appId)).id).toBe(id);
  await request("DELETE", `applications(appId='${appId}')`);
  expect(refusalOf(await request("GET", `servicePrincipals/${id}`))).toEqual(notFound);
});

test("issuer and subject are unique, names stay, one audience, at most twenty", async () => {
  const { request, upsert, application, credential } = await openDirectory(await openSandbox());
  const { appId } = await application("ci");
  expect((await credential(appId, "main", { subject: "a" })).status).toBe(201);
  expect((await credential(appId, "main", { subject: "b" })).status).toBe(204);
  const again = await credential(appId, "other", { subject: "b" });
  expect(refusalOf(again)).toEqual(badCredential);
  expect(refusalOf(await credential(appId, "two", { subject: "c", audiences: ["x", "y"] }))).toEqual(
    badCredential,
  );
  expect(refusalOf(await credential(appId, "main", { name: "new" }))).toEqual(badCredential);
  expect(refusalOf(await credential(appId, "no spaces", { subject: "c" }))).toEqual(badCredential);
  for (let number = 1; number < 20; number++)
    await credential(appId, `n-${number}`, { subject: `${number}` });
  expect(refusalOf(await credential(appId, "n-20", { subject: "20" }))).toEqual(badRequest);
  const path = `applications(appId='${appId}')/federatedIdentityCredentials`;
  const filter = encodeURIComponent("subject eq 'b'");
  expect((await request("GET", `${path}?$filter=${filter}`)).body.value).toMatchObject([
    { name: "main", issuer },
  ]);
  expect((await request("DELETE", `${path}/main`)).status).toBe(204);
  expect(refusalOf(await request("GET", `${path}/main`))).toEqual(notFound);
  const patched = await request("PATCH", `${path}(name='main')`, { subject: "b" });
  expect(refusalOf(patched)).toEqual(notFound);
  expect(upsert.prefer).toBe("create-if-missing");
});

test("lists are found by tag and paged; what needs the slow index says so", async () => {
  const { request, upsert } = await openDirectory(await openSandbox());
  for (const name of ["a", "b", "c"]) {
    const body = { displayName: name, tags: name === "c" ? [] : ["ours"] };
    await request("PATCH", `applications(uniqueName='${name}')`, body, upsert);
  }
  const filter = encodeURIComponent("tags/any(t:t eq 'ours')");
  const first = await request("GET", `applications?$filter=${filter}&$top=1`);
  expect(first.body.value).toMatchObject([{ uniqueName: "a" }]);
  const next = String(first.body["@odata.nextLink"]).replace(/^.*\/graph\/v1\.0\//, "");
  expect((await request("GET", next)).body.value).toMatchObject([{ uniqueName: "b" }]);
  const unsupported = { status: 400, code: "Request_UnsupportedQuery" };
  expect(refusalOf(await request("GET", "applications?$count=true"))).toEqual(unsupported);
});

test("what is not replicated yet is not there yet", async () => {
  const sandbox = await openSandbox();
  const { request, upsert } = await openDirectory(sandbox);
  sandbox.control.holdReplication(true);
  const path = "applications(uniqueName='ci')";
  const { appId } = (await request("PATCH", path, { displayName: "ci" }, upsert)).body;
  expect(refusalOf(await request("GET", path))).toEqual(notFound);
  const principal = await request(
    "PATCH",
    `servicePrincipals(appId='${appId}')`,
    { displayName: "x" },
    upsert,
  );
  expect(refusalOf(principal)).toEqual(badRequest);
  sandbox.control.holdReplication(false);
  expect((await request("GET", path)).status).toBe(200);
});
