import { expect, test } from "vitest";
import { parse } from "yaml";
import type { AzureClient } from "../../../src/clients/azure/client.ts";
import { aksKubeconfig } from "../../../src/clients/azure/cluster-access.ts";
import type { Environment } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { fakeAzure } from "../../families/arm/fake-azure.ts";

const id = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/clu";
const kubeconfig = `
apiVersion: v1
clusters:
  - name: clu
    cluster: { server: "https://clu.test:443", certificate-authority-data: Q0E= }
users:
  - name: clusterUser
    user: { exec: { command: kubelogin } }
`;

const access = (
  clusterId: string,
  client: Partial<AzureClient> = {},
  environment: Partial<Environment> = {},
) => {
  const asked: string[] = [];
  const cloud: AzureClient = {
    ...fakeAzure(),
    clusterKubeconfig: async (cluster, user) => {
      asked.push(`${user} of ${cluster.split("/").at(-1)}`);
      return kubeconfig;
    },
    token: async (scope) => ({ token: `token for ${scope}`, expiresOnTimestamp: 123 }),
    ...client,
  };
  const context = fakeContext({ azure: cloud });
  return { asked, result: aksKubeconfig({ ...context.environment, ...environment }, context.use, clusterId) };
};

test("admin and user get what AKS hands out, as a secret", async () => {
  const admin = access(`${id}#admin`);
  const { kubeconfig: text } = await admin.result;
  expect(text.reveal()).toBe(kubeconfig);
  expect(`${text}`).toBe("***");
  expect(admin.asked).toEqual(["Admin of clu"]);
  const user = access(`${id}#user`);
  await user.result;
  expect(user.asked).toEqual(["User of clu"]);
});

test("entra logs in with a token of the run's own login, needs no kubelogin, and says when to renew", async () => {
  const { result } = access(`${id}#entra`);
  const { kubeconfig: text, expires } = await result;
  expect(expires).toBe(123);
  expect(parse(text.reveal())).toMatchObject({
    clusters: [{ cluster: { server: "https://clu.test:443", "certificate-authority-data": "Q0E=" } }],
    users: [{ user: { token: "token for 6dae42f8-4368-4678-94ff-3960e28e3630/.default" } }],
  });
  expect(text.reveal()).not.toContain("kubelogin");
});

test("programs that may outlive a token log in through this tool, and their kubeconfig holds no secret", async () => {
  const { result } = access(
    `${id}#entra`,
    {},
    {
      program: ["/node", "/dist/provision.js"],
      variables: { AZURE_TENANT_ID: "tenant", AZURE_CLIENT_SECRET: "hush", PROVISION_CA_FILE: "/ca.pem" },
      azure: { endpoint: "https://arm.test" },
    },
  );
  const { forPrograms } = await result;
  const text = forPrograms?.reveal() ?? "";
  expect(text).not.toContain("hush");
  expect(text).not.toContain("token for");
  expect(parse(text)).toMatchObject({
    clusters: [{ cluster: { server: "https://clu.test:443" } }],
    users: [
      {
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "/node",
            args: ["/dist/provision.js", "kubernetes-token"],
            env: [
              { name: "AZURE_TENANT_ID", value: "tenant" },
              { name: "PROVISION_CA_FILE", value: "/ca.pem" },
              { name: "PROVISION_AZURE_ENDPOINT", value: "https://arm.test" },
            ],
            interactiveMode: "Never",
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
});

test("where there is no command line to start, programs get the token", async () => {
  const { forPrograms } = await access(`${id}#entra`).result;
  expect(forPrograms).toBeUndefined();
});

test("disabled local accounts are explained with the setting that helps", async () => {
  const refused = new Failure({
    kind: "rejected",
    code: "BadRequest",
    message:
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
  });
  const { result } = access(`${id}#admin`, { clusterKubeconfig: () => Promise.reject(refused) });
  await expect(result).rejects.toMatchObject({
    code: "P0821",
    hint: expect.stringContaining("access: entra"),
  });
});
