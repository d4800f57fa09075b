import { expect, test } from "vitest";
import namespace from "../../../src/steps/kubernetes/namespace.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext, testOwner } from "../../fakes/step-context.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };
const name = { apiVersion: "v1", kind: "Namespace", name: "web" };

const setUp = (input: object = {}) => {
  const client = fakeKubernetes();
  const context = fakeContext({ kubernetes: client });
  return { client, context, step: driveStep(namespace, context, { cluster, name: "web", ...input }) };
};

test("a namespace is made with labels, marks and a fence, and a second run writes nothing", async () => {
  const { client, context, step } = setUp({ labels: { team: "a" } });
  expect(await step.observe()).toEqual({ state: "absent" });
  expect(await step.up()).toEqual({ ready: true });
  expect((await client.get(name))?.metadata.labels).toMatchObject({
    team: "a",
    "provision.dev/step": "thing",
  });
  expect(await step.up()).toEqual({ ready: true });
  expect(client.writes).toEqual(["apply Namespace web"]);
  expect(context.fenced()).toBe(1);
  expect(await step.observe()).toMatchObject({
    owner: testOwner,
    output: { kind: "namespace", cluster: cluster.id, name: "web" },
  });
});

test("a label changed or dropped in the pipeline is a change, one added by others is not", async () => {
  const { client, context, step } = setUp({ labels: { team: "a", tier: "x" } });
  await step.up();
  client.edit(name, { metadata: { labels: { theirs: "1" } } });
  expect(await step.changes()).toEqual([]);
  const next = driveStep(namespace, context, { cluster, name: "web", labels: { team: "b" } });
  expect(await next.changes()).toEqual([
    'metadata.labels.team: "a" -> "b"',
    'metadata.labels.tier: "x" -> null',
  ]);
  await next.up();
  expect(await next.changes()).toEqual([]);
});

test("one that is there without marks is unowned, and its destruction leaves it", async () => {
  const { client, step } = setUp();
  client.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
  expect(await step.observe()).toMatchObject({ state: "present", owner: undefined });
  await step.destroy();
  expect(await client.get(name)).toBeDefined();
});

test("destroying waits for finalizers and says which", async () => {
  const { client, context, step } = setUp();
  await step.up();
  client.edit(name, { metadata: { finalizers: ["example.test/hold"] } });
  await expect(step.destroy()).rejects.toMatchObject({
    kind: "busy",
    evidence: ["Namespace web: finalizer example.test/hold"],
  });
  expect(context.reported).toEqual([
    { kind: "waiting", reason: "Namespace web to be gone (Namespace web: finalizer example.test/hold)" },
  ]);
  expect(await step.observe()).toMatchObject({
    state: "busy",
    operation: "Terminating, held by finalizer example.test/hold",
  });
  client.edit(name, { metadata: { finalizers: null } });
  await step.destroy();
  expect(await step.observe()).toEqual({ state: "absent" });
});
