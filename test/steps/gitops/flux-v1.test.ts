import { expect, test } from "vitest";
import { Failure } from "../../../src/step/failure.ts";
import { follows } from "../../../src/steps/gitops/flux-log.ts";
import step from "../../../src/steps/gitops/flux-v1.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const followed = { namespace: "fluxcd", release: "flux", branch: "main", readOnly: false };
const refreshed =
  "component=sync-loop event=refreshed branch=main HEAD=c4ea57f1f116001b883de9bdecbc69288e712e6d";
const input = step.input.parse({
  cluster: { kind: "cluster", id: "kubeconfig:/k#c", name: "c" },
  url: "git@github.com:owner/name",
});
const ref = step.locate(input, { pipeline: "demo", instance: "demo", subscription: "s" });

const pod = (name: string, deletionTimestamp?: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "fluxcd", labels: { app: "flux", release: "flux" }, deletionTimestamp },
});

test("the log of the pod that stays counts, not that of the one that goes", async () => {
  const cluster = fakeKubernetes();
  cluster.put(pod("old", "2026-11-24T12:00:00Z"));
  cluster.put(pod("new"));
  cluster.say("fluxcd", "old", [refreshed]);
  expect(await follows(cluster, followed)).toMatchObject({ ready: false });
  cluster.say("fluxcd", "new", [refreshed]);
  expect(await follows(cluster, followed)).toEqual({ ready: true, detail: "follows main, at c4ea57f" });
});

test("without the right to read its log Flux is taken at its pod's word", async () => {
  const cluster = fakeKubernetes();
  cluster.intercept((verb) => {
    if (verb === "list") throw new Failure({ kind: "forbidden", code: "P0704", message: "no" });
  });
  expect(await follows(cluster, followed)).toMatchObject({ ready: true });
});

test("destroying says that what came from git stays, unless the cluster goes too", async () => {
  const context = fakeContext({ kubernetes: fakeKubernetes() });
  await step.destroy(context, ref);
  expect(context.reported).toEqual([
    { kind: "notice", message: "what Flux applied from git stays in the cluster" },
  ]);
  const dying = fakeContext({ kubernetes: fakeKubernetes() });
  await step.destroy({ ...dying, dies: () => true }, ref);
  expect(dying.reported).toEqual([]);
});
