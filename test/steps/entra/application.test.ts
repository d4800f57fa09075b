/** An application through its contract and the real client, against the sandbox's directory. */
import { expect, test } from "vitest";
import { entraFamily } from "../../../src/families/entra/family.ts";
import application from "../../../src/steps/entra/application.ts";
import { openEntraContext } from "./directory-context.ts";

const wanted = { name: "ci" };

test("it is made once, changed in place, and a second run writes nothing", async () => {
  const entra = await openEntraContext();
  const step = entra.drive(application, wanted);
  expect(await step.observe()).toEqual({ state: "absent" });
  expect(await step.up()).toMatchObject({ ready: true });
  const made = await step.output();
  expect(made).toMatchObject({ kind: "application", name: "ci" });
  expect(await step.observe()).toMatchObject({ owner: { pipeline: "demo", step: "thing" } });
  const writes = entra.writes();
  await step.up();
  expect(entra.writes()).toBe(writes);
  const renamed = entra.drive(application, { ...wanted, displayName: "CI of the shop" });
  expect(await renamed.changes()).toEqual(['displayName: "ci" -> "CI of the shop"']);
  await renamed.up();
  expect(await renamed.output()).toEqual(made);
});

test("it is found by its marks, and only by its own pipeline and instance", async () => {
  const entra = await openEntraContext();
  await entra.drive(application, wanted).up();
  const context = entra.as({});
  expect(await entraFamily.discover(context, { pipeline: "demo", instance: "clu-demo" }, [])).toEqual([
    {
      ref: application.locate(application.input.parse(wanted), { ...context.owner, subscription: "s" }),
      owner: { pipeline: "demo", instance: "clu-demo", step: "thing" },
    },
  ]);
  expect(await entraFamily.discover(context, { pipeline: "demo", instance: "other" }, [])).toEqual([]);
});

test("somebody else's is unowned, and is neither written nor removed", async () => {
  const entra = await openEntraContext();
  await entra.directory.application("ci");
  const step = entra.drive(application, wanted);
  expect(await step.observe()).toMatchObject({ state: "present", owner: undefined });
  await expect(step.destroy()).rejects.toMatchObject({ code: "P0832" });
  const theirs = entra.drive(application, { name: "theirs" }, { pipeline: "another" });
  await theirs.up();
  const mine = entra.drive(application, { name: "theirs", displayName: "mine" });
  await expect(mine.up()).rejects.toMatchObject({ code: "P0832" });
  await expect(mine.destroy()).rejects.toMatchObject({ code: "P0832" });
});

test("removed, it is in the deleted items, as is said; made again, it is the same application", async () => {
  const entra = await openEntraContext();
  const step = entra.drive(application, wanted);
  await step.up();
  const before = await step.output();
  await step.destroy();
  await step.destroy();
  expect(entra.sandbox.control.inventory().directory).toEqual(["ci deleted"]);
  const notices = () =>
    entra.as({}).reported.flatMap((progress) => (progress.kind === "notice" ? [progress.message] : []));
  expect(notices()).toEqual([expect.stringContaining("30 days")]);
  await step.up();
  expect(await step.output()).toEqual(before);
  expect(notices()).toHaveLength(2);
});

test("another's application in the deleted items keeps its name, and the way out is said", async () => {
  const entra = await openEntraContext();
  const theirs = entra.drive(application, wanted, { pipeline: "another" });
  await theirs.up();
  await theirs.destroy();
  await expect(entra.drive(application, wanted).up()).rejects.toMatchObject({
    kind: "conflict",
    code: "P0834",
    hint: expect.stringContaining("directory/deletedItems/"),
  });
});

test("what the directory does not show yet is waited for, and left to the runner after a while", async () => {
  const entra = await openEntraContext();
  entra.sandbox.control.holdReplication(true);
  const step = entra.drive(application, wanted);
  await expect(step.up()).rejects.toMatchObject({ kind: "replicating" });
  entra.sandbox.control.holdReplication(false);
  expect(await step.up()).toMatchObject({ ready: true });
});

test("a login without the right is told which one it needs", async () => {
  const entra = await openEntraContext();
  entra.sandbox.control.fault({
    kind: "status",
    service: "graph",
    status: 403,
    times: -1,
    method: "PATCH",
    body: {
      error: {
        code: "Authorization_RequestDenied",
        message: "Insufficient privileges to complete the operation.",
      },
    },
  });
  await expect(entra.drive(application, wanted).up()).rejects.toMatchObject({
    kind: "forbidden",
    hint: expect.stringContaining("Application Developer"),
  });
});
