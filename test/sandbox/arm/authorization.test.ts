import { expect, test } from "vitest";
import { clusterBody, clusterPath, makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

const assignment = "/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments";
const name = "11111111-2222-4333-8444-555555555555";
const networkContributor =
  "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7";

test("roles are found by name, with their real ids", async () => {
  const azure = openAzure(await openSandbox());
  const filter = encodeURIComponent("roleName eq 'Network Contributor'");
  const reply = await azure.request(
    "GET",
    `/providers/Microsoft.Authorization/roleDefinitions?$filter=${filter}`,
  );
  expect(reply.body.value).toMatchObject([{ name: "4d97b98b-1d4f-4787-a291-c67834d212e7" }]);
});

test("an identity that Azure does not know everywhere yet can be granted a role only as a service principal", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.holdReplication(true);
  const identity = await azure.request(
    "PUT",
    "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id",
    { location: "westeurope" },
  );
  const principalId = Reflect.get(Object(identity.body.properties), "principalId");
  const properties = { principalId, roleDefinitionId: networkContributor };
  expect(refusal(await azure.request("PUT", `${assignment}/${name}`, { properties }))).toEqual({
    status: 400,
    code: "PrincipalNotFound",
  });
  const granted = { properties: { ...properties, principalType: "ServicePrincipal", description: "ours" } };
  const made = await azure.request("PUT", `${assignment}/${name}`, granted);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ properties: { description: "ours", principalId } });
  expect((await azure.request("PUT", `${assignment}/${name}`, granted)).status).toBe(200);
  const twin = name.replace("1111", "2222");
  expect(refusal(await azure.request("PUT", `${assignment}/${twin}`, granted))).toEqual({
    status: 409,
    code: "RoleAssignmentExists",
  });
  const other = { properties: { ...granted.properties, principalId: name } };
  expect(refusal(await azure.request("PUT", `${assignment}/${name}`, other))).toEqual({
    status: 400,
    code: "RoleAssignmentUpdateNotPermitted",
  });
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const found = await azure.request("GET", `${assignment}?$filter=${filter}`);
  expect(found.body.value).toMatchObject([{ name }]);
});

test("a login sees its effective actions, and is held to them", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  const permissions = "/resourceGroups/rg/providers/Microsoft.Authorization/permissions";
  expect((await azure.request("GET", permissions)).body.value).toMatchObject([{ actions: ["*"] }]);
  sandbox.control.loginRoles(["Reader", "Network Contributor"]);
  expect(refusal(await azure.request("PUT", clusterPath, clusterBody()))).toEqual({
    status: 403,
    code: "AuthorizationFailed",
  });
  const address = "/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip";
  const body = {
    location: "westeurope",
    sku: { name: "Standard" },
    properties: { publicIPAllocationMethod: "Static" },
  };
  expect((await azure.request("PUT", address, body)).status).toBe(201);
  sandbox.control.loginRoles(["Contributor"]);
  const grant = {
    properties: {
      principalId: name,
      roleDefinitionId: networkContributor,
      principalType: "ServicePrincipal",
    },
  };
  expect(refusal(await azure.request("PUT", `${assignment}/${name}`, grant))).toMatchObject({ status: 403 });
});

test("a provider is registered after a while, not at once", async () => {
  const azure = openAzure(await openSandbox());
  const state = async (path: string, method = "GET") =>
    (await azure.request(method, `/providers/microsoft.cdn${path}`)).body.registrationState;
  expect(await state("")).toBe("NotRegistered");
  expect(await state("/register", "POST")).toBe("Registering");
  let seen: unknown;
  while (seen !== "Registered") seen = await state("");
});
