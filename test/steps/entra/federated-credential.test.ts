import { expect, test } from "vitest";
import { entraFamily } from "../../../src/families/entra/family.ts";
import application from "../../../src/steps/entra/application.ts";
import federatedCredential from "../../../src/steps/entra/federated-credential.ts";
import { openEntraContext } from "./directory-context.ts";

const branch = (name: string) => ({ github: { repository: "octo/shop", jobs: { branch: name } } });

const open = async () => {
  const entra = await openEntraContext();
  const app = entra.drive(application, { name: "ci" }, { step: "application" });
  await app.up();
  const handle = await app.output();
  const drive = (trust: object, name = "main") =>
    entra.drive(federatedCredential, { application: handle, name, trust });
  return { entra, app, handle, drive };
};

test("it is made once, follows a change of branch in place, and is taken away", async () => {
  const { entra, drive } = await open();
  const step = drive(branch("main"));
  expect(await step.up()).toEqual({ ready: true, detail: "repo:octo/shop:ref:refs/heads/main" });
  const writes = entra.writes();
  await step.up();
  expect(entra.writes()).toBe(writes);
  const moved = drive(branch("release"));
  expect(await moved.changes()).toEqual([
    'subject: "repo:octo/shop:ref:refs/heads/main" -> "repo:octo/shop:ref:refs/heads/release"',
  ]);
  await moved.up();
  expect(await moved.output()).toMatchObject({ subject: "repo:octo/shop:ref:refs/heads/release" });
  await moved.destroy();
  await moved.destroy();
  expect(await moved.observe()).toEqual({ state: "absent" });
});

test("it is found by its description, beside its application", async () => {
  const { entra, drive } = await open();
  const step = drive(branch("main"));
  await step.up();
  const found = await entraFamily.discover(entra.as({}), { pipeline: "demo", instance: "clu-demo" }, []);
  expect(found.map(({ ref }) => ref.id)).toEqual(["applications/ci", step.ref.id]);
});

test("one without our marks is unowned, and not removed", async () => {
  const { entra, handle, drive } = await open();
  await entra.directory.credential(handle.clientId, "main", { subject: "x", description: "by hand" });
  const step = drive(branch("main"));
  expect(await step.observe()).toMatchObject({ state: "present", owner: undefined });
  await expect(step.destroy()).rejects.toMatchObject({ code: "P0832" });
});

test("two for one subject are refused, and so is a twenty-first", async () => {
  const { entra, handle, drive } = await open();
  await drive(branch("main")).up();
  await expect(drive(branch("main"), "again").up()).rejects.toMatchObject({
    kind: "conflict",
    code: "InvalidFederatedIdentityCredentialValue",
  });
  for (let number = 1; number < 20; number++)
    await entra.directory.credential(handle.clientId, `n-${number}`, { subject: `${number}` });
  await expect(drive(branch("other"), "more").up()).rejects.toMatchObject({
    hint: expect.stringContaining("20"),
  });
});

test("a write whose answer was lost is found done, and nothing is made twice", async () => {
  const { entra, app, drive } = await open();
  entra.sandbox.control.fault({ kind: "reset-after", service: "graph", method: "PATCH" });
  const step = drive(branch("main"));
  await expect(step.up()).rejects.toMatchObject({ kind: "transient" });
  expect(await step.changes()).toEqual([]);
  expect(await step.up()).toMatchObject({ ready: true });
  entra.sandbox.control.fault({ kind: "reset-after", service: "graph", method: "DELETE", times: 1 });
  await expect(step.destroy()).rejects.toMatchObject({ kind: "transient" });
  await step.destroy();
  expect(await step.observe()).toEqual({ state: "absent" });
  await app.destroy();
});

test("an application that is not known everywhere yet is a fault that passes", async () => {
  const { drive, app } = await open();
  await app.destroy();
  await expect(drive(branch("main")).up()).rejects.toMatchObject({ kind: "replicating" });
});
