/**
 * `kill -9` of a run, with all that it started, at points spread over its writes on the real API server: the next run
 * brings the same objects about, whatever point it was.
 */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand } from "../../e2e/command.ts";
import { helm } from "../helm.ts";
import { startTestbed, type Testbed } from "../testbed.ts";
import { type Claim, proves } from "../verified/claim.ts";
import { type BusyPipeline, busyPipeline } from "./busy-pipeline.ts";
import { comparableObjects, listSchema } from "./comparable-objects.ts";
import { distinct, type Enough, freeLease, reaches, runUntil, spread, type Victims } from "./killed-run.ts";

const smallChart = join(import.meta.dirname, "..", "small-chart");
/** A guard only, against a machine that does many other things: alone, the file takes minutes. */
const patient = 3_600_000;

const open = new AsyncDisposableStack();
let command: TestCommand;
let testbed: Testbed;
let variables: Readonly<Record<string, string>>;

beforeAll(async () => {
  command = open.use(await openCommand("kills"));
  testbed = open.use(await startTestbed({ variables: process.env, nodes: 1 }));
  variables = { PROVISION_HELM: testbed.binaries(helm), BUSY_TOKEN: "of-no-use" };
});
afterAll(() => open.disposeAsync());

const kubectl = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
  });
  return stdout;
};

const items = async (...words: readonly string[]) =>
  listSchema.parse(
    JSON.parse(
      (await kubectl("get", ...words, "--ignore-not-found", "--show-managed-fields", "--output=json")) ||
        '{"items":[]}',
    ),
  ).items;

const namespaced = ["configmaps", "secrets", "services", "deployments.apps", "serviceaccounts", "jobs.batch"];

/** All that the pipeline makes, wherever it is. */
const objectsOf = async ({ instance, namespaces, definitions }: BusyPipeline) => {
  const kinds = [...namespaced, ...definitions].join(",");
  const found = [
    ...(await items("namespaces", ...namespaces)),
    ...(await items("customresourcedefinitions", ...definitions)),
    ...(await items(
      "configmaps",
      "--namespace=kube-system",
      `--selector=provision.dev/instance=${instance}`,
    )),
  ];
  for (const namespace of namespaces) found.push(...(await items(kinds, `--namespace=${namespace}`)));
  return comparableObjects(found, instance);
};

/** Names of what is left of it where namespaces are gone; Helm leaves the definitions of a chart where they are. */
const leftOf = async ({ instance, definitions: [ours = ""] }: BusyPipeline): Promise<readonly string[]> => {
  const named = (await kubectl("get", "namespaces", "--output=name"))
    .split("\n")
    .filter((name) => name.includes(instance));
  const found = [
    ...(await items("customresourcedefinitions", ours)),
    ...(await items(
      "configmaps",
      "--namespace=kube-system",
      `--selector=provision.dev/instance=${instance}`,
    )),
  ];
  return [...named, ...Object.keys(comparableObjects(found, instance))];
};

const pipelineOf = (instance: string, version: "one" | "two"): Promise<BusyPipeline> =>
  busyPipeline(command.folder, smallChart, { kubeconfig: testbed.kubeconfig, instance, version });

const runKilled = (
  name: "up" | "destroy",
  { file }: BusyPipeline,
  enough: Enough,
  victims: Victims = "all",
) => runUntil({ command, testbed }, [name, "--sandbox", "--yes", "--json", file], variables, enough, victims);

/** How many distinct writes it has. The last gives the Lease back, and after it there is nothing to kill. */
const undisturbed = async (name: "up" | "destroy", pipeline: BusyPipeline): Promise<number> => {
  const { exitCode, said, writes } = await runKilled(name, pipeline, () => false);
  expect(exitCode, said).toBe(0);
  return distinct(writes);
};

const killedAt = async (name: "up" | "destroy", pipeline: BusyPipeline, point: number): Promise<void> => {
  const { exitCode, said } = await runKilled(
    name,
    pipeline,
    reaches(point),
    point % 2 === 0 ? "all" : "alone",
  );
  expect({ point, exitCode }, said).toEqual({ point, exitCode: undefined });
};

/** One re-run: it is done, there is what was wanted, and a plan finds nothing more. */
const converges = async (pipeline: BusyPipeline, wanted: unknown, point: number): Promise<void> => {
  const again = await command.events("up", [pipeline.file], variables).ended;
  const failures = failuresOf(again.events);
  expect({ point, failures, exitCode: again.exitCode }, again.said).toEqual({
    point,
    failures: [],
    exitCode: 0,
  });
  expect({ point, objects: await objectsOf(pipeline) }).toEqual({ point, objects: wanted });
  const plan = await command.run(["plan", "--sandbox", "--detailed-exitcode", pipeline.file], variables);
  expect({ point, plan: plan.exitCode }, plan.said).toEqual({ point, plan: 0 });
};

const steps: readonly Claim["step"][] = [
  "kubernetes/namespace",
  "kubernetes/secret",
  "kubernetes/manifests",
  "helm/release",
];

const claims = (claim: string): { readonly proves: readonly Claim[] } =>
  proves(...steps.map((step): Claim => ({ step, claim, by: ["control-plane", helm] })));

const instanceOf = (index: number): string => `kills-${String(index).padStart(2, "0")}`;
const creations = 12;

test("A creation killed anywhere is brought to the same objects by one more run", {
  timeout: patient,
  meta: claims("A run killed at any of its writes leaves what one more run brings to the same objects"),
}, async () => {
  const first = await pipelineOf(instanceOf(0), "one");
  const count = await undisturbed("up", first);
  const wanted = await objectsOf(first);
  expect(Object.keys(wanted)).toContain("Release INSTANCE/small");

  for (const [index, point] of spread(creations, count - 1).entries()) {
    const pipeline = await pipelineOf(instanceOf(index + 1), "one");
    await killedAt("up", pipeline, point);
    await freeLease(testbed);
    await converges(pipeline, wanted, point);
  }
});

test("A change killed anywhere, upgrades and pruning in it, is carried on by one more run", {
  timeout: patient,
  meta: claims(
    "A change killed at any of its writes, upgrades and pruning in it, is carried on by one more run",
  ),
}, async () => {
  const one = await pipelineOf(instanceOf(0), "one");
  const two = await pipelineOf(instanceOf(0), "two");
  const before = await objectsOf(one);
  const count = await undisturbed("up", two);
  const after = await objectsOf(two);
  expect(Object.keys(before)).toContain("ConfigMap INSTANCE/only-one");
  expect(Object.keys(after)).not.toContain("ConfigMap INSTANCE/only-one");

  for (const [index, point] of spread(8, count - 1).entries()) {
    // There and back again.
    const [pipeline, wanted] = index % 2 === 0 ? ([one, before] as const) : ([two, after] as const);
    await killedAt("up", pipeline, point);
    await freeLease(testbed);
    await converges(pipeline, wanted, point);
  }
});

test("A change killed anywhere can be taken back: what it had made already is pruned", {
  timeout: patient,
  meta: claims("A change killed at any of its writes can be taken back by a run of what was there before"),
}, async () => {
  const one = await pipelineOf(instanceOf(0), "one");
  const two = await pipelineOf(instanceOf(0), "two");
  await undisturbed("up", two);
  const count = await undisturbed("up", one);
  await undisturbed("up", two);
  const wanted = await objectsOf(two);

  for (const point of spread(3, count - 1)) {
    await killedAt("up", one, point);
    await freeLease(testbed);
    await converges(two, wanted, point);
  }
  // In the middle of a set, of which the other version knows nothing by itself.
  const killed = await runKilled("up", one, (writes) => writes.some(({ name }) => name === "only-one"));
  expect(killed.exitCode, killed.said).toBeUndefined();
  await freeLease(testbed);
  await converges(two, wanted, 0);
});

test("A removal killed anywhere is carried on by one more", {
  timeout: patient,
  meta: claims("A removal killed at any of its writes is carried on by one more"),
}, async () => {
  const [first, ...others] = await Promise.all(
    Array.from({ length: 7 }, (_, index) => pipelineOf(instanceOf(index + 1), "one")),
  );
  if (!first) throw new Error("nothing to remove");
  const count = await undisturbed("destroy", first);
  // Namespaces go after the command's end.
  await expect.poll(() => leftOf(first), { timeout: 120_000 }).toEqual([]);

  for (const [index, point] of spread(others.length, count - 1).entries()) {
    const pipeline = others[index] ?? first;
    await killedAt("destroy", pipeline, point);
    await freeLease(testbed);
    const again = await command.events("destroy", [pipeline.file], variables).ended;
    const failures = failuresOf(again.events);
    expect({ point, failures, exitCode: again.exitCode }, again.said).toEqual({
      point,
      failures: [],
      exitCode: 0,
    });
    await expect.poll(() => leftOf(pipeline), { timeout: 120_000 }).toEqual([]);
  }
});

test("A Lease whose holder was killed is waited for until it is stale, and taken then", {
  timeout: patient,
  meta: claims(
    "The Lease of a killed run is taken by the next one when it has not been renewed for half a minute",
  ),
}, async () => {
  const pipeline = await pipelineOf(instanceOf(0), "two");
  await command.events("up", [pipeline.file], variables).ended;
  const changed = await pipelineOf(instanceOf(0), "one");
  await killedAt("up", changed, 2);
  const again = await command.events("up", [changed.file], variables).ended;
  expect({ failures: failuresOf(again.events), exitCode: again.exitCode }).toEqual({
    failures: [],
    exitCode: 0,
  });
  const states = again.events.filter(({ kind }) => kind === "lease").map(({ state }) => state);
  expect(states).toEqual(["waiting", "held"]);
});
