import { expect, test } from "vitest";
import { Failure } from "../../../src/step/failure.ts";
import release from "../../../src/steps/helm/release.ts";
import { available, chartsOf, started } from "./started.ts";

const input = {
  cluster: { kind: "cluster", id: "kubeconfig:k#c", name: "c" },
  namespace: "web",
  release: "demo",
  chart: { repository: "https://charts.example.org", name: "demo", version: "1.2.3" },
  values: { replicas: 2 },
};

test("it is installed with its marks, then nothing is left to do, and Helm is not asked again", async () => {
  const { step, helm, context } = started(release, input);
  expect((await step.observe()).state).toBe("absent");
  await step.up();
  expect(helm.calls).toEqual(["upgrade web/demo"]);
  expect(helm.upgrades[0]).toMatchObject({
    values: { replicas: 2 },
    timeout: 600_000,
    wait: true,
    labels: {
      "provision.dev/pipeline": "demo",
      "provision.dev/step": "thing",
      "provision.dev/type": "helm.release",
      "provision.dev/chart-digest": "a".repeat(40),
    },
  });
  const observed = await step.observe();
  expect(observed).toMatchObject({ state: "present", owner: context.owner, output: { release: "demo" } });
  expect(await step.changes()).toEqual([]);
  await step.up();
  expect(helm.calls).toEqual(["upgrade web/demo"]);
});

test("its namespace is made with our marks where it is missing, and left as it is where it is there", async () => {
  const { step, cluster } = started(release, input);
  await step.up();
  const namespace = await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "web" });
  expect(namespace?.metadata.labels).toMatchObject({ "provision.dev/pipeline": "demo" });

  const other = started(release, input);
  other.cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
  await other.step.up();
  expect(other.cluster.writes.filter((write) => write.includes("Namespace"))).toEqual([]);
});

test("what was changed by hand is seen, named and brought back", async () => {
  const { step, cluster, helm } = started(release, input);
  await step.up();
  cluster.edit(
    { apiVersion: "apps/v1", kind: "Deployment", namespace: "web", name: "demo" },
    { spec: { replicas: 7 } },
  );
  expect(await step.changes()).toEqual(["Deployment demo spec.replicas: 7 -> 2"]);
  await step.up();
  expect(helm.calls).toHaveLength(2);
  expect(await step.changes()).toEqual([]);
});

test("it is ready when its workloads are available, and says what is missing before", async () => {
  const { step, cluster } = started(release, input);
  expect(await step.up()).toMatchObject({
    ready: false,
    worthWaiting: true,
    reason: "Deployment demo: its controller has not seen the last change yet",
  });
  await available(cluster, "web", "demo");
  expect(await step.up()).toEqual({ ready: true, detail: "1 workload available" });
});

test("a failed upgrade goes back to the last deployed revision, and says so with the evidence", async () => {
  const { step, helm, cluster, again } = started(release, input);
  await step.up();
  await available(cluster, "web", "demo");
  const changed = again({ ...input, values: { replicas: 3 } });
  helm.failNext(new Failure({ kind: "rejected", code: "P0754", message: "not ready" }));
  await expect(changed.up()).rejects.toMatchObject({
    code: "P0754",
    message: "not ready; rolled back to revision 1, which was deployed last",
    evidence: [expect.stringContaining("Deployment demo")],
  });
  expect(helm.calls).toEqual(["upgrade web/demo", "upgrade web/demo", "rollback web/demo 1"]);
});

test("values that Helm refuses before it writes leave nothing to go back from", async () => {
  const { step, helm } = started(release, input);
  helm.refuseNext(new Failure({ kind: "rejected", code: "P0755", message: "replicas: got string" }));
  await expect(step.up()).rejects.toMatchObject({ message: "replicas: got string" });
  expect(helm.calls).toEqual(["upgrade web/demo"]);
});

test("a first installation that failed is upgraded by the next run", async () => {
  const { step, helm } = started(release, input);
  helm.failNext(new Failure({ kind: "rejected", code: "P0754", message: "not ready" }));
  await expect(step.up()).rejects.toMatchObject({
    message: "not ready; nothing was deployed before that it could go back to",
  });
  expect(await step.observe()).toMatchObject({ failed: "its revision 1 is failed: not ready" });
  await step.up();
  expect(await step.changes()).toEqual([]);
});

test("a chart that can't be had changes nothing", async () => {
  const failure = new Failure({ kind: "not-found", code: "P0763", message: "no such chart" });
  const { step, cluster, helm } = started(release, input, { charts: chartsOf(failure) });
  await expect(step.up()).rejects.toBe(failure);
  expect(cluster.writes).toEqual([]);
  expect(helm.calls).toEqual([]);
});

test("it is removed with its namespace, when that is ours and nothing else is in it", async () => {
  const { step, cluster, helm } = started(release, input);
  await step.up();
  await step.destroy();
  expect(helm.calls.at(-1)).toBe("uninstall web/demo");
  expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "web" })).toBeUndefined();
  expect((await step.observe()).state).toBe("absent");
  await step.destroy();
});

test("a namespace that holds something else stays, and the report names it", async () => {
  const { step, cluster, context } = started(release, input);
  await step.up();
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs", namespace: "web" } });
  await step.destroy();
  expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "web" })).toBeDefined();
  expect(context.reported).toContainEqual({
    kind: "notice",
    message: "namespace web stays: ConfigMap theirs still in it",
  });
});

test("what the chart keeps is said, with the reason", async () => {
  const claim = `
apiVersion: v1
kind: Secret
metadata: { name: password, annotations: { helm.sh/resource-policy: keep } }
`;
  const { step, context } = started(release, input, { manifest: () => claim });
  await step.up();
  await step.destroy();
  expect(context.reported).toContainEqual({
    kind: "notice",
    message: "Secret password stays: the chart keeps it (helm.sh/resource-policy: keep)",
  });
});

test("the marks on its Secret are enough to find it again", async () => {
  const { step, context } = started(release, input);
  await step.up();
  const cluster = { type: "kubernetes/cluster", version: 1, id: "kubeconfig:k#c" };
  expect(await release.family.discover(context, context.owner, [cluster])).toEqual([
    { ref: { type: "helm/release", version: 1, id: "web/demo", within: cluster }, owner: context.owner },
  ]);
  expect(await release.family.discover(context, { pipeline: "other", instance: "x" }, [cluster])).toEqual([]);
});

test.each([
  ["pending-install", "uninstall web/demo"],
  ["pending-upgrade", "rollback web/demo 1"],
] as const)("a release that a killed run left in %s is recovered first", async (status, recovery) => {
  const { step, helm, leave } = started(release, input);
  if (status === "pending-upgrade") await step.up();
  helm.calls.length = 0;
  await leave(status);
  expect(await step.observe()).toMatchObject({ failed: expect.stringContaining(status) });
  await step.up();
  expect(helm.calls).toEqual([recovery, "upgrade web/demo"]);
  expect(await step.changes()).toEqual([]);
});

test("the retired chart is refused with what to use", () => {
  const old = { repository: "https://charts.helm.sh/stable", name: "nginx-ingress", version: "1.41.3" };
  const parsed = release.input.parse({ ...input, chart: old });
  expect(() => release.requires?.(parsed)).toThrow(
    expect.objectContaining({ code: "P0767", hint: expect.stringContaining("ingress/nginx") }),
  );
});

test("a chart of the catalogue, a folder and a repository are three ways to name one", () => {
  const chartOf = (chart: unknown) => release.requires?.(release.input.parse({ ...input, chart }));
  expect(chartOf("cert-manager")).toContainEqual({
    kind: "chart",
    repository: "oci://quay.io/jetstack/charts",
    name: "cert-manager",
    version: "v1.21.1",
  });
  expect(chartOf("./charts/demo")).toEqual([{ kind: "tool", tool: "helm", atLeast: "3.13.0" }]);
  expect(() => chartOf("some-chart")).toThrow();
});
