/** The Kubernetes steps against the sandbox's API server over HTTP, through the product's own client. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { kubernetes } from "../../../src/clients/kubernetes/kubernetes.ts";
import { kubernetesFamily } from "../../../src/families/kubernetes/family.ts";
import { acquireLease } from "../../../src/families/kubernetes/lease.ts";
import { clusterRef } from "../../../src/step/handle.ts";
import { Secret } from "../../../src/step/secret.ts";
import type { Verdict } from "../../../src/step/step.ts";
import clusterIssuers from "../../../src/steps/certificates/cluster-issuers.ts";
import existingCluster from "../../../src/steps/kubernetes/existing-cluster.ts";
import manifests from "../../../src/steps/kubernetes/manifests.ts";
import namespace from "../../../src/steps/kubernetes/namespace.ts";
import secret from "../../../src/steps/kubernetes/secret.ts";
import { type DrivenStep, driveStep } from "../../fakes/drive-step.ts";
import { testOwner } from "../../fakes/step-context.ts";
import { openSandboxCluster, type SandboxCluster } from "./sandbox-cluster.ts";

/** Asks again while it is worth it, as the runner does. */
const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const busy = error instanceof Error && "kind" in error && error.kind === "busy";
      if (!busy || tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
};

const up = async (step: DrivenStep): Promise<Verdict> => {
  for (let tries = 0; ; tries += 1) {
    const verdict = await patiently(() => step.up());
    if (verdict.ready || !verdict.worthWaiting || tries > 200) return verdict;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

const steps = ({ context, handle }: SandboxCluster) => ({
  web: (more: object = {}) => driveStep(namespace, context, { cluster: handle, name: "web", ...more }),
  token: (text: string) =>
    driveStep(secret, context, {
      cluster: handle,
      namespace: "web",
      name: "token",
      data: { token: new Secret(text, "TOKEN") },
    }),
  set: (input: object) => driveStep(manifests, context, { cluster: handle, name: "team", ...input }),
});

test("a kubeconfig's cluster is looked up", async () => {
  await using cluster = await openSandboxCluster();
  const step = driveStep(existingCluster, cluster.context, { kubeconfig: "config" });
  expect(await step.observe()).toMatchObject({ state: "present", actual: { version: "v1.35.4" } });
});

test("namespace and Secret come, change, stay without a write, and go", async () => {
  await using cluster = await openSandboxCluster();
  const { web, token } = steps(cluster);
  expect(await up(web({ labels: { team: "a" } }))).toEqual({ ready: true });
  expect(await up(token("canary1"))).toEqual({ ready: true });
  const writes = cluster.writes().length;
  await up(web({ labels: { team: "a" } }));
  await up(token("canary1"));
  expect(cluster.writes()).toHaveLength(writes);
  expect(await token("canary2").changes()).toEqual(["data.token: *** -> ***"]);
  await up(token("canary2"));
  expect(await web().changes()).toEqual(['metadata.labels.team: "a" -> null']);
  await up(web());
  expect(await web().changes()).toEqual([]);
  await patiently(() => web().destroy());
  expect(await web().observe()).toEqual({ state: "absent" });
  expect(await token("canary2").observe()).toEqual({ state: "absent" });
});

const deployment = (image: string, more: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop", namespace: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: { containers: [{ name: "shop", image, resources: { limits: { cpu: "1000m" } }, ...more }] },
    },
  },
});

test("a set runs, is compared with all of the API's defaults in place, is pruned and destroyed", async () => {
  await using cluster = await openSandboxCluster();
  const { set } = steps(cluster);
  const file =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: web}\nspec: {selector: {app: shop}, ports: [{port: 80}]}\n";
  await writeFile(join(cluster.directory, "web.yaml"), file);
  const shop = set({ files: ["web.yaml"], objects: [deployment("shop:1")] });
  expect(await up(shop)).toEqual({ ready: true, detail: "3 objects" });
  expect(await shop.changes()).toEqual([]);
  const next = set({
    files: ["web.yaml"],
    objects: [deployment("shop:2", { env: [{ name: "A", value: "1" }] })],
  });
  expect(await next.changes()).toEqual([
    'Deployment web/shop spec.template.spec.containers[name=shop].image: "shop:1" -> "shop:2"',
    'Deployment web/shop spec.template.spec.containers[name=shop].env: (nothing) -> [{"name":"A","value":"1"}]',
  ]);
  await up(next);
  expect(await next.changes()).toEqual([]);
  const rest = set({ files: ["web.yaml"] });
  expect(await rest.changes()).toEqual(['Deployment web/shop: "applied" -> null']);
  await up(rest);
  expect(
    cluster.api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: "web", name: "shop" }),
  ).toBeUndefined();
  await patiently(() => rest.destroy());
  expect(await rest.observe()).toEqual({ state: "absent" });
});

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.test" },
  spec: {
    group: "example.test",
    names: { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
const thing = {
  apiVersion: "example.test/v1",
  kind: "Thing",
  metadata: { name: "one", namespace: "default" },
  spec: { size: 1 },
};

test("a kind and an object of it, in one set, in the wrong order", async () => {
  await using cluster = await openSandboxCluster();
  const step = steps(cluster).set({ objects: [thing, definition] });
  expect(await up(step)).toMatchObject({ ready: true });
  expect(await step.changes()).toEqual([]);
  await patiently(() => step.destroy());
  expect(await step.observe()).toEqual({ state: "absent" });
});

test("drift by hand is seen and mended, fields of others are left", async () => {
  await using cluster = await openSandboxCluster();
  const { web, set } = steps(cluster);
  await up(web());
  const step = set({ objects: [deployment("shop:1")] });
  await up(step);
  const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "web", name: "shop" };
  cluster.api.patch(
    name,
    { spec: { replicas: 5 }, metadata: { annotations: { theirs: "1" } } },
    "kubectl-edit",
  );
  expect(await step.changes()).toEqual(["Deployment web/shop spec.replicas: 5 -> 2"]);
  await up(step);
  expect(cluster.api.get(name)?.metadata.annotations).toMatchObject({ theirs: "1" });
  expect(await step.changes()).toEqual([]);
});

test("what carries marks is found, and nothing else", async () => {
  await using cluster = await openSandboxCluster();
  const { web, set } = steps(cluster);
  await up(web());
  await up(set({ objects: [deployment("shop:1")] }));
  const found = await kubernetesFamily.discover(cluster.context, testOwner, [clusterRef(cluster.handle)]);
  expect(found.map(({ ref }) => ref.id).sort()).toEqual(["set demo/clu-demo/team", "v1 Namespace web"]);
});

test("the Lease is held by one", async () => {
  await using cluster = await openSandboxCluster();
  const client = await cluster.context.use(kubernetes(clusterRef(cluster.handle)));
  const { signal } = new AbortController();
  const clock = {
    now: () => Date.now(),
    sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 5)),
  };
  const first = await acquireLease(client, { holder: "a", clock, signal });
  const told: string[] = [];
  const second = acquireLease(client, { holder: "b", clock, signal, waiting: (holder) => told.push(holder) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(told).toEqual(["a"]);
  expect(first.lost.aborted).toBe(false);
  await first.release();
  await (await second).release();
});

test("issuers need cert-manager's kinds, and say so", async () => {
  await using cluster = await openSandboxCluster();
  const certManager = {
    kind: "cert-manager",
    cluster: cluster.handle.id,
    namespace: "cert-manager",
    version: "v1.21.1",
  };
  const step = driveStep(clusterIssuers, cluster.context, {
    cluster: cluster.handle,
    certManager,
    solvers: [{ http01: { ingressClass: "nginx" } }],
  });
  expect(await step.observe()).toEqual({ state: "absent" });
  await expect(step.up()).rejects.toMatchObject({ kind: "not-found", code: "KindNotServed" });
});
