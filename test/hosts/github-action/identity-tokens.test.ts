/** A login by GitHub's identity tokens through a run of an hour, on the sandbox's Entra: assertions live for 5 minutes. */
import { afterEach, expect, test, vi } from "vitest";
import { openLogin, tokenOf } from "../../../src/clients/azure/login.ts";
import { openAzure } from "../../../src/clients/azure/open.ts";
import { watchSecrets } from "../../../src/step/secret.ts";
import { liveThroughAnHour, openFederated } from "../identity-service.ts";
import { githubTokens } from "./identity-tokens.ts";

afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();

const open = (lifetime = 300) => openFederated(githubTokens, lifetime);

test("through an hour nothing is refused, and no assertion is used after it has expired", async () => {
  // Seconds: tokens of Entra end often, so that assertions are needed often.
  const { assertions } = await liveThroughAnHour(open, 240);
  expect(assertions.length).toBeGreaterThanOrEqual(12);
});

test("an assertion that is used too late is refused by the sandbox's Entra: the hour above proves something", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { environment } = await open(0.001);
  await expect(openAzure(environment)).rejects.toMatchObject({ code: "AADSTS700024" });
});

test("a fault of GitHub's service passes, a refusal does not", async () => {
  const { tokens, environment } = await open();
  const login = await openLogin(environment);
  const ask = () => tokenOf(login, "https://management.azure.com/.default", signal);
  tokens.faults.push(503);
  await expect(ask()).rejects.toMatchObject({ kind: "transient", code: "P0803" });
  tokens.faults.push(429);
  await expect(ask()).rejects.toMatchObject({ kind: "transient" });
  tokens.faults.push(403);
  await expect(ask()).rejects.toMatchObject({
    kind: "unauthenticated",
    hint: expect.stringContaining("id-token: write"),
  });
  expect((await ask()).token).toContain(".");
});

test("assertion and token are told as secrets before they are used", async () => {
  const { tokens, environment } = await open();
  const told: string[] = [];
  const stop = watchSecrets((secret) => told.push(secret.reveal()));
  const login = await openLogin(environment);
  const { token } = await tokenOf(login, "https://management.azure.com/.default", signal);
  await tokenOf(login, "https://management.azure.com/.default", signal);
  stop();
  expect(new Set(told)).toEqual(new Set([...tokens.assertions, token]));
  expect(told.filter((text) => text === token)).toHaveLength(1);
});
