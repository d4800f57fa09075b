/** A machine whose Helm changes from 3 to 4 and back: releases of the one are the other's, and no change by themselves. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failuresOf, openCommand, written } from "./command.ts";
import { testedHelms } from "./helm-programs.ts";
import { kubeconfigOf, kubectl } from "./kubectl.ts";
import { smallCluster } from "./small-cluster.ts";

const chart = `apiVersion: apps/v1
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
          image: web:1
          {{- with .Values.said }}
          env: [{ name: SAID, value: {{ . | quote }} }]
          {{- end }}
`;
const release = (values: string) => `  web:
    uses: helm/release
    with:
      cluster: \${{ steps.cluster.outputs }}
      namespace: web
      release: web
      chart: ./chart
      values: ${values}
`;

const [four, three] = await testedHelms();
const title = "a release of the one Helm is taken on by the other";

test.skipIf(!four?.path || !three?.path)(three?.path ? title : `${title} (${three?.title})`, async () => {
  await using command = await openCommand("helms");
  await mkdir(join(command.folder, "chart", "templates"), { recursive: true });
  await writeFile(join(command.folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(join(command.folder, "chart", "templates", "web.yaml"), chart);
  const up = async (path: string | undefined, values: string) => {
    const file = await command.file("pipeline.yaml", smallCluster("helms", release(values)));
    const { exitCode, events } = await command.events("up", [file], { PROVISION_HELM: path ?? "" }).ended;
    expect({ exitCode, failures: failuresOf(events) }).toEqual({ exitCode: 0, failures: [] });
    return written(events);
  };
  const first = "{ replicas: 2, said: first }";
  expect(await up(three?.path, first)).toContain("web create");
  expect(await up(four?.path, first)).toEqual([]);
  // Helm 4 takes out what Helm 3 put in, though another field manager has it.
  expect(await up(four?.path, "{ replicas: 3 }")).toEqual(["web update"]);
  const kubeconfig = await kubeconfigOf(command, join(command.folder, "pipeline.yaml"));
  const live = (path: string) =>
    kubectl(kubeconfig, ["get", "deploy", "-n", "web", "web", "-o", `jsonpath={${path}}`]);
  expect([await live(".spec.replicas"), await live(".spec.template.spec.containers[0].env")]).toEqual([
    "3",
    "",
  ]);
  expect(await up(three?.path, "{ replicas: 3 }")).toEqual([]);
  expect(await up(three?.path, first)).toEqual(["web update"]);
  expect(await live(".spec.template.spec.containers[0].env[0].value")).toBe("first");
});
