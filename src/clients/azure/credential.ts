/**
 * The login, as `@azure/identity` finds it: environment, workload identity, managed identity, `az login`. Where the
 * variables name a service principal or a managed identity, or a CI host gives assertions, that is taken directly: the
 * library would look into its process' environment alone, and a run of an hour outlives a federated token file.
 */
import type { TokenCredential } from "@azure/identity";
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";
import { hostAssertion } from "./assertion.ts";
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
): Promise<TokenCredential> => secretly(await chooseCredential(variables, cloud, transport));

const chooseCredential = async (
  variables: Variables,
  cloud: Cloud,
  transport: Transport,
): Promise<TokenCredential> => {
  const identity = await import("@azure/identity");
  const options = {
    ...(cloud.authority === undefined ? {} : { authorityHost: cloud.authority }),
    ...(transport.tlsOptions === undefined ? {} : { tlsOptions: transport.tlsOptions }),
    disableInstanceDiscovery: cloud.ownAuthority,
    additionallyAllowedTenants: ["*"],
  };
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client } = variables;
  if (tenant && client) {
    const { AZURE_CLIENT_SECRET: secret, AZURE_CLIENT_CERTIFICATE_PATH: certificatePath } = variables;
    if (secret) {
      const text = new Secret(secret, "AZURE_CLIENT_SECRET").reveal();
      return new identity.ClientSecretCredential(tenant, client, text, options);
    }
    if (certificatePath) {
      const password = variables.AZURE_CLIENT_CERTIFICATE_PASSWORD;
      const certificatePassword =
        password && new Secret(password, "AZURE_CLIENT_CERTIFICATE_PASSWORD").reveal();
      const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
      return new identity.ClientCertificateCredential(tenant, client, certificate, options);
    }
    const assertion = hostAssertion(variables);
    if (assertion && !variables.AZURE_FEDERATED_TOKEN_FILE)
      return plainly(new identity.ClientAssertionCredential(tenant, client, assertion, options));
  }
  // Azure's own variable, which names the one credential that is to be used.
  if (variables.AZURE_TOKEN_CREDENTIALS?.toLowerCase() === "managedidentitycredential") {
    return new identity.ManagedIdentityCredential({ ...options, ...(client ? { clientId: client } : {}) });
  }
  return new identity.DefaultAzureCredential({ ...options, ...(tenant ? { tenantId: tenant } : {}) });
};

/** Each token is a Secret as soon as it is there, so that a CI host masks it before it is used. */
const secretly = (credential: TokenCredential): TokenCredential => {
  let last: Secret | undefined;
  return {
    getToken: async (scopes, options) => {
      const given = await credential.getToken(scopes, options);
      if (given && given.token !== last?.reveal()) last = new Secret(given.token, "token of Entra");
      return given;
    },
  };
};

/** The identity library wraps what an assertion throws: here it is a Failure again, which says whether to ask once more. */
const plainly = (credential: TokenCredential): TokenCredential => ({
  getToken: async (scopes, options) => {
    try {
      return await credential.getToken(scopes, options);
    } catch (error) {
      throw ownFailure(error) ?? error;
    }
  },
});

const ownFailure = (error: unknown): Failure | undefined => {
  if (error instanceof Failure) return error;
  return error instanceof Error && error.cause !== undefined ? ownFailure(error.cause) : undefined;
};
