/**
 * Flux v2 through `kubernetes/manifests`: one folder, as `flux bootstrap` leaves it, holds upstream's definitions, roles
 * and Deployments together with the GitRepository and the Kustomization; the key is that of `git/deploy-key`. Upstream's
 * source- and kustomize-controller then run on what the step made, with the rights of their own ServiceAccounts.
 */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fluxComponents } from "./flux-v2-components.ts";
import { type GitServer, startGitServer } from "./git-server.ts";
import { fluxPrograms } from "./programs.ts";
import { configMap, greetingIn, publicKeyIn } from "./synced.ts";
import { startTestbed, type Testbed } from "./testbed.ts";
import { proves } from "./verified/claim.ts";

const root = join(import.meta.dirname, "..", "..");
const patience = { timeout: 60_000, interval: 250 };
const namespace = "flux-system";

const open = new AsyncDisposableStack();
let testbed: Testbed;
let git: GitServer;
let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "provision-flux-")));
  open.defer(() => rm(folder, { recursive: true, force: true }));
  const sandbox = join(folder, "no-sandbox");
  testbed = open.use(
    await startTestbed({ variables: process.env, nodes: 1, sandbox, programs: fluxPrograms }),
  );
  git = open.use(await startGitServer({ directory: join(folder, "git"), variables: process.env }));
  await mkdir(join(folder, "flux-system"));
  for (const name of fluxPrograms) {
    await writeFile(
      join(folder, "flux-system", `${name}.yaml`),
      await fluxComponents(name, { namespace, kubectl: testbed.kubectl, folder }),
    );
  }
  await writeFile(join(folder, "flux-system", "cluster.yaml"), sync("./k8s"));
});
afterAll(() => open.disposeAsync());

const kubectl = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
  });
  return stdout;
};

const metadata = { name: namespace, namespace };

const sync = (path: string): string =>
  [
    {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata,
      spec: { interval: "2s", url: git.url, ref: { branch: "main" }, secretRef: { name: "git-deploy-key" } },
    },
    {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata,
      spec: {
        interval: "1m",
        retryInterval: "2s",
        path,
        prune: true,
        sourceRef: { kind: "GitRepository", name: namespace },
      },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join("\n---\n");

const pipeline = async (): Promise<string> => {
  const cluster = "${{ steps.cluster.outputs }}";
  const file = join(folder, "provision.yaml");
  const steps = {
    cluster: { uses: "kubernetes/existing-cluster", with: { kubeconfig: testbed.kubeconfig } },
    namespace: { uses: "kubernetes/namespace", with: { cluster, name: namespace } },
    "deploy-key": {
      uses: "git/deploy-key",
      with: {
        cluster,
        namespace: "${{ steps.namespace.outputs.name }}",
        repository: git.url,
        knownHosts: git.knownHosts,
      },
    },
    flux: {
      uses: "kubernetes/manifests",
      needs: ["deploy-key"],
      with: { cluster, name: "flux", folder: "flux-system" },
    },
  };
  await writeFile(file, JSON.stringify({ name: "flux-v2", steps }));
  return file;
};

/** The command as it is in the checkout, without a build. Its second stream tells what a run does. */
const provision = async (command: string) => {
  const file = await pipeline();
  const words = command === "status" ? [command, file] : [command, "--yes", file];
  const main = join(root, "src/hosts/cli/main.ts");
  const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...words], {
    cwd: root,
    reject: false,
    env: { PROVISION_CACHE: join(folder, "cache"), NO_COLOR: "1" },
  });
  return { exitCode, said: stdout + stderr };
};

const greeting = (name: string) => greetingIn(kubectl, name);
const publicKey = () => publicKeyIn(kubectl, namespace);

/** `True main@sha1:…`: whether the Kustomization is Ready, and what it applied last. */
const applied = (): Promise<string> =>
  kubectl(
    "get",
    `kustomization/${namespace}`,
    `--namespace=${namespace}`,
    '--output=jsonpath={.status.conditions[?(@.type=="Ready")].status} {.status.lastAppliedRevision}',
  );

const flux = ["control-plane", "source-controller", "kustomize-controller"] as const;

test("up is done when Flux has applied the repository, not before", {
  meta: proves(
    {
      step: "kubernetes/manifests",
      claim: "Definitions come first, and a custom resource is done when its controller says so (Flux v2)",
      by: [...flux, "git and ssh"],
    },
    {
      step: "kubernetes/existing-cluster",
      claim: "A cluster is found by its kubeconfig, and what lives in it comes to it",
      by: ["control-plane"],
    },
  ),
}, async () => {
  const head = await git.commit({ "k8s/hello.yaml": configMap("hello", "from git") }, "hello");
  const unregistered = await provision("up");
  expect(unregistered).toMatchObject({
    exitCode: 1,
    said: expect.stringMatching(/the deploy key does not open ssh:\/\/git@127/),
  });
  await git.authorize(await publicKey());

  const up = await provision("up");
  expect(up.said).not.toMatch(/^error/m);
  expect(up.exitCode).toBe(0);
  // At once, without patience: that is what the step's word is worth.
  expect(await applied()).toBe(`True main@sha1:${head}`);
  expect(await greeting("hello")).toBe("from git");
});

test("A second commit changes the cluster, and what leaves the repository is pruned", async () => {
  await git.commit({ "k8s/hello.yaml": configMap("hello", "changed") }, "change");
  await expect.poll(() => greeting("hello"), patience).toBe("changed");
  const head = await git.commit(
    { "k8s/hello.yaml": undefined, "k8s/other.yaml": configMap("other", "new") },
    "replace",
  );
  await expect.poll(() => greeting("other"), patience).toBe("new");
  await expect.poll(() => greeting("hello"), patience).toBe("");
  await expect.poll(applied, patience).toBe(`True main@sha1:${head}`);
});

test("A second up changes nothing, and one Flux alone applies what is in the repository", {
  meta: proves({
    step: "kubernetes/manifests",
    claim: "What the API server and controllers fill in is no drift: a second `up` writes nothing",
    by: flux,
  }),
}, async () => {
  const mark = (await testbed.writes()).length;
  const again = await provision("up");
  expect(again).toMatchObject({ exitCode: 0, said: expect.stringContaining("Nothing to do") });
  const writes = await testbed.writes();
  expect(writes.slice(mark).filter(({ user, dryRun }) => user === "testbed-admin" && !dryRun)).toEqual([]);
  // During a migration too: Flux v1 must not apply what v2 does.
  const others = writes.filter(({ name }) => name === "other");
  expect(new Set(others.map(({ user }) => user))).toEqual(
    new Set([`system:serviceaccount:${namespace}:kustomize-controller`]),
  );
  expect(testbed.controllers().toSorted()).toEqual(["kustomize-controller", "source-controller"]);
});

test("What can't be applied and what can't be read make status fail, in Flux's own words", async () => {
  await git.commit({ "k8s/broken.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n" }, "broken");
  // Between two tries Flux says only that it is at it.
  await expect
    .poll(async () => (await provision("status")).said, patience)
    .toMatch(/Kustomization flux-system\/flux-system: .*broken\.yaml: missing metadata\.name/);
  expect(await provision("status")).toMatchObject({ exitCode: 1 });
  await git.commit({ "k8s/broken.yaml": undefined }, "mended");
  await expect.poll(applied, patience).toMatch(/^True/);

  await git.forgetKeys();
  await expect
    .poll(async () => (await provision("status")).said, patience)
    .toMatch(/GitRepository flux-system\/flux-system: .*unable to authenticate/);
  await git.authorize(await publicKey());
  await expect.poll(async () => (await provision("status")).exitCode, patience).toBe(0);
});

test("A changed path is followed, and up ends when it has been applied", async () => {
  const head = await git.commit({ "apps/third.yaml": configMap("third", "elsewhere") }, "elsewhere");
  await writeFile(join(folder, "flux-system", "cluster.yaml"), sync("./apps"));
  expect(await provision("up")).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining("Kustomization flux-system/flux-system spec.path"),
  });
  expect(await greeting("third")).toBe("elsewhere");
  expect(await greeting("other")).toBe("");
  expect(await applied()).toBe(`True main@sha1:${head}`);
});

test("destroy takes the Kustomization with all that it applied, then Flux, its kinds and its key", {
  meta: proves({
    step: "kubernetes/manifests",
    claim: "`destroy` waits for custom resources with finalizers to go before it takes their controller",
    by: flux,
  }),
}, async () => {
  const destroyed = await provision("destroy");
  expect(destroyed.said).not.toMatch(/^error/m);
  expect(destroyed.exitCode).toBe(0);
  expect(await greeting("third")).toBe("");
  // The controllers' files come last in the folder, so in plain reverse order their Deployments would go first: what
  // prunes, and takes the finalizers off, must be there until it has done so.
  const deletions = (await testbed.writes()).filter(({ verb }) => verb === "delete");
  const at = (resource: string, name: string): number =>
    deletions.findIndex((write) => write.resource === resource && write.name === name);
  expect(at("configmaps", "third")).toBeGreaterThan(-1);
  expect(at("configmaps", "third")).toBeLessThan(at("deployments.apps", "kustomize-controller"));
  expect(await kubectl("get", "crds,clusterroles,clusterrolebindings", "--output=name")).not.toMatch(
    /fluxcd|kustomize|source-manager/,
  );
  await expect.poll(() => kubectl("get", "namespaces", "--output=name"), patience).not.toContain(namespace);
  await expect.poll(() => testbed.controllers(), patience).toEqual([]);
});
