/** The client over the SDK's real pipeline, against the sandbox: login, cloud, subscription, faults. */
import { expect, test } from "vitest";
import { z } from "zod";
import { aksKubeconfig } from "../../../src/clients/azure/cluster-access.ts";
import { openAzure } from "../../../src/clients/azure/open.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { environmentOf } from "../../steps/azure/sandbox-context.ts";

const { signal } = new AbortController();
const anything = z.looseObject({});

test("the endpoint announces its login, and the subscription is found", async () => {
  const sandbox = await openSandbox();
  const client = await openAzure(environmentOf(sandbox));
  expect(client.subscription).toBe(sandbox.environment().AZURE_SUBSCRIPTION_ID);
  const group = `/subscriptions/${client.subscription}/resourceGroups/none`;
  expect(await client.get(group, "2021-04-01", anything, signal)).toBeUndefined();
  expect(await client.list(`${group}/resources`, "2021-04-01", anything, signal)).toEqual([]);
});

test("a wrong subscription is told at once, with those that the login can see", async () => {
  const sandbox = await openSandbox();
  const environment = environmentOf(sandbox);
  const wrong = { ...environment, azure: { ...environment.azure, subscription: crypto.randomUUID() } };
  await expect(openAzure(wrong)).rejects.toMatchObject({ kind: "rejected" });
  const none = environmentOf(sandbox, { AZURE_SUBSCRIPTION_ID: "" });
  await expect(openAzure(none)).rejects.toMatchObject({
    code: "P0805",
    evidence: [expect.stringContaining(sandbox.environment().AZURE_SUBSCRIPTION_ID ?? "")],
  });
});

test("a wrong secret is a login that failed, in Entra's own code, and the secret is in no message", async () => {
  const sandbox = await openSandbox();
  const failure = await openAzure(environmentOf(sandbox, { AZURE_CLIENT_SECRET: "wrong-secret" })).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ kind: "unauthenticated", code: expect.stringMatching(/^AADSTS/) });
  expect(String(failure)).not.toContain("wrong-secret");
});

test("an address that is no ARM says so", async () => {
  const sandbox = await openSandbox();
  const environment = environmentOf(sandbox, { AZURE_AUTHORITY_HOST: sandbox.url });
  const elsewhere = { ...environment, azure: { endpoint: `${sandbox.url}/client/v4` } };
  await expect(openAzure(elsewhere)).rejects.toMatchObject({ code: "P0802" });
});

test("a server whose certificate nobody vouches for is not talked to", async () => {
  const sandbox = await openSandbox();
  await expect(openAzure(environmentOf(sandbox, { PROVISION_CA_FILE: "" }))).rejects.toMatchObject({
    kind: "rejected",
    hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
  });
});

test("a read is asked again after a cut connection; a write never is", async () => {
  const sandbox = await openSandbox();
  const client = await openAzure(environmentOf(sandbox));
  const group = `/subscriptions/${client.subscription}/resourceGroups/rg`;
  sandbox.control.fault({ kind: "reset-before", service: "arm", method: "GET", path: "resourceGroups/rg$" });
  expect(await client.get(group, "2021-04-01", anything, signal)).toBeUndefined();
  sandbox.control.fault({ kind: "reset-after", service: "arm", method: "PUT", path: "resourceGroups/rg$" });
  const lost = client.put(group, "2021-04-01", { location: "westeurope" }, {}, signal);
  await expect(lost).rejects.toMatchObject({ kind: "transient" });
  const puts = sandbox.control.requests().entries.filter(({ method }) => method === "PUT");
  expect(puts).toHaveLength(1);
  expect(await client.get(group, "2021-04-01", anything, signal)).toBeDefined();
});

test("throttling says how long to wait", async () => {
  const sandbox = await openSandbox();
  const client = await openAzure(environmentOf(sandbox));
  const group = `/subscriptions/${client.subscription}/resourceGroups/rg`;
  sandbox.control.fault({
    kind: "status",
    service: "arm",
    method: "PUT",
    status: 429,
    headers: { "retry-after": "9" },
    body: { error: { code: "TooManyRequests", message: "slow down" } },
  });
  await expect(client.put(group, "2021-04-01", { location: "westeurope" }, {}, signal)).rejects.toMatchObject(
    {
      kind: "throttled",
      retryAfter: 9000,
    },
  );
});

test("a call that is called off ends as cancelled", async () => {
  const sandbox = await openSandbox();
  const client = await openAzure(environmentOf(sandbox));
  const call = client.get("/subscriptions", "2022-12-01", anything, AbortSignal.abort());
  await expect(call).rejects.toThrow();
});

test("an access that does not exist is refused by name", async () => {
  const sandbox = await openSandbox();
  const environment = environmentOf(sandbox);
  const access = aksKubeconfig(
    environment,
    (key) => key.open(environment, () => Promise.reject()),
    "/subscriptions/s#root",
  );
  await expect(access).rejects.toMatchObject({ code: "P0820" });
});
