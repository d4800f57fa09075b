/** From a service connection to the variables that the product logs in with. */
import { existsSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { readAgent } from "../../../src/hosts/azure-task/agent.ts";
import { readConnection } from "../../../src/hosts/azure-task/connection.ts";
import { withLogin } from "../../../src/hosts/azure-task/login.ts";
import { agentEnvironment, type Connection, connectionId, federatedConnection } from "./agent-environment.ts";

const open = (connection: Connection, more: Record<string, string> = {}) =>
  readAgent({
    ...agentEnvironment({
      sources: "/s",
      temporary: "/t",
      inputs: {},
      connection,
      jobToken: "the job's token",
    }),
    SYSTEM_OIDCREQUESTURI: "https://vstoken.dev.azure.com/oidctoken",
    ...more,
  });

const loginOf = async (connection: Connection, more: Record<string, string> = {}) => {
  const agent = open(connection, more);
  return withLogin(agent.variables, readConnection(connectionId, agent));
};

const principal = { tenantid: "tenant", serviceprincipalid: "client" };
const withKey: Connection = {
  ...federatedConnection,
  scheme: "ServicePrincipal",
  parameters: { ...principal, authenticationType: "spnKey", serviceprincipalkey: "key of the principal" },
};

test("workload identity federation: where to ask, for which connection, with the job's token", async () => {
  await using login = await loginOf(federatedConnection);
  expect(login.variables).toMatchObject({
    AZURE_TENANT_ID: federatedConnection.parameters.tenantid,
    AZURE_CLIENT_ID: federatedConnection.parameters.serviceprincipalid,
    AZURE_SUBSCRIPTION_ID: federatedConnection.data.subscriptionId,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connectionId,
    SYSTEM_OIDCREQUESTURI: "https://vstoken.dev.azure.com/oidctoken",
    SYSTEM_ACCESSTOKEN: "the job's token",
    PROVISION_AZURE_ENDPOINT: undefined,
  });
});

test("a service principal with a key", async () => {
  await using login = await loginOf(withKey);
  expect(login.variables).toMatchObject({
    AZURE_CLIENT_ID: "client",
    AZURE_CLIENT_SECRET: "key of the principal",
  });
});

test("a certificate is a file of mode 0600, gone with the login", async () => {
  let path = "";
  {
    await using login = await loginOf({
      ...withKey,
      parameters: { ...principal, authenticationType: "spnCertificate", servicePrincipalCertificate: "PEM" },
    });
    path = login.variables.AZURE_CLIENT_CERTIFICATE_PATH ?? "";
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(login.variables)).not.toContain("PEM");
  }
  expect(existsSync(path)).toBe(false);
});

test("the agent's own machine has an identity, of the system or of a user", async () => {
  const scheme = "ManagedServiceIdentity";
  await using system = await loginOf({ ...withKey, scheme, parameters: { tenantid: "tenant" } });
  expect(system.variables).toMatchObject({
    AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    AZURE_CLIENT_ID: undefined,
  });
  await using ofUser = await loginOf({
    ...withKey,
    scheme,
    data: { ...withKey.data, msiclientId: "its client" },
  });
  expect(ofUser.variables.AZURE_CLIENT_ID).toBe("its client");
});

test("another login of the machine's never mixes with the connection", async () => {
  await using login = await loginOf(federatedConnection, {
    AZURE_CLIENT_SECRET: "somebody else's",
    AZURE_CLIENT_CERTIFICATE_PASSWORD: "of another certificate",
    AZURE_FEDERATED_TOKEN_FILE: "/var/run/token",
    AZURE_AUTHORITY_HOST: "https://login.elsewhere.example",
  });
  expect(login.variables.AZURE_CLIENT_SECRET).toBeUndefined();
  expect(login.variables.AZURE_CLIENT_CERTIFICATE_PASSWORD).toBeUndefined();
  expect(login.variables.AZURE_FEDERATED_TOKEN_FILE).toBeUndefined();
  expect(login.variables.AZURE_AUTHORITY_HOST).toBeUndefined();
});

test("a national cloud announces the rest at its own address", async () => {
  await using login = await loginOf({
    ...federatedConnection,
    url: "https://management.chinacloudapi.cn/",
    data: { ...federatedConnection.data, environment: "AzureChinaCloud" },
  });
  expect(login.variables.PROVISION_AZURE_ENDPOINT).toBe("https://management.chinacloudapi.cn");
});

test("a connection to a management group leaves the subscription to a variable", async () => {
  await using login = await loginOf(
    { ...federatedConnection, data: { environment: "AzureCloud" } },
    { AZURE_SUBSCRIPTION_ID: "chosen" },
  );
  expect(login.variables.AZURE_SUBSCRIPTION_ID).toBe("chosen");
});

test("a connection that the job may not use, that is of another kind, or that lacks something, is named", () => {
  expect(() => readConnection("none", open(federatedConnection))).toThrow(
    expect.objectContaining({ code: "P0840" }),
  );
  expect(() => readConnection(connectionId, open({ ...withKey, scheme: "PublishProfile" }))).toThrow(
    /PublishProfile/,
  );
  expect(() => readConnection(connectionId, open({ ...withKey, parameters: principal }))).toThrow(
    /SERVICEPRINCIPALKEY/,
  );
  expect(() =>
    readConnection(connectionId, open(federatedConnection, { SYSTEM_OIDCREQUESTURI: "" })),
  ).toThrow(/SYSTEM_OIDCREQUESTURI/);
});
