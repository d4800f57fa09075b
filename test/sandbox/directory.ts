/** Calls of the sandbox's Microsoft Graph without a client of ours, as the sandbox's own login makes them. */
import { ClientSecretCredential } from "@azure/identity";
import { z } from "zod";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { requestSandbox } from "./open.ts";

const answer = z.record(z.string(), z.unknown());
const made = z.looseObject({ id: z.string(), appId: z.string() });

export const openDirectory = async (sandbox: Sandbox) => {
  const environment = sandbox.environment();
  const credential = new ClientSecretCredential(
    environment.AZURE_TENANT_ID ?? "",
    environment.AZURE_CLIENT_ID ?? "",
    environment.AZURE_CLIENT_SECRET ?? "",
    {
      authorityHost: sandbox.url,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: sandbox.authority },
    },
  );
  const { token } = await credential.getToken("https://graph.microsoft.com/.default");
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await requestSandbox(sandbox, method, `/graph/v1.0/${path}`, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: answer.parse(text === "" ? {} : JSON.parse(text)) };
  };
  const upsert = { prefer: "create-if-missing" };
  return {
    request,
    upsert,
    application: async (name: string) => {
      await request("PATCH", `applications(uniqueName='${name}')`, { displayName: name }, upsert);
      return made.parse((await request("GET", `applications(uniqueName='${name}')`)).body);
    },
    principal: async (appId: string) => {
      await request("PATCH", `servicePrincipals(appId='${appId}')`, { displayName: "ci" }, upsert);
      return made.parse((await request("GET", `servicePrincipals(appId='${appId}')`)).body);
    },
    credential: (appId: string, name: string, over: Record<string, unknown>) =>
      request(
        "PATCH",
        `applications(appId='${appId}')/federatedIdentityCredentials(name='${name}')`,
        {
          issuer: "https://token.actions.githubusercontent.com",
          audiences: ["api://AzureADTokenExchange"],
          ...over,
        },
        upsert,
      ),
  };
};

/** The code and status of a refusal. */
export const refusalOf = (reply: { status: number; body: Record<string, unknown> }): unknown => ({
  status: reply.status,
  code: z.object({ code: z.string() }).safeParse(reply.body.error).data?.code,
});
