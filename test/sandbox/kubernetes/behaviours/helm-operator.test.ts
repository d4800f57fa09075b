import { expect, test } from "vitest";
import { behaviour as helmOperator } from "../../../../src/sandbox/kubernetes/behaviours/helm-operator.ts";
import { behaviour as workloads } from "../../../../src/sandbox/kubernetes/behaviours/workloads.ts";
import { runCluster } from "../running-cluster.ts";
import { define, definition, deploy, program } from "./programs.ts";

const path = "/apis/helm.fluxcd.io/v1/namespaces/default/helmreleases";
const release = {
  apiVersion: "helm.fluxcd.io/v1",
  kind: "HelmRelease",
  metadata: { name: "podinfo", namespace: "default" },
  spec: { chart: { repository: "https://charts.example/", name: "podinfo", version: "1.2.3" } },
};
const definitions = definition("helm.fluxcd.io", "HelmRelease", "helmreleases", "Namespaced");
const operator = (...args: readonly string[]) =>
  program("fluxcd", "helm-operator", "docker.io/fluxcd/helm-operator:1.4.4", [
    "--charts-sync-interval=3m",
    ...args,
  ]);

test("a release is deployed once its operator runs, and says that no chart is", async () => {
  await using cluster = await runCluster([workloads, helmOperator]);
  await define(cluster, definitions);
  await cluster.settle();
  await cluster.call("POST", path, release);
  await cluster.settle();
  expect((await cluster.read(`${path}/podinfo`)).status).toBeUndefined();

  await deploy(cluster, "fluxcd", operator());
  expect((await cluster.read(`${path}/podinfo`)).status).toMatchObject({
    phase: "Succeeded",
    releaseStatus: "deployed",
    releaseName: "default-podinfo",
    revision: "1.2.3",
    conditions: [
      { type: "ChartFetched", status: "True", message: "sandbox: the chart is not installed" },
      { type: "Deployed", status: "True" },
      { type: "Released", status: "True", reason: "Succeeded" },
    ],
  });
});

test("an operator that may see one namespace leaves the others alone", async () => {
  await using cluster = await runCluster([workloads, helmOperator]);
  await define(cluster, definitions);
  await cluster.settle();
  await deploy(cluster, "fluxcd", operator("--allow-namespace=fluxcd"));
  await cluster.call("POST", path, release);
  await cluster.settle();
  expect((await cluster.read(`${path}/podinfo`)).status).toBeUndefined();
});
