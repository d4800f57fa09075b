/**
 * What a pipeline made goes again, object by object: every object of every kind that the real API server serves is
 * compared before and after, and where something must stay with what is others', it is said.
 */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCrds } from "../../../src/charts/crds.ts";
import { type Event, failuresOf, openCommand, root, type TestCommand } from "../../e2e/command.ts";
import { helm } from "../helm.ts";
import { startTestbed, type Testbed } from "../testbed.ts";
import { proves } from "../verified/claim.ts";
import { azureAlone, mainPipeline } from "./azure-alone.ts";
import { differences, type Kubectl, type Snapshot, snapshot } from "./cluster-snapshot.ts";

const open = new AsyncDisposableStack();
let command: TestCommand;
let testbed: Testbed;

beforeAll(async () => {
  command = open.use(await openCommand("destroy"));
  testbed = open.use(
    await startTestbed({ variables: process.env, sandbox: join(command.folder, "sandbox") }),
  );
});
afterAll(() => open.disposeAsync());

const kubectl: Kubectl = async (words, input) => {
  const { stdout } = await execa(testbed.kubectl, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
    ...(input === undefined ? {} : { input }),
  });
  return stdout;
};

const stays = [
  // Not ours, and not there before: the cloud provider takes it when it first serves a Service, on every AKS.
  "+ coordination.k8s.io/v1 Lease kube-system/aks-managed-resource-locker",
  // Ours, held by nobody: where all pipelines of a cluster meet, so that no one of them may take it away.
  "+ coordination.k8s.io/v1 Lease kube-system/provision",
];

/** Namespaces go after the command's end, and their contents before them. */
const settled = { timeout: 120_000, interval: 2000 };

const left = async (before: Snapshot): Promise<readonly string[]> =>
  differences(before, await snapshot(kubectl)).filter((line) => !stays.includes(line));

const run = async (name: "up" | "destroy", words: readonly string[]): Promise<readonly Event[]> => {
  const variables = { PROVISION_HELM: testbed.binaries(helm) };
  const { events, exitCode, said } = await command.events(name, words, variables).ended;
  expect({ failures: failuresOf(events), exitCode }, said).toEqual({ failures: [], exitCode: 0 });
  return events;
};

const notices = (events: readonly Event[]): readonly string[] =>
  events.flatMap(({ kind, step, message }) => (kind === "notice" ? [`${step}: ${String(message)}`] : []));

/** The definition in External DNS' chart, as another team brought it before, with a setting of its own. */
const theirDefinition = async (): Promise<string> => {
  const { stdout } = await execa("ls", [join(root, ".charts")]);
  const chart = stdout.split("\n").find((name) => name.startsWith("external-dns-")) ?? "";
  const [text = ""] = (await readCrds(join(root, ".charts", chart))).own;
  return text.replace("kind: DNSEndpoint\n", "kind: DNSEndpoint\n    categories: [all]\n");
};

const steps = [
  "ingress/nginx",
  "dns/external-dns",
  "certificates/cert-manager",
  "certificates/cluster-issuers",
  "gitops/helm-operator",
  "gitops/flux-v1",
  "git/deploy-key",
  "ingress/probe",
] as const;

test("what `up` made in a cluster is gone after `up --prune`, and all else is as it was found", {
  meta: proves(
    ...steps.map((step) => ({
      step,
      claim: "removed, it leaves the cluster as it was found, object by object",
      by: ["control-plane", helm] as const,
    })),
  ),
}, async () => {
  const inputs = ["--input", "domain=example.com", "--kubeconfig", testbed.kubeconfig];
  const azure = await azureAlone(command);
  await run("up", [azure, ...inputs]);
  await kubectl(["create", "--filename=-"], await theirDefinition());
  const before = await snapshot(kubectl);
  expect(Object.keys(before)).toContain(
    "apiextensions.k8s.io/v1 CustomResourceDefinition dnsendpoints.externaldns.k8s.io",
  );

  await run("up", [mainPipeline, ...inputs]);
  expect((await left(before)).length).toBeGreaterThan(100);

  const events = await run("up", ["--prune", azure, ...inputs]);
  await expect.poll(() => left(before), settled).toEqual([]);
  expect(
    notices(events)
      .filter((line) => line.includes("stay"))
      .toSorted(),
  ).toEqual([
    "external-dns: CustomResourceDefinition dnsendpoints.externaldns.k8s.io stays, with no object of its kind: it may have been there before this release",
    // Said whatever the repository holds; the testbed's is empty.
    "flux: what Flux applied from git stays in the cluster",
  ]);
});

const small = () => {
  const cluster = "${{ steps.cluster.outputs }}";
  return {
    name: "small",
    steps: {
      cluster: { uses: "kubernetes/existing-cluster", with: { kubeconfig: testbed.kubeconfig } },
      certificates: { uses: "certificates/cert-manager", with: { cluster } },
      issuers: {
        uses: "certificates/cluster-issuers",
        with: {
          cluster,
          certManager: "${{ steps.certificates.outputs }}",
          solvers: [{ http01: { ingressClass: "nginx" } }],
        },
      },
      operator: { uses: "gitops/helm-operator", with: { cluster } },
    },
  };
};

const certificate = {
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name: "theirs", namespace: "default" },
  spec: {
    secretName: "theirs-tls",
    dnsNames: ["theirs.example.com"],
    issuerRef: { name: "nobodys", kind: "Issuer" },
  },
};

test("`destroy` leaves a definition with what others have of its kind, says so, and the next one takes it", async () => {
  const file = await command.file("small.yaml", JSON.stringify(small()));
  const before = await snapshot(kubectl);
  await run("up", [file]);
  await kubectl(["create", "--filename=-"], JSON.stringify(certificate));
  const events = await run("destroy", [file]);
  const definition = "+ apiextensions.k8s.io/v1 CustomResourceDefinition certificates.cert-manager.io";
  const service = "+ apiregistration.k8s.io/v1 APIService v1.cert-manager.io";
  const theirs = ["Certificate default/theirs", "CertificateRequest default/theirs-1"];
  await expect
    .poll(
      async () => (await left(before)).filter((line) => !theirs.some((name) => line.endsWith(name))),
      settled,
    )
    .toEqual(expect.arrayContaining([definition, service]));
  expect(await kubectl(["get", "certificate/theirs", "--output=name"])).toBe(
    "certificate.cert-manager.io/theirs",
  );
  expect(notices(events)).toContain(
    "certificates: CustomResourceDefinition certificates.cert-manager.io stays: with it would go 1 object of its kind (Certificate default/theirs)",
  );

  await kubectl(["delete", "certificate/theirs"]);
  await run("up", [file]);
  await run("destroy", [file]);
  await expect.poll(() => left(before), settled).toEqual([]);
});
