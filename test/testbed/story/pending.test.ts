/**
 * Helm killed at work on the real API server: the release stays in `pending-install`, `pending-upgrade` or
 * `pending-rollback`, which Helm itself refuses to touch. `plan` says so, `up` brings it out, with Helm 4 and Helm 3.
 */
import { readdirSync } from "node:fs";
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand, written } from "../../e2e/command.ts";
import { type Kubectl, leavePending, type PendingStatus, statusesIn } from "../../e2e/pending-release.ts";
import type { Write } from "../audit.ts";
import { startTestbed, type Testbed } from "../testbed.ts";
import { proves } from "../verified/claim.ts";
import { freeLease, runUntil } from "./killed-run.ts";

const patient = 1_800_000;
const open = new AsyncDisposableStack();
let command: TestCommand;
let testbed: Testbed;

beforeAll(async () => {
  command = open.use(await openCommand("pending"));
  testbed = open.use(await startTestbed({ variables: process.env, nodes: 1 }));
});
afterAll(() => open.disposeAsync());

const kubectl: Kubectl = async (words, input = "") => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
    input,
  });
  return stdout;
};

const pipeline = async (name: string, replicas: number): Promise<string> => {
  const home = join(command.folder, name);
  await mkdir(home, { recursive: true });
  await cp(join(import.meta.dirname, "..", "small-chart"), join(home, "chart"), { recursive: true });
  const web = {
    uses: "helm/release",
    with: {
      cluster: "${{ steps.cluster.outputs }}",
      namespace: name,
      release: "web",
      chart: "./chart",
      values: { replicas },
    },
  };
  const cluster = { uses: "kubernetes/existing-cluster", with: { kubeconfig: testbed.kubeconfig } };
  return command.file(join(name, "provision.yaml"), JSON.stringify({ name, steps: { cluster, web } }));
};

const replicas = (namespace: string): Promise<string> =>
  kubectl(["get", "deployment", "web", "-n", namespace, "-o", "jsonpath={.spec.replicas}"]);

/** Helm waits for the pods then. */
const deploymentWritten = (writes: readonly Write[]): boolean =>
  writes.some(({ resource, userAgent }) => resource === "deployments.apps" && userAgent.startsWith("Helm"));

const revisionBegun =
  (revision: number) =>
  (writes: readonly Write[]): boolean =>
    writes.some(({ verb, name }) => verb === "create" && name === `sh.helm.release.v1.web.v${revision}`);

type Helm = "helm4" | "helm3";

const variablesOf = (helm: Helm) => ({ PROVISION_HELM: testbed.binaries(helm) });

/** Kills Helm and the run when that is written. */
const kill = async (helm: Helm, file: string, when: (writes: readonly Write[]) => boolean): Promise<void> => {
  const words = ["up", "--sandbox", "--yes", "--json", file];
  const { exitCode, said } = await runUntil({ command, testbed }, words, variablesOf(helm), when);
  expect(exitCode, said).toBeUndefined();
  await freeLease(testbed);
};

/** The next `up` says what it found, brings it out, and leaves nothing to do. */
const recovers = async (helm: Helm, file: string, status: PendingStatus, says: RegExp): Promise<void> => {
  const plan = await command.run(["plan", "--sandbox", file], variablesOf(helm));
  expect(plan.said).toMatch(new RegExp(`~ web[^]*${status}`));
  const recovered = await command.events("up", [file], variablesOf(helm)).ended;
  expect(failuresOf(recovered.events)).toEqual([]);
  expect(recovered.said).toMatch(says);
  expect({ exitCode: recovered.exitCode, written: written(recovered.events) }).toEqual({
    exitCode: 0,
    written: ["web update"],
  });
  const again = await command.events("up", [file], variablesOf(helm)).ended;
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });
};

/** By whom Helm's work was begun, and by whom it is carried on. */
const pairs: readonly (readonly [Helm, Helm])[] = [
  ["helm4", "helm4"],
  ["helm3", "helm3"],
  ["helm3", "helm4"],
];

for (const [killed, next] of pairs) {
  const name = `${killed}-${next}`;
  const by = [...new Set([killed, next])];
  const claim = (text: string) => proves({ step: "helm/release", claim: text, by: ["control-plane", ...by] });

  test(`${killed} killed in an installation, recovered with ${next}`, {
    timeout: patient,
    meta: claim("A release whose installation was killed is removed and installed anew"),
  }, async () => {
    const file = await pipeline(name, 2);
    await kill(killed, file, deploymentWritten);
    expect(await statusesIn(kubectl, name)).toEqual(["pending-install"]);
    await recovers(next, file, "pending-install", /is removed first: its installation was killed/);
    expect(await statusesIn(kubectl, name)).toEqual(["deployed"]);
    expect(await replicas(name)).toBe("2");
  });

  test(`${killed} killed in an upgrade, and in the rollback after it, recovered with ${next}`, {
    timeout: patient,
    meta: claim("A release whose upgrade or rollback was killed goes back to what worked, and on from there"),
  }, async () => {
    const file = await pipeline(name, 3);
    await kill(killed, file, deploymentWritten);
    expect(await statusesIn(kubectl, name)).toEqual(["deployed", "pending-upgrade"]);
    await recovers(next, file, "pending-upgrade", /goes back to revision 1 first: its upgrade was killed/);
    expect(await replicas(name)).toBe("3");

    const later = await pipeline(name, 1);
    await kill(killed, later, deploymentWritten);
    // The recovery is killed, too.
    await kill(killed, later, revisionBegun(6));
    expect((await statusesIn(kubectl, name)).slice(-3)).toEqual([
      "deployed",
      "pending-upgrade",
      "pending-rollback",
    ]);
    await recovers(next, later, "pending-rollback", /goes back to revision 4 first: its rollback was killed/);
    expect(await replicas(name)).toBe("1");
  });
}

test("Helm ends with a run that is killed alone, and leaves no kubeconfig", {
  timeout: patient,
  meta: proves({
    step: "helm/release",
    claim: "Helm ends with a run that is killed by itself alone, and its kubeconfig is gone",
    by: ["control-plane", "helm4"],
  }),
}, async () => {
  const file = await pipeline("alone", 2);
  const words = ["up", "--sandbox", "--yes", "--json", file];
  const variables = { ...variablesOf("helm4"), TMPDIR: join(command.folder, "temporary") };
  await mkdir(variables.TMPDIR);
  const seen: string[] = [];
  const killed = await runUntil(
    { command, testbed },
    words,
    variables,
    (writes) => {
      if (!deploymentWritten(writes)) return false;
      seen.push(...readdirSync(variables.TMPDIR));
      return true;
    },
    "alone",
  );
  expect(killed.exitCode, killed.said).toBeUndefined();
  expect(seen).toContainEqual(expect.stringMatching(/^provision-helm-/));
  await expect.poll(() => readdir(variables.TMPDIR), { timeout: 120_000 }).toEqual([]);
  expect(await statusesIn(kubectl, "alone")).toEqual(["pending-install"]);
  await freeLease(testbed);
  await recovers("helm4", file, "pending-install", /is removed first: its installation was killed/);
});

test("Older revisions that are pending too keep nobody from going on", {
  timeout: patient,
  meta: proves({
    step: "helm/release",
    claim: "A release that was left pending twice in a row is recovered all the same",
    by: ["control-plane", "helm4"],
  }),
}, async () => {
  const name = "helm4-helm4";
  await leavePending(kubectl, name, "pending-upgrade", true);
  await leavePending(kubectl, name, "pending-upgrade", true);
  const file = await pipeline(name, 2);
  await recovers("helm4", file, "pending-upgrade", /goes back to revision \d+ first: its upgrade was killed/);
  expect(await replicas(name)).toBe("2");
});
