/** A Helm release that a killed Helm left pending: `plan` says so, `up` recovers it, and the next `up` has nothing to do. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand, written } from "./command.ts";
import { kubeconfigOf, kubectl } from "./kubectl.ts";
import { leavePending } from "./pending-release.ts";
import { smallCluster } from "./small-cluster.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
const release = (replicas: number) => `  web:
    uses: helm/release
    with:
      cluster: \${{ steps.cluster.outputs }}
      namespace: web
      release: web
      chart: ./chart
      values: { replicas: ${replicas} }
`;

let command: TestCommand;
let kubeconfig: string;
const pipeline = (replicas: number) =>
  command.file("pipeline.yaml", smallCluster("stuck", release(replicas)));
const up = async (file: string) => command.events("up", [file]).ended;

beforeAll(async () => {
  command = await openCommand("stuck");
  await mkdir(join(command.folder, "chart", "templates"), { recursive: true });
  await writeFile(join(command.folder, "chart", "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  await writeFile(join(command.folder, "chart", "templates", "web.yaml"), deployment);
  const file = await pipeline(2);
  expect((await up(file)).exitCode).toBe(0);
  kubeconfig = await kubeconfigOf(command, file);
});
afterAll(() => command[Symbol.asyncDispose]());

const onCluster = (words: readonly string[], input?: string) => kubectl(kubeconfig, words, input);

const replicas = () => onCluster(["get", "deploy", "-n", "web", "web", "-o", "jsonpath={.spec.replicas}"]);

test.for([
  ["pending-upgrade", true, 3, /goes back to revision 1 first: its upgrade was killed/],
  ["pending-rollback", true, 4, /goes back to revision \d+ first: its rollback was killed/],
  ["pending-install", false, 5, /is removed first: its installation was killed/],
] as const)("left in %s: told by plan, recovered by up", async ([status, next, wanted, says]) => {
  await leavePending(onCluster, "web", status, next);
  const file = await pipeline(wanted);
  const plan = await command.run(["plan", "--sandbox", file]);
  expect(plan.said).toMatch(new RegExp(`~ web[^]*${status}`));

  const recovered = await up(file);
  expect(failuresOf(recovered.events)).toEqual([]);
  expect(recovered.said).toMatch(says);
  expect(written(recovered.events)).toEqual(["web update"]);
  expect(recovered.exitCode).toBe(0);
  expect(await replicas()).toBe(String(wanted));
  const again = await up(file);
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });
});
