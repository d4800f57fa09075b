/** An application that trusts an issuer logs in through the real identity library, and nobody else does as it. */
import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { openDirectory } from "./directory.ts";
import { openSandbox, requestSandbox } from "./open.ts";

const scope = "https://management.azure.com/.default";
const subject = "repo:octo/shop:ref:refs/heads/main";

/** An application `ci` with a service principal and a credential for GitHub's main branch. */
const trusting = async (sandbox: Sandbox) => {
  const directory = await openDirectory(sandbox);
  const { appId } = await directory.application("ci");
  await directory.principal(appId);
  await directory.credential(appId, "main", { subject });
  return { directory, appId };
};

const loginAs = (sandbox: Sandbox, client: string, assertion: string) =>
  new ClientAssertionCredential(sandbox.environment().AZURE_TENANT_ID ?? "", client, async () => assertion, {
    authorityHost: sandbox.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: sandbox.authority },
    retryOptions: { maxRetries: 0 },
  }).getToken(scope);

test("an assertion of the subject that the application trusts is a login as its service principal", async () => {
  const sandbox = await openSandbox();
  const { appId, directory } = await trusting(sandbox);
  const { token } = await loginAs(sandbox, appId, sandbox.control.assertion({ subject }).assertion);
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  const { id } = await directory.principal(appId);
  expect(claims).toMatchObject({ appid: appId, oid: id });
});

test.each([
  ["another subject", { subject: "repo:octo/shop:pull_request" }, "AADSTS700213"],
  ["the subject in another case", { subject: subject.toUpperCase() }, "AADSTS7002138"],
  ["another issuer", { subject, issuer: "https://gitlab.com" }, "AADSTS700211"],
  ["another audience", { subject, audience: "https://github.com/octo" }, "AADSTS700212"],
  ["one that has ended", { subject, lifetime: 0.001 }, "AADSTS700024"],
])("an assertion with %s is refused in Entra's words", async (_, input, code) => {
  const sandbox = await openSandbox();
  const { appId } = await trusting(sandbox);
  await expect(loginAs(sandbox, appId, sandbox.control.assertion(input).assertion)).rejects.toThrow(code);
});

test("an assertion that the issuer has not signed is refused, and so is a secret", async () => {
  const sandbox = await openSandbox();
  const { appId } = await trusting(sandbox);
  const { assertion } = sandbox.control.assertion({ subject });
  const [head, body] = assertion.split(".");
  await expect(loginAs(sandbox, appId, `${head}.${body}.AAAA`)).rejects.toThrow("AADSTS50013");
  const secret = new ClientSecretCredential(
    sandbox.environment().AZURE_TENANT_ID ?? "",
    appId,
    sandbox.environment().AZURE_CLIENT_SECRET ?? "",
    {
      authorityHost: sandbox.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: sandbox.authority },
      retryOptions: { maxRetries: 0 },
    },
  );
  await expect(secret.getToken(scope)).rejects.toThrow("AADSTS7000215");
});

test("without a service principal, without a credential, and deleted: no login", async () => {
  const sandbox = await openSandbox();
  const directory = await openDirectory(sandbox);
  const { assertion } = sandbox.control.assertion({ subject });
  const { appId } = await directory.application("ci");
  await expect(loginAs(sandbox, appId, assertion)).rejects.toThrow("AADSTS70025");
  await directory.credential(appId, "main", { subject });
  await expect(loginAs(sandbox, appId, assertion)).rejects.toThrow("AADSTS7000229");
  await directory.principal(appId);
  await loginAs(sandbox, appId, assertion);
  await directory.request("DELETE", `applications(appId='${appId}')`);
  await expect(loginAs(sandbox, appId, assertion)).rejects.toThrow("AADSTS700016");
});

test("a job asks for its token as on GitHub and as on Azure DevOps", async () => {
  const sandbox = await openSandbox();
  const { variables } = sandbox.control.assertion({ subject, lifetime: 5 });
  const pathOf = (url: string): string => url.replace(sandbox.url, "");
  const headers = { authorization: `Bearer ${variables.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  const payload = (token: string): unknown =>
    JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

  const url = `${pathOf(variables.ACTIONS_ID_TOKEN_REQUEST_URL)}&audience=api%3A%2F%2Felse`;
  const github = await requestSandbox(sandbox, "GET", url, { headers });
  const { value } = z.object({ value: z.string() }).parse(await github.json());
  expect(payload(value)).toMatchObject({ sub: subject, aud: "api://else" });
  expect((await requestSandbox(sandbox, "GET", url)).status).toBe(401);

  const connection = `${pathOf(variables.SYSTEM_OIDCREQUESTURI)}?api-version=7.1&serviceConnectionId=1`;
  const pipelines = await requestSandbox(sandbox, "POST", connection, { headers });
  const { oidcToken } = z.object({ oidcToken: z.string() }).parse(await pipelines.json());
  expect(payload(oidcToken)).toMatchObject({ sub: subject, aud: "api://AzureADTokenExchange" });
});
