/** A login by a service connection's identity tokens through an hour, on the sandbox's Entra: assertions live 10 minutes. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openLogin, tokenOf } from "../../../src/clients/azure/login.ts";
import { openAzure } from "../../../src/clients/azure/open.ts";
import { temporaryFolder } from "../../sandbox/open.ts";
import { liveThroughAnHour, openFederated } from "../identity-service.ts";
import { azureDevOpsTokens } from "./identity-tokens.ts";

afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();
const scope = "https://management.azure.com/.default";

const open = (lifetime = 600) => openFederated(azureDevOpsTokens, lifetime);

test("through an hour nothing is refused, and no assertion is used after it has expired", async () => {
  // Seconds: tokens of Entra end often, so that assertions are needed often.
  const { assertions } = await liveThroughAnHour(open, 660);
  expect(assertions.length).toBeGreaterThanOrEqual(5);
});

test("an assertion that is used too late is refused: the hour above proves something", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { environment } = await open(0.001);
  await expect(openAzure(environment)).rejects.toMatchObject({ code: "AADSTS700024" });
});

test("a fault of Azure DevOps passes, a refusal does not, and says what to look at", async () => {
  const { tokens, environment } = await open();
  const ask = async () => tokenOf(await openLogin(environment), scope, signal);
  tokens.faults.push(503);
  await expect(ask()).rejects.toMatchObject({ kind: "transient", code: "P0842" });
  tokens.faults.push(403);
  await expect(ask()).rejects.toMatchObject({
    kind: "unauthenticated",
    code: "P0842",
    hint: expect.stringContaining("service connection"),
  });
  expect((await ask()).token).toContain(".");
});

test("a job's token that has ended is a refusal, and is in no message", async () => {
  const { environment } = await open();
  const ended = {
    ...environment,
    variables: { ...environment.variables, SYSTEM_ACCESSTOKEN: "ended-token" },
  };
  const failure = await tokenOf(await openLogin(ended), scope, signal).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: "unauthenticated", message: expect.stringContaining("status 401") });
  expect(String(failure)).not.toContain("ended-token");
});

test("a certificate of the connection logs in", async () => {
  const { sandbox, environment } = await open();
  const file = join(await temporaryFolder(), "certificate.pem");
  await writeFile(file, await certificateWithKey());
  const variables = {
    ...environment.variables,
    SYSTEM_OIDCREQUESTURI: "",
    AZURE_CLIENT_CERTIFICATE_PATH: file,
  };
  expect((await openAzure({ ...environment, variables })).subscription).toBe(
    sandbox.environment().AZURE_SUBSCRIPTION_ID,
  );
});

/** As a service connection holds it: PEM of the certificate and of its private key, one after the other. */
const certificateWithKey = async (): Promise<string> => {
  // The sandbox has loaded what the package wants to find when it is imported.
  const { PemConverter, X509CertificateGenerator } = await import("@peculiar/x509");
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=connection",
    signingAlgorithm: algorithm,
    keys,
  });
  const key = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return `${certificate.toString("pem")}\n${key}\n`;
};
