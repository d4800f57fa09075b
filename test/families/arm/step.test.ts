import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/clients/azure/client.ts";
import { textsAt, withValue } from "../../../src/families/arm/model.ts";
import { Failure } from "../../../src/step/failure.ts";
import publicIp from "../../../src/steps/azure/public-ip.ts";
import resourceGroup from "../../../src/steps/azure/resource-group.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeContext, testOwner } from "../../fakes/step-context.ts";
import { type FakeAzure, fakeAzure, jumpingClock } from "./fake-azure.ts";

const group = {
  kind: "resource-group",
  id: "/subscriptions/sub/resourceGroups/rg",
  name: "rg",
  location: "westeurope",
};
const id = `${group.id}/providers/Microsoft.Network/publicIPAddresses/ip`;

const setUp = (input: object = {}) => {
  const cloud = fakeAzure();
  cloud.complete = (_, body) => ({
    ...withValue(
      withValue(body, "properties.provisioningState", "Succeeded"),
      "properties.ipAddress",
      "20.0.0.1",
    ),
  });
  const context = fakeContext({ azure: cloud }, { clock: jumpingClock() });
  return { cloud, context, step: driveStep(publicIp, context, { group, name: "ip", ...input }) };
};

const edit = (cloud: FakeAzure, path: string, value: string): void => {
  cloud.resources.set(id.toLowerCase(), withValue(cloud.resources.get(id.toLowerCase()) ?? {}, path, value));
};

const markOf = (step: string): JsonObject => ({
  "provision-pipeline": "demo",
  "provision-instance": "clu-demo",
  "provision-step": step,
  "provision-type": "azure/public-ip",
});

test("a resource is made with its settings, tags and marks, and a second run writes nothing", async () => {
  const { cloud, context, step } = setUp({ tags: { team: "a" } });
  expect(await step.observe()).toEqual({ state: "absent" });
  expect(await step.up()).toEqual({ ready: true, detail: "20.0.0.1" });
  expect(cloud.bodies[0]).toMatchObject({
    location: "westeurope",
    sku: { name: "Standard" },
    zones: ["1", "2", "3"],
    properties: {
      publicIPAllocationMethod: "Static",
      publicIPAddressVersion: "IPv4",
      idleTimeoutInMinutes: 4,
    },
    tags: { team: "a", ...markOf("thing") },
  });
  expect(await step.observe()).toMatchObject({
    owner: testOwner,
    output: { kind: "public-ip", id, name: "ip", group: "rg", address: "20.0.0.1" },
  });
  expect(await step.changes()).toEqual([]);
  await step.up();
  expect(cloud.writes).toEqual([`PUT ${id}`]);
  expect(context.fenced()).toBe(1);
});

test("what others set beside our settings stays as it is", async () => {
  const { cloud, context, step } = setUp();
  await step.up();
  edit(cloud, "tags.theirs", "1");
  edit(cloud, "properties.ddosSettings.protectionMode", "Enabled");
  expect(await step.changes()).toEqual([]);
  const next = driveStep(publicIp, context, { group, name: "ip", idleTimeout: 10 });
  expect(await next.changes()).toEqual(["idleTimeoutInMinutes: 4 -> 10"]);
  await next.up();
  expect(cloud.bodies.at(-1)).toMatchObject({
    tags: { theirs: "1" },
    properties: { ddosSettings: { protectionMode: "Enabled" }, idleTimeoutInMinutes: 10 },
  });
});

test("tags that would give the address away to the cloud provider are never set", async () => {
  const { cloud, step } = setUp({ tags: { service: "a/b", "k8s-azure-service": "a/b", team: "a" } });
  await step.up();
  expect(Object.keys(textsAt(cloud.bodies[0], "tags"))).not.toContain("service");
  expect(Object.keys(textsAt(cloud.bodies[0], "tags"))).not.toContain("k8s-azure-service");
});

test("a running operation is waited for, and told", async () => {
  const { cloud, context, step } = setUp();
  cloud.looks = 3;
  expect(await step.up()).toMatchObject({ ready: true });
  expect(context.reported).toMatchObject([{ kind: "operation", operation: "Creating", joined: false }]);
});

test("an operation that fails gives its own failure", async () => {
  const { cloud, step } = setUp();
  cloud.looks = 1;
  cloud.ending = new Failure({ kind: "rejected", code: "SkuNotAvailable", message: "no" });
  await expect(step.up()).rejects.toMatchObject({ code: "SkuNotAvailable" });
});

test.each(["Creating", "Updating", "Deleting", "Upgrading"])("%s is seen as busy", async (state) => {
  const { cloud, step } = setUp();
  cloud.resources.set(id.toLowerCase(), {
    id,
    properties: { provisioningState: state },
    systemData: { lastModifiedAt: "2026-11-24T05:00:00Z" },
  });
  expect(await step.observe()).toEqual({
    state: "busy",
    operation: state,
    since: Date.parse("2026-11-24T05:00:00Z"),
  });
});

test("a resource whose last operation failed is present and broken, and is put again", async () => {
  const { cloud, context, step } = setUp();
  await step.up();
  edit(cloud, "properties.provisioningState", "Failed");
  const observed = await publicIp.observe(context, step.ref);
  expect(observed).toMatchObject({ state: "present", failed: "its last operation ended as Failed" });
  const input = publicIp.input.parse({ group, name: "ip" });
  expect(await publicIp.verify(context, step.ref, input)).toMatchObject({
    ready: false,
    worthWaiting: false,
  });
  await publicIp.apply(context, step.ref, input, observed);
  expect(cloud.writes).toHaveLength(2);
  expect(await publicIp.verify(context, step.ref, input)).toMatchObject({ ready: true });
});

test("one that is there without marks is unowned, is not overwritten behind the plan, and is not destroyed", async () => {
  const { cloud, context, step } = setUp();
  const input = publicIp.input.parse({ group, name: "ip" });
  cloud.resources.set(id.toLowerCase(), { id, location: "westeurope", properties: {} });
  expect(await step.observe()).toMatchObject({ state: "present", owner: undefined });
  const late = publicIp.apply(context, step.ref, input, { state: "absent" });
  await expect(late).rejects.toMatchObject({ kind: "conflict", code: "P0810" });
  await expect(step.destroy()).rejects.toMatchObject({ kind: "conflict", code: "P0810" });
  expect(cloud.writes).toEqual([]);
});

test("adopting writes our marks over one that carries none", async () => {
  const { cloud, step } = setUp();
  cloud.resources.set(id.toLowerCase(), {
    id,
    location: "westeurope",
    tags: { theirs: "1" },
    properties: {},
  });
  await step.up();
  expect(cloud.bodies[0]?.tags).toMatchObject({ theirs: "1", ...markOf("thing") });
});

test("one that became somebody else's between plan and write is left alone", async () => {
  const { cloud, context, step } = setUp();
  const input = publicIp.input.parse({ group, name: "ip", idleTimeout: 20 });
  await step.up();
  const observed = await publicIp.observe(context, step.ref);
  const made = cloud.resources.get(id.toLowerCase());
  cloud.resources.set(id.toLowerCase(), {
    ...made,
    tags: { ...markOf("thing"), "provision-pipeline": "other" },
  });
  await expect(publicIp.apply(context, step.ref, input, observed)).rejects.toMatchObject({ code: "P0810" });
});

test("a renamed step of the same pipeline marks its resource anew", async () => {
  const { cloud, context, step } = setUp();
  await step.up();
  const renamed = { ...context, owner: { ...testOwner, step: "address" } };
  const input = publicIp.input.parse({ group, name: "ip" });
  await publicIp.apply(renamed, step.ref, input, await publicIp.observe(context, step.ref));
  expect(cloud.bodies.at(-1)?.tags).toMatchObject(markOf("address"));
});

test("nothing is written once the fence says no", async () => {
  const { cloud } = setUp();
  const context = fakeContext({ azure: cloud }, { fence: () => Promise.reject(new Error("lease lost")) });
  await expect(driveStep(publicIp, context, { group, name: "ip" }).up()).rejects.toThrow("lease lost");
  expect(cloud.writes).toEqual([]);
});

test("destroying removes what is ours, and absent is success", async () => {
  const { cloud, step } = setUp();
  await step.destroy();
  await step.up();
  cloud.looks = 2;
  await step.destroy();
  expect(cloud.writes).toEqual([`PUT ${id}`, `DELETE ${id}`]);
  expect(await step.observe()).toEqual({ state: "absent" });
});

test("a group that holds things of others refuses to die, and names them", async () => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: jumpingClock() });
  const step = driveStep(resourceGroup, context, { name: "rg", location: "westeurope" });
  await step.up();
  const theirs = Array.from({ length: 7 }, (_, index) => ({
    id: `${group.id}/providers/X/y/theirs${index}`,
  }));
  cloud.lists.set(`${group.id}/resources`.toLowerCase(), [{ id, tags: markOf("ip") }, ...theirs]);
  await expect(step.destroy()).rejects.toMatchObject({
    kind: "conflict",
    code: "P0813",
    evidence: theirs.slice(0, 5).map((entry) => entry.id),
  });
  cloud.lists.set(`${group.id}/resources`.toLowerCase(), [{ id, tags: markOf("ip") }]);
  await step.destroy();
  expect(await step.observe()).toEqual({ state: "absent" });
});
