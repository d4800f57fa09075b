/** Which definitions of kinds go with a release, and which stay: only what is proven its own goes, and only when empty. */
import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import type { Progress } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";
import release from "../../../src/steps/helm/release.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../fakes/kubernetes.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { chartsOf, started } from "../../steps/helm/started.ts";

const input = {
  cluster: { kind: "cluster", id: "kubeconfig:k#c", name: "c" },
  namespace: "web",
  release: "demo",
  chart: { repository: "https://charts.example.org", name: "demo", version: "1.2.3" },
  wait: false,
};

const crdObject = (annotations: Readonly<Record<string, string>> = {}): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.org", annotations },
  spec: { group: "example.org", names: { kind: "Thing" }, versions: [{ name: "v1", served: true }] },
});
const crdId = { ...crdObject(), name: "things.example.org" };
const inFolder = JSON.stringify(crdObject());
const kept = JSON.stringify(crdObject({ "helm.sh/resource-policy": "keep" }));
const thing = (name: string, metadata: object = {}): KubernetesObject => ({
  apiVersion: "example.org/v1",
  kind: "Thing",
  metadata: { name, ...metadata },
});

const folder = (cluster?: FakeKubernetes) =>
  started(release, input, {
    crds: [inFolder],
    manifest: () => "",
    clock: quickClock(),
    ...(cluster && { cluster }),
  });
const template = (cluster?: FakeKubernetes) =>
  started(release, input, { manifest: () => kept, clock: quickClock(), ...(cluster && { cluster }) });

const notices = (reported: readonly Progress[]): readonly string[] =>
  reported.flatMap((progress) => (progress.kind === "notice" ? [progress.message] : []));

test.each([
  ["of the chart's folder", folder],
  ["that its templates keep", template],
])("a definition %s came with the release, and goes with it", async (_, start) => {
  const { step, cluster, context } = start();
  await step.up();
  expect(await cluster.get(crdId)).toBeDefined();
  await step.destroy();
  expect(await cluster.get(crdId)).toBeUndefined();
  expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "web" })).toBeUndefined();
  expect(notices(context.reported)).toEqual([]);
});

test.each([
  ["of the chart's folder", folder],
  ["that its templates keep", template],
])(
  "a definition %s stays with somebody's object, is nobody's from then on, and says so",
  async (_, start) => {
    const { step, cluster, context } = start();
    await step.up();
    cluster.put(thing("theirs"));
    await step.destroy();
    expect(await cluster.get({ ...thing(""), name: "theirs" })).toBeDefined();
    expect(JSON.stringify((await cluster.get(crdId))?.metadata)).not.toContain("provision.dev");
    expect(notices(context.reported)).toEqual([
      "CustomResourceDefinition things.example.org stays: with it would go 1 object of its kind (Thing theirs)",
    ]);
  },
);

test("a definition that was there before the release stays as it was", async () => {
  const cluster = fakeKubernetes();
  cluster.put(crdObject());
  const before = await cluster.get(crdId);
  const { step, context } = folder(cluster);
  await step.up();
  await step.destroy();
  expect(await cluster.get(crdId)).toEqual(before);
  expect(notices(context.reported)).toEqual([
    "CustomResourceDefinition things.example.org stays, with no object of its kind: it may have been there before this release",
  ]);
});

test("a kept definition that is another release's by now stays", async () => {
  const { step, cluster, context } = template();
  await step.up();
  cluster.edit(crdId, { metadata: { annotations: { "meta.helm.sh/release-name": "other" } } });
  cluster.put(thing("one"));
  cluster.put(thing("two"));
  await step.destroy();
  expect(await cluster.get(crdId)).toBeDefined();
  expect(notices(context.reported)).toEqual([
    "CustomResourceDefinition things.example.org stays, with 2 objects of its kind (Thing one and 1 more): it is of Helm release web/other",
  ]);
});

test("one that is missing is made with our marks before Helm runs, which then leaves all of them alone", async () => {
  const { step, cluster, helm } = folder();
  helm.refuseNext(new Failure({ kind: "rejected", code: "P0755", message: "killed" }));
  await expect(step.up()).rejects.toMatchObject({ message: "killed" });
  expect((await cluster.get(crdId))?.metadata.labels).toMatchObject({ "provision.dev/step": "thing" });
  await step.up();
  expect(helm.upgrades.map(({ skipCrds }) => skipCrds)).toEqual([true, true]);
  await step.destroy();
  expect(await cluster.get(crdId)).toBeUndefined();
});

test("one that somebody else makes at the same moment is theirs", async () => {
  const { step, cluster } = folder();
  cluster.intercept((verb, { kind }) => {
    if (verb === "create" && kind === "CustomResourceDefinition") cluster.put(crdObject());
  });
  await step.up();
  await step.destroy();
  expect((await cluster.get(crdId))?.metadata.labels).toBeUndefined();
});

test.each([
  ["a chart inside it has some, too", { own: [inFolder], nested: true }],
  ["something else is in the folder", { own: [inFolder, JSON.stringify(thing("one"))], nested: false }],
])("Helm sees to the folder itself where %s", async (_, crds) => {
  const { step, helm, cluster } = started(release, input, {
    charts: { ...chartsOf(), crds: async () => crds },
    manifest: () => "",
  });
  await step.up();
  expect(helm.upgrades[0]?.skipCrds).toBe(false);
  expect((await cluster.get(crdId))?.metadata.labels).toMatchObject({ "provision.dev/step": "thing" });
});

test("a login that may see no definitions changes and removes a release all the same", async () => {
  const { step, cluster, helm, again } = folder();
  await step.up();
  cluster.intercept((_, { kind }) => {
    if (kind === "CustomResourceDefinition")
      throw new Failure({ kind: "forbidden", code: "Forbidden", message: "no" });
  });
  await again({ ...input, values: { replicas: 3 } }).up();
  expect(helm.upgrades.map(({ skipCrds }) => skipCrds)).toEqual([true, false]);
  await step.destroy();
  expect((await step.observe()).state).toBe("absent");
});

test("what is on its way out is waited for while its controller still runs, but not for ever", async () => {
  const { step, cluster, context, helm } = folder();
  await step.up();
  cluster.put(
    thing("going", { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.org/held"] }),
  );
  let looks = 0;
  cluster.intercept((verb, { kind }) => {
    if (verb !== "list" || kind !== "Thing") return;
    looks += 1;
    if (looks === 4) cluster.edit({ ...thing(""), name: "going" }, { metadata: { finalizers: null } });
  });
  await step.destroy();
  expect(helm.calls.at(-1)).toBe("uninstall web/demo");
  expect(await cluster.get(crdId)).toBeUndefined();

  const stuck = folder();
  await stuck.step.up();
  stuck.cluster.put(
    thing("stuck", { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.org/held"] }),
  );
  await stuck.step.destroy();
  expect(await stuck.cluster.get(crdId)).toBeDefined();
  expect(stuck.context.clock.now()).toBe(60_000);
  expect(notices(context.reported)).toEqual([]);
});

test("a definition that takes a moment to go is waited for, since nobody would come back for it", async () => {
  const { step, cluster } = folder();
  await step.up();
  cluster.edit(crdId, { metadata: { finalizers: ["customresourcecleanup.apiextensions.k8s.io"] } });
  let looks = 0;
  cluster.intercept((verb, { kind }) => {
    if (verb !== "list" || kind !== "CustomResourceDefinition") return;
    looks += 1;
    if (looks === 4) cluster.edit(crdId, { metadata: { finalizers: null } });
  });
  await step.destroy();
  expect(await cluster.get(crdId)).toBeUndefined();
  expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "web" })).toBeUndefined();
});
