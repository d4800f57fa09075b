import { expect, test } from "vitest";
import { z } from "zod";
import roleAssignment from "../../../src/steps/azure/role-assignment.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { fakeAzure, jumpingClock } from "../../families/arm/fake-azure.ts";

const id =
  "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu";
const site = { pipeline: "demo", instance: "demo", subscription: "sub" };
const wanted = (principalId: string, identity = id) =>
  roleAssignment.input.parse({
    identity: { kind: "identity", id: identity, name: "clu", principalId, clientId: "client" },
    scope: "/subscriptions/sub/resourceGroups/rg-ip",
    role: "Network Contributor",
  });
const place = (principalId: string, identity?: string) =>
  roleAssignment.locate(wanted(principalId, identity), site).id;

test("its name needs no principal, so that it is known before the identity exists", () => {
  const { principalId: _, ...known } = wanted("one").identity;
  const identity = new Proxy(wanted("one").identity, {
    get: (_target, name) => {
      if (name === "principalId") throw new Error("not known yet");
      return Reflect.get(known, name);
    },
  });
  expect(roleAssignment.locate({ ...wanted("one"), identity }, site).id).toBe(place("one"));
});

test("another identity gets another name", () => {
  expect(place("one")).toBe(place("two"));
  expect(place("one", `${id}2`)).not.toBe(place("one"));
});

test("an identity that was made anew gets its role anew: Azure changes no assignment in place", async () => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: jumpingClock() });
  await driveStep(roleAssignment, context, wanted("one")).up();
  const again = driveStep(roleAssignment, context, wanted("two"));
  expect(await again.changes()).toEqual(['principalId: "one" -> "two"']);
  await again.up();
  const path = place("two");
  expect(cloud.writes).toEqual([`PUT ${path}`, `DELETE ${path}`, `PUT ${path}`]);
  expect(cloud.bodies.at(-1)).toMatchObject({ properties: { principalId: "two" } });
  await driveStep(roleAssignment, context, wanted("two")).up();
  expect(cloud.writes).toHaveLength(3);
});

const principal = {
  kind: "service-principal",
  id: "entra:applications/ci/servicePrincipal",
  name: "ci",
  principalId: "one",
  clientId: "client",
  tenantId: "tenant",
};
const subscription = {
  kind: "subscription",
  id: "/subscriptions/sub",
  subscriptionId: "sub",
  tenantId: "t",
  name: "s",
};

test("a service principal gets a role on the subscription", async () => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: jumpingClock() });
  const given = { identity: principal, scope: subscription, role: "Contributor" };
  const step = driveStep(roleAssignment, context, given);
  await step.up();
  expect(step.ref.id).toMatch(/^\/subscriptions\/sub\/providers\/Microsoft.Authorization\/roleAssignments\//);
  expect(cloud.bodies.at(-1)).toMatchObject({
    properties: { principalId: "one", principalType: "ServicePrincipal" },
  });
  await step.up();
  expect(cloud.writes).toHaveLength(1);
});

test("who may assign roles may be held to some, for identities alone, when giving and when taking away", async () => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: jumpingClock() });
  const given = {
    identity: principal,
    scope: subscription,
    role: "Role Based Access Control Administrator",
    mayAssign: ["Network Contributor"],
  };
  const step = driveStep(roleAssignment, context, given);
  await step.up();
  const allowed =
    "ForAnyOfAnyValues:GuidEquals {4d97b98b-1d4f-4787-a291-c67834d212e7} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}";
  expect(cloud.bodies.at(-1)).toMatchObject({
    properties: { condition: expect.stringContaining(allowed), conditionVersion: "2.0" },
  });
  const { condition } = z
    .object({ properties: z.object({ condition: z.string() }) })
    .parse(cloud.bodies.at(-1)).properties;
  expect(condition).toContain("ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}");
  expect(condition.split("(")).toHaveLength(condition.split(")").length);
  await step.up();
  expect(cloud.writes).toHaveLength(1);
  expect(await driveStep(roleAssignment, context, { ...given, mayAssign: ["Reader"] }).changes()).toEqual([
    expect.stringContaining("condition:"),
  ]);
});
