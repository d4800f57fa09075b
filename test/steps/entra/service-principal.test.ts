import { expect, test } from "vitest";
import application from "../../../src/steps/entra/application.ts";
import servicePrincipal from "../../../src/steps/entra/service-principal.ts";
import { testSite } from "../../fakes/drive-step.ts";
import { openEntraContext } from "./directory-context.ts";

const open = async () => {
  const entra = await openEntraContext();
  const app = entra.drive(application, { name: "ci" }, { step: "application" });
  await app.up();
  const handle = await app.output();
  return { entra, app, handle, step: entra.drive(servicePrincipal, { application: handle }) };
};

test("it is made once for its application, and gives what logins and roles name", async () => {
  const { entra, handle, step } = await open();
  expect(await step.observe()).toEqual({ state: "absent" });
  expect(await step.up()).toMatchObject({ ready: true });
  const made = await step.output();
  expect(made).toMatchObject({
    kind: "service-principal",
    name: "ci",
    clientId: handle.clientId,
    tenantId: entra.sandbox.environment().AZURE_TENANT_ID,
  });
  const writes = entra.writes();
  expect(await step.changes()).toEqual([]);
  await step.up();
  expect(entra.writes()).toBe(writes);
});

test("its address is known before it is there, and before its application's client id is", async () => {
  const { handle, step } = await open();
  const bare = servicePrincipal.input.parse({ application: { ...handle, clientId: "", objectId: "" } });
  const ref = servicePrincipal.locate(bare, testSite);
  await step.up();
  expect(servicePrincipal.predict.id?.(bare, ref)).toBe((await step.output()).id);
});

test("disabled by hand, it is enabled again; somebody else's is left alone", async () => {
  const { entra, handle, step } = await open();
  await step.up();
  const path = `servicePrincipals(appId='${handle.clientId}')`;
  await entra.directory.request("PATCH", path, { accountEnabled: false });
  expect(await step.changes()).toEqual(["accountEnabled: false -> true"]);
  await step.up();
  await step.destroy();
  expect(await step.observe()).toEqual({ state: "absent" });
  await entra.directory.principal(handle.clientId);
  expect(await step.observe()).toMatchObject({ state: "present", owner: undefined });
  await expect(step.destroy()).rejects.toMatchObject({ code: "P0832" });
});

test("without its application it is absent, and goes with it", async () => {
  const { app, step } = await open();
  await step.up();
  await app.destroy();
  expect(await step.observe()).toEqual({ state: "absent" });
  await step.destroy();
});

test("an application that is not known everywhere yet is a fault that passes", async () => {
  const { entra } = await open();
  const stray = {
    kind: "application",
    name: "new",
    clientId: "00000000-0000-4000-8000-000000000001",
    objectId: "x",
  };
  await expect(entra.drive(servicePrincipal, { application: stray }).up()).rejects.toMatchObject({
    kind: "replicating",
  });
});
