/**
 * From a service connection to the variables that the product's clients log in with: Microsoft's own names, so that the
 * command line understands them too.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { privateFolder } from "../../clients/private-folder.ts";
import type { ServiceConnection } from "./connection.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What else could log in, or say where: none of it may mix with the connection. */
const noLogin = {
  AZURE_TENANT_ID: undefined,
  AZURE_CLIENT_ID: undefined,
  AZURE_CLIENT_SECRET: undefined,
  AZURE_CLIENT_CERTIFICATE_PATH: undefined,
  AZURE_CLIENT_CERTIFICATE_PASSWORD: undefined,
  AZURE_FEDERATED_TOKEN_FILE: undefined,
  AZURE_TOKEN_CREDENTIALS: undefined,
  AZURE_AUTHORITY_HOST: undefined,
};

/**
 * The job's variables with the connection's login in the place of any other. A certificate is a file that only this user
 * can read, gone when the result is disposed of.
 */
export const withLogin = async (
  variables: Variables,
  connection: ServiceConnection,
): Promise<AsyncDisposable & { readonly variables: Variables }> => {
  const { id, endpoint, subscription, login } = connection;
  const folder = login.kind === "certificate" ? await privateFolder("login") : undefined;
  const certificate = folder && join(folder.path, "certificate.pem");
  if (certificate !== undefined && login.kind === "certificate")
    await writeFile(certificate, login.certificate.reveal(), { mode: 0o600 });
  return {
    variables: {
      ...variables,
      ...noLogin,
      PROVISION_AZURE_ENDPOINT: endpoint,
      AZURE_SUBSCRIPTION_ID: subscription ?? variables.AZURE_SUBSCRIPTION_ID,
      ...loginVariables(id, login, certificate),
    },
    [Symbol.asyncDispose]: async () => folder?.[Symbol.asyncDispose](),
  };
};

const loginVariables = (
  id: string,
  login: ServiceConnection["login"],
  certificate: string | undefined,
): Variables => {
  switch (login.kind) {
    case "workload-identity":
      return {
        AZURE_TENANT_ID: login.tenant,
        AZURE_CLIENT_ID: login.client,
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: id,
        SYSTEM_OIDCREQUESTURI: login.requestUri,
        SYSTEM_ACCESSTOKEN: login.jobToken.reveal(),
      };
    case "key":
      return {
        AZURE_TENANT_ID: login.tenant,
        AZURE_CLIENT_ID: login.client,
        AZURE_CLIENT_SECRET: login.key.reveal(),
      };
    case "certificate":
      return {
        AZURE_TENANT_ID: login.tenant,
        AZURE_CLIENT_ID: login.client,
        AZURE_CLIENT_CERTIFICATE_PATH: certificate,
      };
    case "managed-identity":
      return { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential", AZURE_CLIENT_ID: login.client };
  }
};
