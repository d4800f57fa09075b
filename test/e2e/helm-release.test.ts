/** helm/release with the real Helm 4 and Helm 3, on a small chart beside the pipeline: drift, failures, killed runs, secrets. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import release from "../../src/steps/helm/release.ts";
import { releaseSecret } from "../clients/helm/release-secret.ts";
import { driveStep } from "../fakes/drive-step.ts";
import { testedHelms } from "./helm-programs.ts";
import { startCluster, type TestCluster } from "./kubernetes-api.ts";
import { clusterInput, realContext } from "./real-context.ts";

const chart = `apiVersion: v2
name: demo
version: 0.1.0
`;

/** Its pods start only when the Secret that \`needs\` names is there. */
const template = `apiVersion: apps/v1
kind: Deployment
metadata: { name: demo }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Values.app | default "demo" }} } }
  template:
    metadata: { labels: { app: {{ .Values.app | default "demo" }} } }
    spec:
      containers:
        - name: demo
          image: demo:1
          {{- with .Values.needs }}
          env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: {{ . }}, key: token } } }]
          {{- end }}
`;

/** What the template gives for three replicas. */
const rendered = template
  .replace("{{ .Values.replicas }}", "3")
  .replaceAll(/\{\{ \.Values\.app.*?\}\}/g, "demo")
  .replace(/ +\{\{- with[\s\S]*/, "");

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await startCluster();
  const folder = join(cluster.directory, "charts", "demo");
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), chart);
  await writeFile(join(folder, "values.yaml"), "replicas: 1\n");
  await writeFile(join(folder, "templates", "demo.yaml"), template);
});
afterEach(() => cluster[Symbol.asyncDispose]());

const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "web", name: "demo" };

const startWith = (helm: string, values: object, signal: AbortSignal | undefined) => {
  const context = realContext(cluster, signal ? { helm, signal } : { helm });
  const input = {
    cluster: clusterInput(cluster),
    namespace: "web",
    release: "demo",
    chart: "./charts/demo",
    values: { replicas: 2, ...values },
    timeout: 1,
  };
  return { context, step: driveStep(release, context, input) };
};

const api = () => {
  const found = cluster.service.cluster(cluster.key);
  if (!found) throw new Error("the cluster is gone");
  return found;
};

for (const { title, path } of await testedHelms())
  describe.skipIf(path === undefined)(title, () => {
    const start = (values: object = {}, signal?: AbortSignal) => startWith(path ?? "", values, signal);

    test("what somebody scaled by hand is seen, and taken back though the field is theirs", async () => {
      const { step } = start();
      expect(await step.up()).toEqual({ ready: true, detail: "1 workload available" });
      api().patch(deployment, { spec: { replicas: 5 } }, "kubectl");
      expect(await step.changes()).toEqual(["Deployment demo spec.replicas: 5 -> 2"]);
      await step.up();
      expect(api().get(deployment)).toMatchObject({ spec: { replicas: 2 } });
      expect(await step.changes()).toEqual([]);
    });

    test("a changed file of a chart folder is a change, and no lock is written for it", async () => {
      const { step } = start();
      await step.up();
      await writeFile(join(cluster.directory, "charts", "demo", "templates", "note.yaml"), "# a note\n");
      expect(await step.changes()).toEqual([expect.stringContaining("chart.digest")]);
      await step.up();
      expect(await step.changes()).toEqual([]);
      expect(await readdir(cluster.directory)).not.toContain("provision.lock");
    });

    test("an upgrade that the API refuses goes back to what worked, and says so", async () => {
      await start().step.up();
      // The selector of a Deployment can't be changed.
      const { step } = start({ app: "renamed" });
      await expect(step.up()).rejects.toMatchObject({
        message: expect.stringMatching(/field is immutable[\s\S]*rolled back to revision 1/),
      });
      expect(await start().step.changes()).toEqual([expect.stringContaining("chart")]);
      expect(api().get(deployment)).toMatchObject({ spec: { selector: { matchLabels: { app: "demo" } } } });
    });

    test("a Helm that is cancelled while it waits ends, and the next run goes on", async () => {
      const controller = new AbortController();
      const { step } = start({ needs: "absent" }, controller.signal);
      const running = step.up();
      const ended = expect(running).rejects.toThrow("cancelled by the test");
      while (!api().get(deployment)) await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Error("cancelled by the test"));
      await ended;
      const next = start();
      expect(await next.step.observe()).toMatchObject({ state: "present", failed: expect.any(String) });
      expect(await next.step.up()).toMatchObject({ ready: true });
      expect(await next.step.changes()).toEqual([]);
    });

    test.each(["pending-install", "pending-upgrade", "pending-rollback"] as const)(
      "a release that a killed Helm left in %s is recovered by the next run",
      async (status) => {
        const first = start();
        if (status === "pending-install")
          api().create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
        else await first.step.up();
        const revision = status === "pending-install" ? 1 : 2;
        const { apiVersion, kind, type, metadata, data } = releaseSecret({
          namespace: "web",
          name: "demo",
          revision,
          status,
          manifest: status === "pending-install" ? "" : rendered,
        });
        const { name, namespace, labels = {} } = metadata;
        const draft = {
          apiVersion,
          kind,
          type: String(type),
          metadata: { name, namespace: namespace ?? "", labels },
        };
        api().create({ ...draft, data: z.record(z.string(), z.string()).parse(data) });
        const { step, context } = start({ replicas: 3 });
        expect(await step.up()).toMatchObject({ ready: true });
        expect(context.reported).toContainEqual({
          kind: "notice",
          message: expect.stringContaining("first: "),
        });
        expect(await step.changes()).toEqual([]);
        expect(api().get(deployment)).toMatchObject({ spec: { replicas: 3 } });
      },
    );

    test("no credential is left behind, on disk or in an argument", async () => {
      vi.stubEnv("TMPDIR", cluster.directory);
      const token = /token: (\S+)/.exec(await readFile(cluster.kubeconfig, "utf8"))?.[1] ?? "";
      expect(token).not.toBe("");
      const [helm, log] = [join(cluster.directory, "helm"), join(cluster.directory, "log")];
      await writeFile(helm, `#!/bin/sh\necho "$@" >> '${log}'\nexec '${path}' "$@"\n`, { mode: 0o755 });
      await startWith(helm, {}, undefined).step.up();
      vi.unstubAllEnvs();
      const given = await readFile(log, "utf8");
      expect(given).toContain("upgrade demo");
      expect(given).not.toContain(token);
      expect((await readdir(cluster.directory)).filter((name) => name.startsWith("provision-"))).toEqual([]);
    });

    test("it is removed with its namespace, and removing it again is no error", async () => {
      const { step } = start();
      await step.up();
      await step.destroy();
      expect((await step.observe()).state).toBe("absent");
      expect(api().get({ apiVersion: "v1", kind: "Namespace", name: "web" })).toBeUndefined();
      await step.destroy();
    });
  });
