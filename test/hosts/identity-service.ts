/** A CI host's service of identity tokens, on loopback, and a login that lives on its tokens through an hour. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { expect, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { openAzure } from "../../src/clients/azure/open.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import type { Environment } from "../../src/step/context.ts";
import { openSandbox } from "../sandbox/open.ts";
import { environmentOf } from "../steps/azure/sandbox-context.ts";

type Assertion = Parameters<Sandbox["control"]["assertion"]>[0];

export interface IdentityTokens {
  /** What a job's environment says of the service. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those that were handed out. */
  readonly assertions: readonly string[];
  /** Answers the next questions with these, before any assertion. */
  readonly faults: number[];
}

export interface IdentityHost {
  /** The status and body for a question that is not answered with an assertion; undefined for one that is. */
  refuse(request: IncomingMessage, url: URL): readonly [status: number, body?: string] | undefined;
  /** What it vouches for. */
  claims(url: URL): Omit<Assertion, "lifetime">;
  answer(assertion: string): object;
  /** `origin`: where the service listens. */
  variables(origin: string): Readonly<Record<string, string>>;
}

/** `lifetime`: seconds that an assertion lives. */
export const openIdentityTokens = async (
  sandbox: Pick<Sandbox, "control">,
  host: IdentityHost,
  lifetime: number,
): Promise<IdentityTokens> => {
  const assertions: string[] = [];
  const faults: number[] = [];
  const port = await listen((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const fault = faults.shift();
    const [status, body] = fault === undefined ? (host.refuse(request, url) ?? []) : [fault];
    if (status !== undefined) {
      response.writeHead(status).end(body);
      return;
    }
    const { assertion } = sandbox.control.assertion({ ...host.claims(url), lifetime });
    assertions.push(assertion);
    response.end(JSON.stringify(host.answer(assertion)));
  });
  return { variables: host.variables(`http://127.0.0.1:${port}`), assertions, faults };
};

/** A server of the test's own; its port. */
const listen = async (answer: RequestListener): Promise<number> => {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
};

export interface FederatedLogin {
  readonly sandbox: Sandbox;
  readonly tokens: IdentityTokens;
  readonly environment: Environment;
}

/** A sandbox, and an environment that logs in there by the host's tokens alone. */
export const openFederated = async (host: IdentityHost, lifetime: number): Promise<FederatedLogin> => {
  const sandbox = await openSandbox();
  const tokens = await openIdentityTokens(sandbox, host, lifetime);
  const environment = environmentOf(sandbox, { AZURE_CLIENT_SECRET: "", ...tokens.variables });
  return { sandbox, tokens, environment };
};

const minute = 60_000;
const anything = z.looseObject({});

/**
 * Asks something of ARM every minute for an hour, on a clock that the sandbox, its Entra and the identity library share:
 * nothing may be refused. `tokenLifetime`: seconds that a token of Entra lives, after which an assertion is needed anew.
 */
export const liveThroughAnHour = async (
  open: () => Promise<FederatedLogin>,
  tokenLifetime: number,
): Promise<IdentityTokens> => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { sandbox, tokens, environment } = await open();
  sandbox.control.tokenLifetime(tokenLifetime);
  const client = await openAzure(environment);
  const group = `/subscriptions/${client.subscription}/resourceGroups/none`;
  for (let passed = 0; passed < 60; passed++) {
    expect(await client.get(group, "2021-04-01", anything, new AbortController().signal)).toBeUndefined();
    vi.setSystemTime(Date.now() + minute);
  }
  const { entries } = sandbox.control.requests();
  expect(entries.filter(({ status }) => status === 400 || status === 401 || status === 403)).toEqual([]);
  expect(new Set(tokens.assertions).size).toBe(tokens.assertions.length);
  return tokens;
};
