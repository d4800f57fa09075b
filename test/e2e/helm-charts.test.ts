/**
 * Every chart of the catalogue through its step, with the real Helm on the sandbox's Kubernetes: installed, proven,
 * and nothing left to change. Charts come from the mirror that `npm run charts` prepares.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ref } from "../../src/step/ref.ts";
import { Secret } from "../../src/step/secret.ts";
import type { Outputs, Step, Verdict } from "../../src/step/step.ts";
import certManager from "../../src/steps/certificates/cert-manager.ts";
import externalDns from "../../src/steps/dns/external-dns.ts";
import fluxV1 from "../../src/steps/gitops/flux-v1.ts";
import helmOperator from "../../src/steps/gitops/helm-operator.ts";
import nginx from "../../src/steps/ingress/nginx.ts";
import { type DrivenStep, driveStep } from "../fakes/drive-step.ts";
import { startCluster, type TestCluster } from "./kubernetes-api.ts";
import { clusterInput, realContext } from "./real-context.ts";

const root = join(import.meta.dirname, "..", "..");
const mirror = join(root, ".charts");
const address = "52.0.0.1";

let cluster: TestCluster;
beforeAll(async () => {
  if (!existsSync(join(mirror, "index.yaml"))) await execa("node", [join(root, "scripts", "charts.ts")]);
  cluster = await startCluster(address);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Up, and verified again until it is ready, as the runner does. */
const untilReady = async (step: DrivenStep): Promise<Verdict> => {
  for (;;) {
    const verdict = await step.up();
    if (verdict.ready || !verdict.worthWaiting) return verdict;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const start = <Output extends Outputs>(step: Step<unknown, Output, unknown>, input: object) => {
  const context = realContext(cluster, { mirror });
  return { context, driven: driveStep(step, context, { cluster: clusterInput(cluster), ...input }) };
};

const key = {
  kind: "deploy-key",
  namespace: "fluxcd",
  secret: "flux-key",
  repository: "ssh://git@github.com/owner/config",
  publicKey: "ssh-ed25519 AAAA",
  fingerprint: "SHA256:x",
};
const publicIp = { kind: "public-ip", id: "/x", name: "clu-ip", group: "rg-ip", address };

/** A step with an input, and the fact that it is proven by. */
const one = <Output extends Outputs>(
  step: Step<unknown, Output, unknown>,
  given: object,
  detail: string,
) => ({
  type: step.type,
  detail,
  driven: () => start(step, given).driven,
  predicted: (ref: Ref) => {
    const input = step.input.parse({ cluster: clusterInput(cluster), ...given });
    const predictions: [string, ((input: unknown, ref: Ref) => unknown) | undefined][] = Object.entries(
      step.predict,
    );
    return Object.fromEntries(predictions.map(([name, predict]) => [name, predict?.(input, ref)]));
  },
});

const cases = [
  one(certManager, {}, "its webhook answers"),
  one(
    nginx,
    { address: publicIp, className: "public", values: { controller: { replicaCount: 3 } } },
    `${address} on the Service`,
  ),
  one(externalDns, { token: new Secret(" token\n", "test"), domainFilters: ["example.com"] }, "owner test-"),
  one(helmOperator, { key }, "HelmRelease is served"),
  one(fluxV1, { url: "git@github.com:owner/config", paths: ["base", "dev"], key }, "follows main"),
];

test.each(cases)(
  "$type: installed, proven, and a second look finds nothing to change",
  async ({ driven: make, detail }) => {
    const driven = make();
    expect(await untilReady(driven)).toEqual({ ready: true, detail: expect.stringContaining(detail) });
    const before = cluster.requests.length;
    expect(await driven.changes()).toEqual([]);
    expect(await driven.up()).toMatchObject({ ready: true });
    const writes = cluster.requests
      .slice(before)
      .filter((request) => !request.startsWith("GET") && !request.includes("dryRun=All"));
    expect(writes).toEqual([]);
  },
);

test("what a step predicts before anything exists is what it then gives", async () => {
  for (const { driven: make, predicted } of cases) {
    const driven = make();
    expect(await driven.observe()).toMatchObject({ output: predicted(driven.ref) });
  }
});

test("a changed token restarts External DNS by the Secret's version, and shows neither", async () => {
  const { driven } = start(externalDns, {
    token: new Secret("another", "test"),
    domainFilters: ["example.com"],
  });
  expect(await driven.changes()).toEqual(["token: *** -> ***"]);
  await untilReady(driven);
  expect(await driven.changes()).toEqual([]);
  const text = JSON.stringify(
    cluster.service.cluster(cluster.key)?.list({ apiVersion: "apps/v1", kind: "Deployment" }),
  );
  expect(text).toContain("provision.dev/token-version");
  expect(text).not.toContain("another");
});

test("a plan shows the objects without a cluster, and offline says why it can't", async () => {
  const { context } = start(nginx, { address: publicIp });
  const input = nginx.input.parse({ cluster: clusterInput(cluster), address: publicIp });
  const rendering = await nginx.render?.(context, input);
  expect(rendering).toMatchObject({
    objects: expect.arrayContaining([
      { apiVersion: "apps/v1", kind: "Deployment", name: "nginx-controller", namespace: "ingress-nginx" },
    ]),
  });
  expect(await nginx.render?.(realContext(cluster), { ...input, release: "other" })).toEqual({
    notRendered: "chart not cached",
  });
});

test("cert-manager's definitions go with it, but for one that somebody's object needs, which is said", async () => {
  const { driven, context } = start(certManager, {});
  const api = cluster.service.cluster(cluster.key);
  const definitions = () =>
    api
      ?.list({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" })
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.endsWith("cert-manager.io"));
  expect(definitions()).toContain("certificates.cert-manager.io");
  api?.create(
    {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      metadata: { name: "theirs" },
      spec: { selfSigned: {} },
    },
    "somebody",
  );
  await driven.destroy();
  expect((await driven.observe()).state).toBe("absent");
  expect(definitions()).toEqual(["clusterissuers.cert-manager.io"]);
  const notices = context.reported.filter(({ kind }) => kind === "notice");
  expect(notices).toEqual([
    {
      kind: "notice",
      message: expect.stringMatching(
        /^CustomResourceDefinition clusterissuers\.cert-manager\.io stays: .*ClusterIssuer theirs/,
      ),
    },
  ]);
});
