/** Azure DevOps' service of identity tokens, on loopback: hands out the sandbox's assertions, and keeps what it was asked. */
import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";
import type { Sandbox } from "../../../src/sandbox/server.ts";

export interface IdentityTokens {
  /** What the task makes of the agent's environment and of the connection. */
  readonly variables: {
    readonly SYSTEM_OIDCREQUESTURI: string;
    readonly SYSTEM_ACCESSTOKEN: string;
    readonly AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: string;
  };
  readonly assertions: readonly string[];
  /** Answers the next questions with these, before any assertion. */
  readonly faults: number[];
}

const connection = "7f1d2c3b-0a4e-4a55-9d5b-2f6f1f0c8e21";

/** `lifetime`: seconds that an assertion lives. */
export const openIdentityTokens = async (
  sandbox: Pick<Sandbox, "control">,
  lifetime: number,
): Promise<IdentityTokens> => {
  const assertions: string[] = [];
  const faults: number[] = [];
  const token = "the-job's-token";
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const fault = faults.shift();
    const asked =
      request.method === "POST" &&
      url.searchParams.get("api-version") === "7.1" &&
      url.searchParams.get("serviceConnectionId") === connection;
    if (fault !== undefined) response.writeHead(fault).end();
    else if (!asked) response.writeHead(404).end();
    else if (request.headers.authorization !== `Bearer ${token}`)
      // Without the header, a token that is not valid leads to a page to log in, with status 203.
      response.writeHead(request.headers["x-tfs-fedauthredirect"] === "Suppress" ? 401 : 203).end("<html>");
    else {
      const { assertion } = sandbox.control.assertion({
        issuer: "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0",
        subject: `/eid1/c/pub/t/abc/a/def/sc/org/${connection}`,
        lifetime,
      });
      assertions.push(assertion);
      response.end(JSON.stringify({ oidcToken: assertion }));
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
      SYSTEM_OIDCREQUESTURI: `http://127.0.0.1:${port}/octo/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken`,
      SYSTEM_ACCESSTOKEN: token,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection,
    },
    assertions,
    faults,
  };
};
