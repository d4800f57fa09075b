/** A set of manifests: what is written is there, what is no longer written goes, what is others' stays. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { Hole } from "../../../src/language/value.ts";
import { compareFields } from "../../../src/plan/compare.ts";
import { view } from "../../../src/plan/view.ts";
import { Failure } from "../../../src/step/failure.ts";
import manifests from "../../../src/steps/kubernetes/manifests.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext, testOwner } from "../../fakes/step-context.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "manifests-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const configMap = (name: string, data: Record<string, string> = { a: "1" }, namespace = "default") => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});

const setUp = (client = fakeKubernetes()) => {
  const context = fakeContext({ kubernetes: client }, { directory });
  const step = (input: object) => driveStep(manifests, context, { cluster, name: "team", ...input });
  return { client, context, step };
};

const names = async (client: FakeKubernetes) =>
  (await client.list({ apiVersion: "v1", kind: "ConfigMap" }, { namespace: "default" })).map(
    (object) => object.metadata.name,
  );

test("objects of pipeline, file and folder are applied, definitions and namespaces first, and a second run writes nothing", async () => {
  await mkdir(join(directory, "more"));
  await writeFile(
    join(directory, "a.yaml"),
    "---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: web}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n",
  );
  await writeFile(
    join(directory, "more", "c.json"),
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMapList", items: [configMap("c")] }),
  );
  await writeFile(join(directory, "more", "notes.txt"), "no manifest");
  const { client, step } = setUp();
  const set = step({ objects: [configMap("a")], files: ["a.yaml"], folder: "./more" });
  expect(await set.up()).toMatchObject({ ready: true });
  expect(client.writes.map((write) => write.replace(/-[0-9a-f]{8}$/, ""))).toEqual([
    "apply ConfigMap kube-system/provision-set-team",
    "apply Namespace web",
    "apply ConfigMap default/a",
    "apply ConfigMap web/b",
    "apply ConfigMap default/c",
  ]);
  const before = client.writes.length;
  expect(await set.up()).toMatchObject({ ready: true });
  expect(client.writes).toHaveLength(before);
  expect(await set.observe()).toMatchObject({
    owner: testOwner,
    output: { objects: ["ConfigMap default/a", "ConfigMap default/c", "ConfigMap web/b", "Namespace web"] },
  });
});

test("a changed file is a change, field by field", async () => {
  const write = (text: string) => writeFile(join(directory, "a.yaml"), text);
  await write(JSON.stringify(configMap("a", { level: "info" })));
  const { step } = setUp();
  const set = step({ files: ["a.yaml"] });
  await set.up();
  expect(await set.changes()).toEqual([]);
  await write(JSON.stringify(configMap("a", { level: "debug" })));
  expect(await set.changes()).toEqual(['ConfigMap default/a data.level: "info" -> "debug"']);
  await set.up();
  expect(await set.changes()).toEqual([]);
});

test("what is no longer named goes; what another step has taken over stays", async () => {
  const { client, context, step } = setUp();
  await step({ objects: [configMap("a"), configMap("b"), configMap("c")] }).up();
  const other = driveStep(manifests, context, { cluster, name: "other", objects: [configMap("c")] });
  await other.up();
  const rest = step({ objects: [configMap("a")] });
  expect(await rest.changes()).toEqual([
    'ConfigMap default/b: "applied" -> null',
    'ConfigMap default/c: "applied" -> null',
  ]);
  await rest.up();
  expect(await names(client)).toEqual(["a", "c"]);
  expect(await rest.changes()).toEqual([]);
});

test("an object that is others' is refused, and made ours only when told so", async () => {
  const { client, step } = setUp();
  client.put(configMap("a", { theirs: "1" }));
  const before = client.writes.length;
  await expect(step({ objects: [configMap("a")] }).up()).rejects.toMatchObject({
    kind: "conflict",
    code: "P0712",
    resource: "ConfigMap default/a",
  });
  expect(client.writes).toHaveLength(before);
  await step({ objects: [configMap("a")], takeOver: true }).up();
  expect((await client.get({ ...configMap("a"), name: "a", namespace: "default" }))?.data).toEqual({
    a: "1",
    theirs: "1",
  });
});

test("a run that dies anywhere loses track of nothing", async () => {
  const count = async (died: number): Promise<boolean> => {
    const { client, step } = setUp();
    await step({ objects: [configMap("old"), configMap("a")] }).up();
    let writes = 0;
    const dies = () => {
      writes += 1;
      if (writes === died) throw new Failure({ kind: "unexpected", code: "Killed", message: "killed" });
    };
    client.intercept((verb) => {
      if (["apply", "delete"].includes(verb)) dies();
    });
    const next = step({ objects: [configMap("a"), configMap("new")] });
    const killed = await next.up().then(
      () => false,
      () => true,
    );
    client.intercept(() => undefined);
    await next.up();
    expect(await names(client)).toEqual(["a", "new"]);
    await next.destroy();
    expect(await names(client)).toEqual([]);
    expect(await client.list({ apiVersion: "v1", kind: "ConfigMap" })).toEqual([]);
    return killed;
  };
  let died = 1;
  while (await count(died)) died += 1;
  expect(died).toBeGreaterThan(5);
});

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.test" },
  spec: {
    group: "example.test",
    names: { kind: "Thing", plural: "things" },
    scope: "Cluster",
    versions: [{ name: "v1", served: true }],
  },
};
const thing = { apiVersion: "example.test/v1", kind: "Thing", metadata: { name: "one" } };

const established = (client: FakeKubernetes) => (object: KubernetesObject) => {
  if (object.kind !== "CustomResourceDefinition" || object.status) return;
  client.edit(
    { ...object, name: object.metadata.name },
    { status: { conditions: [{ type: "Established", status: "True" }] } },
  );
};

test("objects of a new kind wait until it is established", async () => {
  const { client, context, step } = setUp();
  const set = step({ objects: [thing, crd] });
  await expect(set.up()).rejects.toMatchObject({ kind: "busy" });
  expect(context.reported).toContainEqual({
    kind: "waiting",
    reason: "CustomResourceDefinition things.example.test: it is not established yet",
  });
  client.react(established(client));
  expect(await set.up()).toMatchObject({ ready: true });
  expect(await client.get({ ...thing, name: "one" })).toBeDefined();
});

test("a definition with objects of others stays, and says so", async () => {
  const { client, context, step } = setUp();
  client.react(established(client));
  const set = step({ objects: [crd, thing] });
  await set.up();
  client.put({ ...thing, metadata: { name: "theirs" } });
  await set.destroy();
  expect(await client.get({ ...thing, name: "one" })).toBeUndefined();
  expect(await client.get({ ...thing, name: "theirs" })).toBeDefined();
  expect((await client.get({ ...crd, name: crd.metadata.name }))?.metadata.labels).toEqual({});
  expect(context.reported).toContainEqual({
    kind: "notice",
    message:
      "CustomResourceDefinition things.example.test stays: with it would go 1 object of its kind (Thing theirs)",
  });
  expect(await set.observe()).toEqual({ state: "absent" });
});

test("an unknown value defers its own field, and nothing is removed while an object's name is unknown", async () => {
  const { client, context, step } = setUp();
  await step({ objects: [configMap("a"), configMap("b")] }).up();
  const hole = new Hole([{ kind: "step", step: "ip", output: "address" }], false);
  const observed = await manifests.observe(context, step({}).ref);
  const input = (objects: readonly unknown[]) =>
    view({ cluster, name: "team", objects, files: [], takeOver: false } as never) as never;
  const actual = observed.state === "present" ? observed.actual : undefined;
  const changed = (objects: readonly unknown[]) =>
    compareFields(manifests.fields(input(objects), actual), true).changes.map(({ path, after }) => [
      path,
      after.kind,
    ]);
  expect(changed([{ ...configMap("a"), data: { a: hole } }, configMap("b")])).toEqual([
    ["ConfigMap default/a data.a", "unknown"],
  ]);
  expect(changed([{ ...configMap("a"), metadata: { name: hole } }])).toEqual([["objects[0]", "unknown"]]);
  expect(client.writes.filter((write) => write.startsWith("delete"))).toEqual([]);
});

test.each([
  ["no YAML", "a: [", "P0710"],
  ["no object", "- 1", "P0710"],
  ["no name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a}", "P0710"],
])("a file that is %s is refused by name, before anything is written", async (_, text, code) => {
  await writeFile(join(directory, "a.yaml"), text);
  const { client, step } = setUp();
  await expect(step({ files: ["a.yaml"] }).up()).rejects.toMatchObject({ kind: "rejected", code });
  expect(client.writes).toEqual([]);
});

test("a missing file, and an object that is described twice, are refused", async () => {
  const { step } = setUp();
  await expect(step({ files: ["gone.yaml"] }).up()).rejects.toMatchObject({ code: "P0711" });
  await expect(step({ objects: [configMap("a"), configMap("a")] }).up()).rejects.toMatchObject({
    message: expect.stringContaining("described here and in objects[0]"),
  });
});

test("a Secret in a file is compared in memory and never shown", async () => {
  const write = (value: string) =>
    writeFile(
      join(directory, "s.yaml"),
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {token: ${value}}\n`,
    );
  await write("canary1");
  const { step } = setUp();
  const set = step({ files: ["s.yaml"] });
  await set.up();
  expect(await set.changes()).toEqual([]);
  await write("canary2");
  expect(await set.changes()).toEqual(["Secret default/s data.token: *** -> ***"]);
});

test("a Deployment that is not available is waited for, with its events and pods' last lines", async () => {
  const { client, step } = setUp();
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: { replicas: 2, selector: { matchLabels: { app: "web" } } },
  };
  client.react((object) => {
    if (object.kind === "Deployment" && !object.status) {
      client.edit(
        { ...object, name: "web", namespace: "default" },
        { status: { observedGeneration: 99, updatedReplicas: 2, availableReplicas: 1 } },
      );
    }
  });
  client.put({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e", namespace: "default" },
    involvedObject: { kind: "Deployment", name: "web" },
    type: "Warning",
    reason: "FailedCreate",
    message: "quota exceeded",
  });
  client.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", namespace: "default", labels: { app: "web" } },
  });
  client.say("default", "web-1", ["boom"]);
  expect(await step({ objects: [deployment] }).up()).toEqual({
    ready: false,
    reason: "Deployment default/web: 1 of 2 replicas are available",
    worthWaiting: true,
    evidence: ["Warning FailedCreate: quota exceeded", "web-1: boom"],
  });
});
