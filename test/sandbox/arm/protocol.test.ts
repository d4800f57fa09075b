import { expect, test } from "vitest";
import { makeGroup, openAzure, openSandbox, refusal, requestSandbox } from "../open.ts";

test("a request needs a token of the tenant and an api-version", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  const path = `/subscriptions/${azure.subscription}?api-version=2022-12-01`;

  const anonymous = await requestSandbox(sandbox, "GET", path);
  expect(anonymous.status).toBe(401);
  expect(anonymous.headers.get("www-authenticate")).toContain(`authorization_uri="${sandbox.url}/`);

  const forged = await requestSandbox(sandbox, "GET", path, { headers: { authorization: "Bearer a.b.c" } });
  expect(await forged.json()).toMatchObject({ error: { code: "InvalidAuthenticationToken" } });

  const token = await azure.credential.getToken("https://management.azure.com/.default");
  const headers = { authorization: `Bearer ${token.token}` };
  const unversioned = await requestSandbox(sandbox, "GET", path.split("?")[0] ?? "", { headers });
  expect(unversioned.status).toBe(400);
  expect(await unversioned.json()).toMatchObject({ error: { code: "MissingApiVersionParameter" } });

  const vault = await azure.credential.getToken("https://vault.azure.net/.default");
  const elsewhere = await requestSandbox(sandbox, "GET", path, {
    headers: { authorization: `Bearer ${vault.token}` },
  });
  expect(await elsewhere.json()).toMatchObject({ error: { code: "InvalidAuthenticationTokenAudience" } });
});

test("an expired token is refused with the code that clients renew on", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  sandbox.control.fault({ kind: "expired-token", service: "arm" });
  const reply = await azure.request("GET", "");
  expect(refusal(reply)).toEqual({ status: 401, code: "ExpiredAuthenticationToken" });
  expect((await azure.request("GET", "")).status).toBe(200);
});

test("what is not there is named by kind: subscription, group, resource, type", async () => {
  const azure = openAzure(await openSandbox());
  const other = "//subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";
  expect(refusal(await azure.request("GET", other))).toEqual({ status: 404, code: "SubscriptionNotFound" });
  const ip = "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip";
  expect(refusal(await azure.request("GET", ip))).toEqual({ status: 404, code: "ResourceGroupNotFound" });
  await makeGroup(azure);
  expect(refusal(await azure.request("GET", ip))).toEqual({ status: 404, code: "ResourceNotFound" });
  const unknown = "/resourceGroups/rg/providers/Microsoft.Network/teapots/t";
  expect(refusal(await azure.request("GET", unknown))).toEqual({ status: 404, code: "InvalidResourceType" });
});

test("every answer names its request", async () => {
  const azure = openAzure(await openSandbox());
  const { headers } = await azure.request("GET", "");
  expect(headers.get("x-ms-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get("x-ms-correlation-request-id")).toBe(headers.get("x-ms-request-id"));
  expect(headers.get("x-ms-ratelimit-remaining-subscription-reads")).toBe("249");
});

test("the cloud announces itself under each of its usual names", async () => {
  const sandbox = await openSandbox();
  const old = await requestSandbox(sandbox, "GET", "/metadata/endpoints?api-version=2019-05-01");
  expect(await old.json()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: "AzureStackCloud",
        resourceManager: sandbox.url,
        authentication: expect.objectContaining({ loginEndpoint: `${sandbox.url}/` }),
      }),
    ]),
  );
  const recent = await requestSandbox(sandbox, "GET", "/metadata/endpoints?api-version=2022-09-01");
  expect(await recent.json()).toMatchObject({ name: "AzureCloud", resourceManager: sandbox.url });
});

test("the 21st PUT of a cluster is throttled, and says when to come back", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.throttle(true);
  const path = "/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c";
  for (let count = 0; count < 20; count++) {
    expect((await azure.request("PUT", path, {})).status).toBe(400);
  }
  const throttled = await azure.request("PUT", path, {});
  expect(refusal(throttled)).toEqual({ status: 429, code: "Throttled" });
  expect(Number(throttled.headers.get("retry-after"))).toBeGreaterThan(50);
});
