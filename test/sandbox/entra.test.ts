import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { openSandbox, requestSandbox } from "./open.ts";

const scope = "https://management.azure.com/.default";

test("a credential of the real identity library gets a token, and is refused in Entra's words", async () => {
  const sandbox = await openSandbox();
  const environment = sandbox.environment();
  const options = {
    authorityHost: sandbox.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: sandbox.authority },
    retryOptions: { maxRetries: 0 },
  };
  const tenant = environment.AZURE_TENANT_ID ?? "";
  const client = environment.AZURE_CLIENT_ID ?? "";
  const secret = environment.AZURE_CLIENT_SECRET ?? "";
  const ask = (clientId: string, text: string) =>
    new ClientSecretCredential(tenant, clientId, text, options).getToken(scope);

  const token = await ask(client, secret);
  expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_500_000);
  await expect(ask(client, "wrong")).rejects.toThrow("AADSTS7000215");
  await expect(ask("00000000-0000-0000-0000-000000000001", secret)).rejects.toThrow("AADSTS700016");
  sandbox.control.secretExpired(true);
  await expect(ask(client, secret)).rejects.toThrow("AADSTS7000222");
});

test("a federated assertion is taken until it expires", async () => {
  const sandbox = await openSandbox();
  const { AZURE_TENANT_ID: tenant = "", AZURE_CLIENT_ID: client = "" } = sandbox.environment();
  const assertion = (exp: number): string =>
    ["{}", JSON.stringify({ iss: "https://issuer", sub: "repo", exp }), "s"]
      .map((part) => Buffer.from(part).toString("base64url"))
      .join(".");
  const ask = (exp: number) =>
    new ClientAssertionCredential(tenant, client, async () => assertion(exp), {
      authorityHost: sandbox.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: sandbox.authority },
    }).getToken(scope);
  expect((await ask(Date.now() / 1000 + 60)).token).toContain(".");
  await expect(ask(Date.now() / 1000 - 60)).rejects.toThrow("AADSTS700024");
});

test("a token lives as long as the control says", async () => {
  const sandbox = await openSandbox();
  const environment = sandbox.environment();
  sandbox.control.tokenLifetime(5);
  const answer = await requestSandbox(sandbox, "POST", `/${environment.AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: environment.AZURE_CLIENT_ID ?? "",
      client_secret: environment.AZURE_CLIENT_SECRET ?? "",
      scope,
    }).toString(),
  });
  expect(await answer.json()).toMatchObject({ expires_in: 5, token_type: "Bearer" });
});

test("a tenant that is not there is said so, with the fields that clients read", async () => {
  const sandbox = await openSandbox();
  const answer = await requestSandbox(sandbox, "POST", "/contoso.example/oauth2/v2.0/token", { body: "" });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: "invalid_request",
    error_codes: [90002],
    error_description: expect.stringContaining("AADSTS90002"),
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
  });
});
