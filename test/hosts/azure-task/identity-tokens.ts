/** Azure DevOps' service of identity tokens, for one service connection. */
import type { IdentityHost } from "../identity-service.ts";

const token = "the-job's-token";
const connection = "7f1d2c3b-0a4e-4a55-9d5b-2f6f1f0c8e21";

export const azureDevOpsTokens: IdentityHost = {
  refuse: ({ method, headers }, { searchParams }) => {
    const asked =
      method === "POST" &&
      searchParams.get("api-version") === "7.1" &&
      searchParams.get("serviceConnectionId") === connection;
    if (!asked) return [404];
    if (headers.authorization === `Bearer ${token}`) return undefined;
    // Without the header, a token that is not valid leads to a page to log in, with status 203.
    return [headers["x-tfs-fedauthredirect"] === "Suppress" ? 401 : 203, "<html>"];
  },
  claims: () => ({
    issuer: "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0",
    subject: `/eid1/c/pub/t/abc/a/def/sc/org/${connection}`,
  }),
  answer: (oidcToken) => ({ oidcToken }),
  // What the task makes of the agent's environment and of the connection.
  variables: (origin) => ({
    SYSTEM_OIDCREQUESTURI: `${origin}/octo/_apis/distributedtask/hubs/build/plans/1/jobs/2/oidctoken`,
    SYSTEM_ACCESSTOKEN: token,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection,
  }),
};
