/** GitHub's service of identity tokens, on loopback: hands out the sandbox's assertions, and keeps what it was asked. */
import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../../../src/sandbox/server.ts";

export interface IdentityTokens {
  /** What the runner puts into the environment of a job with `id-token: write`. */
  readonly variables: { ACTIONS_ID_TOKEN_REQUEST_URL: string; ACTIONS_ID_TOKEN_REQUEST_TOKEN: string };
  readonly assertions: readonly string[];
  /** Answers the next questions with these, before any assertion. */
  readonly faults: number[];
}

/** `lifetime`: seconds that an assertion lives. */
export const openIdentityTokens = async (
  sandbox: Pick<Sandbox, "control">,
  lifetime: number,
): Promise<IdentityTokens> => {
  const assertions: string[] = [];
  const faults: number[] = [];
  const token = "the-job's-request-token";
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const fault = faults.shift();
    if (fault !== undefined) response.writeHead(fault).end();
    else if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
    else {
      const { assertion } = sandbox.control.assertion({
        subject: "repo:octo/shop:ref:refs/heads/main",
        audience: url.searchParams.get("audience") ?? "https://github.com/octo",
        lifetime,
      });
      assertions.push(assertion);
      response.end(JSON.stringify({ count: 1, value: assertion }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    variables: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    },
    assertions,
    faults,
  };
};
