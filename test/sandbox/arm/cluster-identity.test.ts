import { expect, test } from "vitest";
import { z } from "zod";
import { identityVariables } from "../../../src/sandbox/arm/identity-endpoint.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import {
  type Azure,
  clusterBody,
  clusterPath,
  makeGroup,
  openAzure,
  openSandbox,
  requestSandbox,
} from "../open.ts";

const identityPath = "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id";
const properties = z.object({ principalId: z.string(), clientId: z.string() });
const roles = {
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
};

const makeCluster = async (azure: Azure): Promise<z.infer<typeof properties>> => {
  await makeGroup(azure);
  await makeGroup(azure, "rg-ip");
  const made = await azure.request("PUT", identityPath, { location: "westeurope" });
  const identity = { type: "UserAssigned", userAssignedIdentities: { [String(made.body.id)]: {} } };
  await azure.request("PUT", clusterPath, { ...clusterBody(), identity });
  return properties.parse(made.body.properties);
};

/** Asks the identity endpoint as an identity library does. */
const login = async (sandbox: Sandbox, azure: Azure, query: string, header?: string) => {
  const cluster = `/subscriptions/${azure.subscription}${clusterPath}`;
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = identityVariables(
    sandbox.url,
    sandbox.controlToken,
    cluster,
  );
  const path = `${IDENTITY_ENDPOINT.slice(sandbox.url.length)}?api-version=2019-08-01&${query}`;
  const answer = await requestSandbox(sandbox, "GET", path, {
    headers: { "x-identity-header": header ?? IDENTITY_HEADER },
  });
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
};

const resource = "resource=https%3A%2F%2Fmanagement.azure.com";

const asCluster = async (sandbox: Sandbox, azure: Azure, method: string, path: string, body?: unknown) => {
  const { access_token } = (await login(sandbox, azure, resource)).body;
  const answer = await requestSandbox(
    sandbox,
    method,
    `/subscriptions/${azure.subscription}${path}?api-version=2024-05-01`,
    {
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  const error = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
  return { status: answer.status, error: error.safeParse(await answer.json()).data?.error };
};

const grant = (azure: Azure, principalId: string, role: string) =>
  azure.request(
    "PUT",
    "/resourceGroups/rg-ip/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555",
    {
      properties: {
        principalId,
        roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        principalType: "ServicePrincipal",
      },
    },
  );

test("a cluster's identity gets tokens for the cluster's header alone, and only its own", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  const { clientId } = await makeCluster(azure);
  expect(await login(sandbox, azure, `${resource}&client_id=${clientId}`)).toMatchObject({
    status: 200,
    body: {
      token_type: "Bearer",
      client_id: clientId,
      resource: "https://management.azure.com",
      expires_on: expect.stringMatching(/^\d{10}$/),
    },
  });
  expect(await login(sandbox, azure, resource, "guessed")).toMatchObject({ status: 401 });
  expect(await login(sandbox, azure, "")).toMatchObject({ status: 400 });
  expect(await login(sandbox, azure, `${resource}&client_id=${azure.subscription}`)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining("No User Assigned or Delegated Managed Identity found") },
  });
});

test("a cluster reads its node resource group, and another only by a role there", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  const { principalId } = await makeCluster(azure);
  const list = (group: string) =>
    asCluster(
      sandbox,
      azure,
      "GET",
      `/resourceGroups/${group}/providers/Microsoft.Network/publicIPAddresses`,
    );
  expect((await list("mc_rg_clu_westeurope")).status).toBe(200);
  expect(await list("rg-ip")).toEqual({
    status: 403,
    error: {
      code: "AuthorizationFailed",
      message: `The client '${principalId}' with object id '${principalId}' does not have authorization to perform action 'Microsoft.Network/publicIPAddresses/read' over scope '/subscriptions/${azure.subscription}/resourceGroups/rg-ip/providers/Microsoft.Network' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    },
  });
  await grant(azure, principalId, roles.reader);
  expect((await list("rg-ip")).status).toBe(200);
});

test("a load balancer takes an address of another group only where its writer may join it", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  const { principalId } = await makeCluster(azure);
  const address = "/resourceGroups/rg-ip/providers/Microsoft.Network/publicIPAddresses/ip";
  await azure.request("PUT", address, {
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { publicIPAllocationMethod: "Static" },
  });
  const id = `/subscriptions/${azure.subscription}${address}`;
  const front = [{ name: "front", properties: { publicIPAddress: { id } } }];
  const put = () =>
    asCluster(
      sandbox,
      azure,
      "PUT",
      "/resourceGroups/MC_rg_clu_westeurope/providers/Microsoft.Network/loadBalancers/lb",
      {
        location: "westeurope",
        sku: { name: "Standard" },
        properties: { frontendIPConfigurations: front },
      },
    );
  await grant(azure, principalId, roles.reader);
  expect(await put()).toEqual({
    status: 403,
    error: {
      code: "LinkedAuthorizationFailed",
      message: `The client '${principalId}' with object id '${principalId}' has permission to perform action 'Microsoft.Network/loadBalancers/write' on scope '/subscriptions/${azure.subscription}/resourceGroups/MC_rg_clu_westeurope/providers/Microsoft.Network/loadBalancers/lb'; however, it does not have permission to perform action(s) 'Microsoft.Network/publicIPAddresses/join/action' on the linked scope(s) '${id}' (respectively) or the linked scope(s) are invalid.`,
    },
  });
  await azure.request(
    "DELETE",
    "/resourceGroups/rg-ip/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555",
  );
  await grant(azure, principalId, roles.networkContributor);
  expect((await put()).status).toBe(201);
});
