import { expect, test } from "vitest";
import { behaviour as flux } from "../../../../src/sandbox/kubernetes/behaviours/flux.ts";
import { behaviour as workloads } from "../../../../src/sandbox/kubernetes/behaviours/workloads.ts";
import { at } from "../../../../src/sandbox/kubernetes/json.ts";
import { type RunningCluster, runCluster } from "../running-cluster.ts";
import { deploy, program } from "./programs.ts";

const fluxd = program("fluxcd", "flux", "docker.io/fluxcd/flux:1.25.3", [
  "--k8s-secret-name=flux-git-deploy",
  "--git-url=git@github.com:example/repository",
  "--git-branch=main",
]);

const secret = (data?: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "flux-git-deploy", namespace: "fluxcd" },
  ...(data && { data }),
});

const run = async (cluster: RunningCluster, data?: Record<string, string>): Promise<string> => {
  await deploy(cluster, "fluxcd");
  await cluster.call("POST", "/api/v1/namespaces/fluxcd/secrets", secret(data));
  await deploy(cluster, "fluxcd", fluxd);
  return logOf(cluster);
};

const logOf = (cluster: RunningCluster): string => {
  const [pod] = cluster.api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: "fluxcd" });
  return cluster.api.logs("fluxcd", pod?.metadata.name ?? "").join("\n");
};

test("fluxd writes a key where its Secret holds none, and the git host refuses it", async () => {
  await using cluster = await runCluster([workloads, flux]);
  const log = await run(cluster);
  const kept = await cluster.read("/api/v1/namespaces/fluxcd/secrets/flux-git-deploy");
  const identity = Buffer.from(String(at(kept, "data", "identity")), "base64").toString();
  expect(identity).toContain("PRIVATE KEY");
  expect(log).toContain("Permission denied (publickey)");
  expect(log).not.toContain("event=refreshed");
});

test("fluxd reads the repository with a key that it was given, and leaves the key alone", async () => {
  await using cluster = await runCluster([workloads, flux]);
  const log = await run(cluster, { identity: "a2V5" });
  const kept = await cluster.read("/api/v1/namespaces/fluxcd/secrets/flux-git-deploy");
  expect(at(kept, "data", "identity")).toBe("a2V5");
  expect(log).toContain("event=refreshed url=git@github.com:example/repository branch=main");
  expect(log).toContain("sandbox: nothing is cloned");
});

test("a key that replaces fluxd's own is taken without a restart", async () => {
  await using cluster = await runCluster([workloads, flux]);
  await run(cluster);
  await cluster.call(
    "PATCH",
    "/api/v1/namespaces/fluxcd/secrets/flux-git-deploy",
    { data: { identity: "a2V5" } },
    { contentType: "application/merge-patch+json" },
  );
  await cluster.settle();
  expect(logOf(cluster).split("\n").at(-1)).toContain("event=refreshed");
});
