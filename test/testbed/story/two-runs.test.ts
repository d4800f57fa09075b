/**
 * Two runs at once on the real API server, each as a user of its own, so that the audit log tells whose each write is:
 * while one holds the cluster's Lease, the other writes nothing, and afterwards it finds what the first has done.
 */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand, written } from "../../e2e/command.ts";
import { helm } from "../helm.ts";
import { startTestbed, type Testbed } from "../testbed.ts";
import { type Claim, proves } from "../verified/claim.ts";
import { busyPipeline, type Version } from "./busy-pipeline.ts";
import { invite, isLease, type Person, people, type Turn, turnsIn } from "./people.ts";

const smallChart = join(import.meta.dirname, "..", "small-chart");
const patient = 1_800_000;
const instance = "two-runs";

const open = new AsyncDisposableStack();
let command: TestCommand;
let testbed: Testbed;
let variables: Readonly<Record<string, string>>;

beforeAll(async () => {
  command = open.use(await openCommand("two-runs"));
  testbed = open.use(await startTestbed({ variables: process.env, nodes: 1 }));
  variables = { PROVISION_HELM: testbed.binaries(helm), BUSY_TOKEN: "of-no-use" };
  for (const person of people) {
    const kubeconfig = join(command.folder, person, instance, "kubeconfig");
    await mkdir(dirname(kubeconfig), { recursive: true });
    await invite(testbed, person, kubeconfig);
  }
});
afterAll(() => open.disposeAsync());

const kubectl = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
  });
  return stdout;
};

/** As both have it: a kubeconfig beside the pipeline. */
const pipelineOf = async (person: Person, version: Version): Promise<string> => {
  const folder = join(command.folder, person);
  return (await busyPipeline(folder, smallChart, { kubeconfig: "kubeconfig", instance, version })).file;
};

const leaseOf = (holder: string): string =>
  JSON.stringify({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "provision", namespace: "kube-system" },
    spec: { holderIdentity: holder, leaseDurationSeconds: 36_000 },
  });

const applyLease = (holder: string) =>
  execa(testbed.kubectl, ["apply", "--server-side", "--force-conflicts", "--filename=-"], {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
    input: leaseOf(holder),
  });

interface Meeting {
  readonly turns: readonly Turn[];
  readonly runs: Readonly<Record<Person, Awaited<ReturnType<TestCommand["events"]>["ended"]>>>;
}

/**
 * Both have made their plans before either may write: somebody else holds the Lease until then. Where `first` is said,
 * the other is asleep until that one has it.
 */
const meet = async (
  versions: Readonly<Record<Person, readonly ["up" | "destroy", Version]>>,
  first?: Person,
): Promise<Meeting> => {
  await applyLease("somebody else");
  const mark = (await testbed.writes()).length;
  const begin = async (person: Person) => {
    const [name, version] = versions[person];
    return command.events(name, [await pipelineOf(person, version)], variables);
  };
  const [anna, ben] = await Promise.all([begin("anna"), begin("ben")]);
  const tells =
    (what: string) =>
    ({ kind, state }: { kind: string; state?: unknown }): boolean =>
      kind === "lease" && state === what;
  await Promise.all([anna.until(tells("waiting")), ben.until(tells("waiting"))]);
  const [leading, other] = first === "ben" ? [ben, anna] : [anna, ben];
  if (first) process.kill(other.pid, "SIGSTOP");
  await applyLease("");
  if (first) {
    await leading.until(tells("held"));
    process.kill(other.pid, "SIGCONT");
  }
  const runs = { anna: await anna.ended, ben: await ben.ended };
  return { runs, turns: turnsIn((await testbed.writes()).slice(mark)) };
};

const steps: readonly Claim["step"][] = ["kubernetes/manifests", "helm/release", "git/deploy-key"];
const claims = (claim: string): { readonly proves: readonly Claim[] } =>
  proves(...steps.map((step): Claim => ({ step, claim, by: ["control-plane", helm] })));

/** Each took the Lease, wrote, and gave it back, before the other did. */
const expectTurns = ({ turns }: Meeting): void => {
  expect(turns.map(({ person }) => person).toSorted()).toEqual([...people]);
  for (const { writes } of turns) {
    expect(writes.length).toBeGreaterThanOrEqual(2);
    expect([writes.at(0), writes.at(-1)].map((write) => write && isLease(write))).toEqual([true, true]);
  }
};

const expectDone = ({ runs }: Meeting): void => {
  for (const person of people)
    expect({ failures: failuresOf(runs[person].events), exitCode: runs[person].exitCode }).toEqual({
      failures: [],
      exitCode: 0,
    });
};

test.for(["one", "two"] as const)(
  "Two runs of version %s at once: the second finds all of it done",
  {
    timeout: patient,
    meta: claims(
      "Of two runs at once the second waits for the first one's end, and finds nothing left to write",
    ),
  },
  async (version) => {
    const meeting = await meet({ anna: ["up", version], ben: ["up", version] });
    expectDone(meeting);
    expectTurns(meeting);
    const [first, second] = meeting.turns;
    expect(first?.writes.length).toBeGreaterThan(10);
    expect(second?.writes.filter((write) => !isLease(write))).toEqual([]);
    expect(second?.person && written(meeting.runs[second.person].events)).toEqual([]);
  },
);

test("Two runs that want different things: one after the other, and the later one's is what is there", {
  timeout: patient,
  meta: claims("Two runs at once that want different things write one after the other"),
}, async () => {
  const versions = { anna: ["up", "one"], ben: ["up", "three"] } as const;
  const meeting = await meet(versions);
  expectDone(meeting);
  expectTurns(meeting);
  const later = meeting.turns.at(-1)?.person ?? "anna";
  const file = await pipelineOf(later, versions[later][1]);
  const plan = await command.run(["plan", "--sandbox", "--detailed-exitcode", file], variables);
  expect(plan.exitCode, plan.said).toBe(0);
});

test.for(people)(
  "A run and a removal at once: one after the other, %s first",
  {
    timeout: patient,
    meta: claims(
      "Of a run and a removal at once one waits for the other's end, and then makes or removes all of it",
    ),
  },
  async (first) => {
    const meeting = await meet({ anna: ["up", "two"], ben: ["destroy", "one"] }, first);
    expectDone(meeting);
    expectTurns(meeting);
    expect(meeting.turns[0]?.person).toBe(first);
    const plan = await command.run(
      ["plan", "--sandbox", "--detailed-exitcode", await pipelineOf("anna", "two")],
      variables,
    );
    expect(plan.exitCode, plan.said).toBe(first === "ben" ? 0 : 3);
    // Both orders begin with something to remove and something to change.
    await command.events("up", [await pipelineOf("anna", "one")], variables).ended;
  },
);

test("A run that loses its Lease while Helm is at work ends Helm, and writes no more", {
  timeout: patient,
  meta: proves({
    step: "helm/release",
    claim:
      "A run that loses its Lease while Helm is at work ends Helm at once, before a last write of Helm's",
    by: ["control-plane", helm],
  }),
}, async () => {
  const home = join(command.folder, "lost");
  await cp(smallChart, join(home, "chart"), { recursive: true });
  const template = join(home, "chart", "templates", "all.yaml");
  const pending = (await readFile(template, "utf8")).replace(
    "      containers:",
    '      nodeSelector: { nowhere: "true" }\n      containers:',
  );
  await writeFile(template, pending);
  const web = {
    uses: "helm/release",
    with: { cluster: "${{ steps.cluster.outputs }}", namespace: "lost", release: "web", chart: "./chart" },
  };
  const cluster = { uses: "kubernetes/existing-cluster", with: { kubeconfig: testbed.kubeconfig } };
  const file = join(home, "provision.yaml");
  await writeFile(file, JSON.stringify({ name: "lost", steps: { cluster, web } }));

  await applyLease("");
  const running = command.events("up", [file], variables);
  const begun = async () => (await kubectl("get", "deployments", "--all-namespaces")).includes("lost");
  await expect.poll(begun, { timeout: 120_000 }).toBe(true);
  await applyLease("somebody else");
  const mark = (await testbed.writes()).length;
  const { exitCode, events } = await running.ended;
  await applyLease("");

  expect({ exitCode, failures: failuresOf(events) }).toMatchObject({
    exitCode: 1,
    failures: [{ step: "web", failure: { code: "P0521" } }],
  });
  const later = (await testbed.writes()).slice(mark).filter(({ namespace }) => namespace === "lost");
  expect(later.filter(({ user }) => user === "testbed-admin")).toEqual([]);
  const status = "--output=jsonpath={.items[*].metadata.labels.status}";
  expect(await kubectl("get", "secrets", "--namespace=lost", "--selector=owner=helm", status)).toBe(
    "pending-install",
  );
});
