/**
 * `git/deploy-key`, `gitops/flux-v1` and `gitops/helm-operator` through the command, with the real Helm on the real API
 * server, a git host over SSH, and upstream's fluxd and Helm operator on the Deployments that the steps make, with the
 * rights of the charts' own roles.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { generateSshKeyPair } from "../../src/clients/git/ssh-key.ts";
import { type GitServer, startGitServer } from "./git-server.ts";
import { helm } from "./helm.ts";
import { configMap, greetingIn, publicKeyIn } from "./synced.ts";
import { startTestbed, type Testbed } from "./testbed.ts";
import { proves } from "./verified/claim.ts";

const root = join(import.meta.dirname, "..", "..");
const mirror = join(root, ".charts");
const smallChart = join(import.meta.dirname, "small-chart");
/** A failed look at the repository is told with the next full apply, every 15 s here. */
const patience = { timeout: 120_000, interval: 500 };

const open = new AsyncDisposableStack();
let testbed: Testbed;
let git: GitServer;
let folder: string;

beforeAll(async () => {
  if (!existsSync(join(mirror, "index.yaml"))) await execa("node", [join(root, "scripts", "charts.ts")]);
  folder = await mkdtemp(join(tmpdir(), "provision-gitops-"));
  open.defer(() => rm(folder, { recursive: true, force: true }));
  const [cluster, host] = await Promise.all([
    startTestbed({ variables: process.env, nodes: 1, sandbox: join(folder, "no-sandbox") }),
    mkdir(join(folder, "git")).then(() =>
      startGitServer({ directory: join(folder, "git"), variables: process.env }),
    ),
  ]);
  testbed = open.use(cluster);
  git = open.use(host);
});
afterAll(() => open.disposeAsync());

const chartVersion = async (chart: string): Promise<string | undefined> => {
  const index = z.object({ entries: z.record(z.string(), z.array(z.looseObject({ version: z.string() }))) });
  return index.parse(parse(await readFile(join(mirror, "index.yaml"), "utf8"))).entries[chart]?.[0]?.version;
};

const pipeline = async (knownHosts = git.knownHosts): Promise<string> => {
  const cluster = "${{ steps.cluster.outputs }}";
  const key = "${{ steps.deploy-key.outputs }}";
  const file = join(folder, "provision.yaml");
  const steps = {
    cluster: { uses: "kubernetes/existing-cluster", with: { kubeconfig: testbed.kubeconfig } },
    "deploy-key": {
      uses: "git/deploy-key",
      with: { cluster, namespace: "fluxcd", repository: git.url, readOnly: false, knownHosts },
    },
    flux: {
      uses: "gitops/flux-v1",
      with: {
        cluster,
        key,
        url: git.url,
        paths: ["k8s"],
        pollInterval: "2s",
        syncInterval: "15s",
        chartVersion: await chartVersion("flux"),
      },
    },
    operator: { uses: "gitops/helm-operator", with: { cluster, key, chartsSyncInterval: "5s" } },
  };
  await writeFile(file, JSON.stringify({ name: "gitops", steps }));
  return file;
};

/** The command as it is in the checkout, without a build. Its second stream tells what a run does. */
const provision = async (command: string, file: string) => {
  const words = command === "status" ? [command, file] : [command, "--yes", file];
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(root, "src/hosts/cli/main.ts"), ...words],
    {
      cwd: root,
      reject: false,
      env: {
        PROVISION_CHARTS: mirror,
        PROVISION_CACHE: join(folder, "cache"),
        PROVISION_HELM: testbed.binaries(helm),
        NO_COLOR: "1",
      },
    },
  );
  // A failure is set in lines of a width.
  return { exitCode, said: `${stdout}\n${stderr}`.replaceAll(/\s+/g, " ") };
};

const kubectl = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
  });
  return stdout;
};

const publicKey = () => publicKeyIn(kubectl, "fluxcd");
const greeting = (name: string) => greetingIn(kubectl, name);

test("A key that nobody has registered, or for reading only, ends the run before Flux is installed", {
  meta: proves({
    step: "git/deploy-key",
    claim:
      "A key that the git host does not know, or that may only read where it is to write, is told with the key to register, and nothing is installed that needs it",
    by: ["control-plane", "git and ssh"],
  }),
}, async () => {
  const first = await git.commit({ "k8s/hello.yaml": configMap("hello", "from git") }, "hello");
  const unknown = await provision("up", await pipeline());
  expect(unknown).toMatchObject({
    exitCode: 1,
    said: expect.stringMatching(/the deploy key does not open ssh:\/\/git@127\.0\.0\.1.*Permission denied/),
  });

  await git.authorize(await publicKey(), "read");
  const reading = await provision("up", await pipeline());
  expect(reading).toMatchObject({
    exitCode: 1,
    said: expect.stringMatching(/may only read.*marked as read only/),
  });
  expect(await kubectl("get", "deployments", "--namespace=fluxcd", "--output=name")).toBe("");
  expect(await git.revision("flux-sync")).toBeUndefined();
  expect(await git.revision("main")).toBe(first);
});

test("Another host key than the one to expect ends the run before Flux is installed", {
  meta: proves({
    step: "git/deploy-key",
    claim: "A git host with another key than the one to expect is refused, before Flux is installed",
    by: ["control-plane", "git and ssh"],
  }),
}, async () => {
  await git.forgetKeys();
  await git.authorize(await publicKey(), "write");
  const [host] = git.knownHosts.split(" ");
  const wrong = await provision("up", await pipeline(`${host} ${generateSshKeyPair("").publicKey}\n`));
  expect(wrong).toMatchObject({
    exitCode: 1,
    said: expect.stringContaining("Host key verification failed"),
  });
  expect(await kubectl("get", "deployments", "--namespace=fluxcd", "--output=name")).toBe("");
});

test("What is committed is in the cluster, and up says which commit", {
  meta: proves({
    step: "gitops/flux-v1",
    claim:
      "`up` waits until Flux has read the repository, and says which commit; commits then come to the cluster, and what they remove goes",
    by: ["control-plane", helm, "fluxd", "git and ssh"],
  }),
}, async () => {
  const up = await provision("up", await pipeline());
  const head = await git.revision("main");
  expect(up).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining(`follows main, at ${head?.slice(0, 7)}`),
  });
  await expect.poll(() => greeting("hello"), patience).toBe("from git");
  await expect.poll(() => git.revision("flux-sync"), patience).toBe(head);

  await git.commit({ "k8s/hello.yaml": configMap("hello", "changed") }, "change");
  await expect.poll(() => greeting("hello"), patience).toBe("changed");
  await git.commit({ "k8s/hello.yaml": undefined, "k8s/other.yaml": configMap("other", "new") }, "replace");
  await expect.poll(() => greeting("other"), patience).toBe("new");
  await expect.poll(() => greeting("hello"), patience).toBe("");
});

test("Flux writes as the chart's ServiceAccount, and what it writes is no drift", {
  meta: proves({
    step: "gitops/flux-v1",
    claim: "What Flux writes, as the chart's own ServiceAccount, is no drift: a second run writes nothing",
    by: ["control-plane", helm, "fluxd"],
  }),
}, async () => {
  const mark = (await testbed.writes()).length;
  const again = await provision("up", await pipeline());
  expect(again).toMatchObject({ exitCode: 0, said: expect.stringContaining("Nothing to do") });
  const writes = await testbed.writes();
  expect(writes.slice(mark).filter(({ user, dryRun }) => user === "testbed-admin" && !dryRun)).toEqual([]);
  const others = writes.filter(({ name }) => name === "other");
  expect(new Set(others.map(({ user }) => user))).toEqual(new Set(["system:serviceaccount:fluxcd:flux"]));
});

/** A chart repository on loopback with the small chart. */
const serveCharts = async (): Promise<string> => {
  const charts = join(folder, "repository");
  await mkdir(charts);
  const program = testbed.binaries(helm);
  await execa(program, ["package", smallChart, "--destination", charts]);
  await execa(program, ["repo", "index", charts]);
  const server = createServer((request, response) => {
    readFile(join(charts, new URL(request.url ?? "/", "http://127.0.0.1").pathname)).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  return `http://127.0.0.1:${address.port}`;
};

const helmRelease = (name: string, chart: object) =>
  JSON.stringify({
    apiVersion: "helm.fluxcd.io/v1",
    kind: "HelmRelease",
    metadata: { name, namespace: "default" },
    spec: { releaseName: name, chart, values: { replicas: 1 } },
  });

test("A HelmRelease in git is installed: its chart from a repository over HTTP, and from git over SSH", {
  meta: proves({
    step: "gitops/helm-operator",
    claim:
      "A HelmRelease in git is installed, with its chart from a repository over HTTP, or from git over SSH with the deploy key",
    by: ["control-plane", helm, "fluxd", "helm-operator", "git and ssh"],
  }),
}, async () => {
  const repository = await serveCharts();
  const chartFiles = ["Chart.yaml", "values.yaml", "templates/all.yaml"];
  const chart = await Promise.all(
    chartFiles.map(
      async (name) => [`charts/small/${name}`, await readFile(join(smallChart, name), "utf8")] as const,
    ),
  );
  await git.commit(
    {
      ...Object.fromEntries(chart),
      "k8s/packed.yaml": helmRelease("packed", { repository, name: "small", version: "1.0.0" }),
      "k8s/source.yaml": helmRelease("source", { git: git.url, path: "charts/small", ref: "main" }),
    },
    "releases",
  );
  const phase = (name: string): Promise<string> =>
    kubectl("get", `helmrelease/${name}`, "--ignore-not-found", "--output=jsonpath={.status.phase}");
  await expect.poll(() => phase("packed"), patience).toBe("Succeeded");
  await expect.poll(() => phase("source"), patience).toBe("Succeeded");
  expect(await greeting("packed")).toBe("hello");
  expect(await kubectl("get", "deployment/source", "--output=jsonpath={.spec.replicas}")).toBe("1");
  expect(await provision("up", await pipeline())).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining("Nothing to do"),
  });
});

test("A key that is taken away ends the syncing, and status says so of the key and of Flux", {
  meta: proves({
    step: "gitops/flux-v1",
    claim:
      "`status` says that Flux can't read the repository any more, in the words of ssh; with its key back it goes on by itself",
    by: ["control-plane", helm, "fluxd", "git and ssh"],
  }),
}, async () => {
  await git.forgetKeys();
  const file = await pipeline();
  await expect
    .poll(() => kubectl("logs", "deployment/flux", "--namespace=fluxcd", "--tail=1"), patience)
    .toContain("Permission denied (publickey)");
  const ill = await provision("status", file);
  expect(ill.exitCode).toBe(1);
  expect(ill.said).toMatch(/flux: it can't read the repository any more: Permission denied \(publickey/);
  expect(ill.said).toMatch(/deploy-key: the deploy key does not open/);
  await git.commit({ "k8s/late.yaml": configMap("late", "late") }, "late");

  await git.authorize(await publicKey(), "write");
  await expect.poll(() => greeting("late"), patience).toBe("late");
  expect(await provision("status", file)).toMatchObject({ exitCode: 0 });
});

test("destroy takes Flux, its key and the operator away, and leaves what came from git", {
  meta: proves(
    ...(["git/deploy-key", "gitops/flux-v1", "gitops/helm-operator"] as const).map((step) => ({
      step,
      claim: "`destroy` removes all that it made, and nothing that came from git",
      by: ["control-plane", helm] as const,
    })),
  ),
}, async () => {
  expect(await provision("destroy", await pipeline())).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining("what Flux applied from git stays in the cluster"),
  });
  await expect.poll(() => testbed.controllers(), patience).toEqual([]);
  await expect.poll(() => kubectl("get", "namespaces", "--output=name"), patience).not.toContain("fluxcd");
  expect(await kubectl("get", "clusterroles,clusterrolebindings", "--output=name")).not.toMatch(
    /flux|helm-operator/,
  );
  expect(await greeting("late")).toBe("late");
});
