/**
 * The login, as `@azure/identity` finds it: environment, workload identity, managed identity, `az login`. Where the
 * environment names a service principal, or a GitHub workflow may ask for assertions, that is taken directly: a
 * run of an hour outlives a federated token file, so every renewal asks for a fresh assertion.
 */
import type { TokenCredential } from "@azure/identity";
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import type { Cloud } from "./cloud.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** TLS settings of the SDK's pipelines; undefined trusts what Node trusts. */
export interface Transport {
  readonly tlsOptions?: { readonly ca: string };
}

export const openCredential = async (
  variables: Variables,
  cloud: Cloud,
  transport: Transport,
): Promise<TokenCredential> => {
  const { ClientAssertionCredential, ClientSecretCredential, DefaultAzureCredential } = await import(
    "@azure/identity"
  );
  const options = {
    ...(cloud.authority === undefined ? {} : { authorityHost: cloud.authority }),
    ...(transport.tlsOptions === undefined ? {} : { tlsOptions: transport.tlsOptions }),
    disableInstanceDiscovery: cloud.ownAuthority,
    additionallyAllowedTenants: ["*"],
  };
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret } = variables;
  if (tenant && client && secret) return new ClientSecretCredential(tenant, client, secret, options);
  const assertion = githubAssertion(variables);
  if (tenant && client && assertion && !variables.AZURE_FEDERATED_TOKEN_FILE) {
    return new ClientAssertionCredential(tenant, client, assertion, options);
  }
  return new DefaultAzureCredential({ ...options, ...(tenant ? { tenantId: tenant } : {}) });
};

const assertionAnswer = z.object({ value: z.string() });

/** GitHub's own token service, open to jobs with `permissions: id-token: write`. */
const githubAssertion = (variables: Variables): (() => Promise<string>) | undefined => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = variables;
  if (!url || !token) return undefined;
  return async () => {
    const response = await fetch(`${url}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    });
    const parsed = response.ok ? assertionAnswer.safeParse(await response.json()) : undefined;
    if (parsed?.success) return parsed.data.value;
    throw new Failure({
      kind: response.status >= 500 ? "transient" : "unauthenticated",
      code: "P0803",
      message: `GitHub gave no identity token (status ${response.status})`,
      hint: "The job needs `permissions: id-token: write`.",
    });
  };
};
