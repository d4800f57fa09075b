/** Who may assign roles under a condition, as the sandbox's ARM judges: some roles, to service principals, no others. */
import { expect, test } from "vitest";
import { onlyTheseRoles, roleGuid } from "../../../src/steps/azure/role-definitions.ts";
import { openDirectory } from "../directory.ts";
import { makeGroup, openAzure, openAzureAs, openSandbox, refusal } from "../open.ts";

const assignments = "/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments";
const guid = (digit: number) => `${digit}1111111-2222-4333-8444-555555555555`;
const someone = "99999999-2222-4333-8444-555555555555";

const body = (principalId: string, role: string, more: object = {}) => ({
  properties: {
    principalId,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(role)}`,
    principalType: "ServicePrincipal",
    ...more,
  },
});

/** An application that logs in by an assertion, with nothing but the role to assign Network Contributor. */
const open = async () => {
  const sandbox = await openSandbox();
  const owner = openAzure(sandbox);
  await makeGroup(owner);
  const directory = await openDirectory(sandbox);
  const { appId } = await directory.application("ci");
  const { id } = await directory.principal(appId);
  await directory.credential(appId, "main", { subject: "ci" });
  const condition = { condition: onlyTheseRoles(["Network Contributor"]), conditionVersion: "2.0" };
  const role = "Role Based Access Control Administrator";
  const made = await owner.request("PUT", `${assignments}/${guid(1)}`, body(id, role, condition));
  expect(made.status).toBe(201);
  return { sandbox, owner, id, appId, ci: openAzureAs(sandbox, appId, "ci") };
};

test("it assigns the role that it may, and takes it away again", async () => {
  const { ci } = await open();
  const path = `${assignments}/${guid(2)}`;
  expect((await ci.request("PUT", path, body(someone, "Network Contributor"))).status).toBe(201);
  expect((await ci.request("DELETE", path)).status).toBe(200);
});

test("it assigns no other role, not even to itself, nor any to a person, and takes none of these away", async () => {
  const { ci, owner, id } = await open();
  const forbidden = { status: 403, code: "AuthorizationFailed" };
  const path = `${assignments}/${guid(3)}`;
  expect(refusal(await ci.request("PUT", path, body(id, "Contributor")))).toEqual(forbidden);
  const person = body(someone, "Network Contributor", { principalType: "User" });
  expect(refusal(await ci.request("PUT", path, person))).toEqual(forbidden);
  await owner.request("PUT", path, body(someone, "Reader"));
  const taken = await ci.request("DELETE", path);
  expect(refusal(taken)).toEqual(forbidden);
  expect(JSON.stringify(taken.body)).toContain("ABAC condition that is not fulfilled");
});

test("ARM names an application by its client id, and judges it by its own roles alone", async () => {
  const { ci, appId, id } = await open();
  const refused = await ci.request("PUT", "/resourceGroups/other", { location: "westeurope" });
  expect(refusal(refused)).toEqual({ status: 403, code: "AuthorizationFailed" });
  expect(JSON.stringify(refused.body)).toContain(`The client '${appId}' with object id '${id}'`);
  expect((await ci.request("GET", "/resourceGroups/rg")).status).toBe(200);
});

test("a condition needs its version", async () => {
  const { owner } = await open();
  const unversioned = body(someone, "Reader", { condition: "x" });
  expect(refusal(await owner.request("PUT", `${assignments}/${guid(4)}`, unversioned))).toMatchObject({
    status: 400,
  });
});
