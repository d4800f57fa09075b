/** A sandbox of the test's own with a client of its ARM that has no SDK in it, so that any body can be sent. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import { z } from "zod";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { Asked } from "./azure-calls.ts";
import { type Exchange, recordExchanges } from "./exchanges.ts";
import { versionOf } from "./operations.ts";

export interface PlainAzure extends AsyncDisposable {
  /** Id of the sandbox's subscription. */
  readonly subscription: string;
  /** @param path Below the subscription. */
  ask(
    method: string,
    path: string,
    version: string,
    body?: unknown,
  ): Promise<{ status: number; answer: unknown }>;
}

const tokenSchema = z.object({ access_token: z.string() });

export const openPlainAzure = async (): Promise<PlainAzure> => {
  const directory = await mkdtemp(join(tmpdir(), "provision-azure-"));
  const sandbox = await startSandbox({ directory });
  const environment = sandbox.environment();
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  const subscription = `/subscriptions/${environment.AZURE_SUBSCRIPTION_ID}`;
  const login = await fetch(`${sandbox.url}/${environment.AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    dispatcher,
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: environment.AZURE_CLIENT_ID ?? "",
      client_secret: environment.AZURE_CLIENT_SECRET ?? "",
      scope: "https://management.azure.com/.default",
    }),
  });
  const { access_token } = tokenSchema.parse(await login.json());
  return {
    subscription,
    async ask(method, path, version, body) {
      const url = new URL(`${sandbox.url}${subscription}${path}`);
      url.searchParams.set("api-version", version);
      const reply = await fetch(url, {
        method,
        dispatcher,
        headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, answer: text === "" ? undefined : JSON.parse(text) };
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.close();
      await sandbox.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** Makes the calls one after the other; `{subscription}` in their bodies is the sandbox's. */
export const recordCalls = async (calls: readonly Asked[]): Promise<readonly Exchange[]> => {
  await using azure = await openPlainAzure();
  using recorded = recordExchanges(/^\/subscriptions\//);
  for (const { area, call, body } of calls) {
    const [method = "", path = ""] = call.split(" ");
    const sent =
      body === undefined
        ? undefined
        : JSON.parse(JSON.stringify(body).replaceAll("{subscription}", azure.subscription));
    await azure.ask(method, path, versionOf(area), sent);
  }
  return recorded.exchanges;
};
