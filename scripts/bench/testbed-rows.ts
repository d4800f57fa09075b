/**
 * The sandbox's Kubernetes against the real API server of the testbed: a list of 1,000 objects and a server-side apply,
 * asked by the same client. None where the testbed's programs are not built yet, which takes Go and minutes.
 */
import { access } from "node:fs/promises";
import { startCluster } from "../../test/e2e/kubernetes-api.ts";
import { pathOf } from "../../test/testbed/build.ts";
import { openTarget, type Target } from "../../test/testbed/contract/target.ts";
import { basePrograms } from "../../test/testbed/programs.ts";
import { startTestbed } from "../../test/testbed/testbed.ts";
import { median } from "./measure.ts";
import type { Row } from "./row.ts";

const objects = 1_000;
const atOnce = 20;
const namespace = "bench";
const collection = `/api/v1/namespaces/${namespace}/configmaps`;

const configMap = (name: string, value: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace, labels: { app: "bench" } },
  data: { value, text: "x".repeat(200) },
});

const fill = async (target: Target): Promise<void> => {
  await target.request("POST", "/api/v1/namespaces", {
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  });
  for (let first = 0; first < objects; first += atOnce) {
    const batch = Array.from({ length: atOnce }, (_, index) => configMap(`object-${first + index}`, "first"));
    await Promise.all(batch.map((body) => target.request("POST", collection, { body })));
  }
};

/** Median milliseconds of one, after some that are not counted. */
const timed = async (
  times: number,
  once: (round: number) => Promise<{ status: number }>,
): Promise<number> => {
  const taken: number[] = [];
  for (let round = -5; round < times; round++) {
    const started = performance.now();
    const { status } = await once(round);
    if (status >= 400) throw new Error(`a request of the bench was answered with ${status}`);
    if (round >= 0) taken.push(performance.now() - started);
  }
  return median(taken);
};

const measure = async (target: Target): Promise<{ readonly list: number; readonly apply: number }> => {
  await fill(target);
  const list = await timed(20, () => target.request("GET", collection));
  const apply = await timed(100, (round) =>
    target.apply(`${collection}/object-1`, "bench", configMap("object-1", `value-${round}`), "&force=true"),
  );
  return { list, apply };
};

const row = (name: string, sandbox: number, real: number): Row => ({
  name,
  figure: sandbox / real,
  limit: 1,
  unit: "×",
  detail: `${sandbox.toFixed(1)} ms against ${real.toFixed(1)} ms of the real API server`,
});

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const isBuilt = async (variables: Readonly<Record<string, string | undefined>>): Promise<boolean> => {
  for (const name of basePrograms) {
    const path = await pathOf(name, { variables }).catch(() => undefined);
    if (path === undefined || !(await isThere(path))) return false;
  }
  return true;
};

export const testbedRows = async (
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly Row[]> => {
  if (!(await isBuilt(variables))) return [];
  await using testbed = await startTestbed({ variables, nodes: 1 });
  await using cluster = await startCluster();
  await using real = await openTarget(testbed.kubeconfig);
  await using sandbox = await openTarget(cluster.kubeconfig);
  const [ours, theirs] = [await measure(sandbox), await measure(real)];
  return [
    row("sandbox: list of 1,000 objects", ours.list, theirs.list),
    row("sandbox: server-side apply", ours.apply, theirs.apply),
  ];
};
