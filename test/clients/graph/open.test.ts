/** The client over the SDK's real pipeline, against the sandbox: where Graph is, whom it lets in, and what it says. */
import { expect, test } from "vitest";
import { z } from "zod";
import { graphOf } from "../../../src/clients/azure/cloud.ts";
import { keyed } from "../../../src/clients/graph/client.ts";
import { openGraph } from "../../../src/clients/graph/open.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { environmentOf } from "../../steps/azure/sandbox-context.ts";

const { signal } = new AbortController();
const named = z.object({ uniqueName: z.string() });

test("public Azure's Graph is known; another cloud announces its own", async () => {
  expect(await graphOf({ endpoint: "https://management.azure.com" }, undefined)).toBe(
    "https://graph.microsoft.com",
  );
  const sandbox = await openSandbox();
  expect(await graphOf({ endpoint: sandbox.url }, sandbox.authority)).toBe(`${sandbox.url}/graph`);
});

test("what is not there is undefined; a list follows its pages; a name may hold anything", async () => {
  const client = await openGraph(environmentOf(await openSandbox()));
  const path = keyed("applications", "uniqueName", "it's ours");
  expect(await client.get(path, named, signal)).toBeUndefined();
  await client.upsert(path, { displayName: "ours", tags: ["t"] }, signal);
  await client.upsert(path, { displayName: "still ours" }, signal);
  expect(await client.get(path, named, signal)).toEqual({ uniqueName: "it's ours" });
  await client.upsert(
    keyed("applications", "uniqueName", "two"),
    { displayName: "two", tags: ["t"] },
    signal,
  );
  const listed = await client.list("applications", named, signal, {
    $filter: "tags/any(t:t eq 't')",
    $top: "1",
  });
  expect(listed.map(({ uniqueName }) => uniqueName)).toEqual(["it's ours", "two"]);
});

test("a refusal has Graph's code and the id of the request; removing what is gone is no failure", async () => {
  const client = await openGraph(environmentOf(await openSandbox()));
  const refused = client.upsert(keyed("applications", "uniqueName", "x"), { color: 1 }, signal);
  await expect(refused).rejects.toMatchObject({
    kind: "rejected",
    code: "Request_BadRequest",
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await client.delete("applications/00000000-0000-4000-8000-000000000000", signal);
});

test("a login that Entra refuses is one that failed", async () => {
  const sandbox = await openSandbox();
  const client = await openGraph(environmentOf(sandbox, { AZURE_CLIENT_SECRET: "wrong" }));
  await expect(client.list("applications", named, signal)).rejects.toMatchObject({
    kind: "unauthenticated",
    code: "AADSTS7000215",
  });
});
