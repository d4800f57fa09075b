/** The testbed is what it says: a cluster on which pods become ready, RBAC holds and every write is told. */
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Write } from "./audit.ts";
import { startTestbed, type Testbed } from "./testbed.ts";

const chart = join(import.meta.dirname, "small-chart");
let testbed: Testbed;

beforeAll(async () => {
  testbed = await startTestbed({ variables: process.env, nodes: 3 });
});
afterAll(() => testbed?.stop());

const run = async (program: string, words: readonly string[]): Promise<string> => {
  const { stdout } = await execa(program, words, {
    env: { KUBECONFIG: testbed.kubeconfig, HOME: testbed.directory },
  });
  return stdout;
};

const kubectl = (...words: string[]): Promise<string> => run(testbed.kubectl, words);

/** What a program did since `mark` writes were there. */
const writesSince = async (mark: number, userAgent: string): Promise<readonly Write[]> =>
  (await testbed.writes()).slice(mark).filter((write) => write.userAgent.startsWith(userAgent));

test("The nodes are ready and have names, zones and ids as AKS gives them", async () => {
  const columns =
    "NAME:.metadata.name,READY:.status.conditions[?(@.type=='Ready')].status,ZONE:.metadata.labels.topology\\.kubernetes\\.io/zone,ID:.spec.providerID,IP:.status.addresses[?(@.type=='InternalIP')].address";
  const rows = (await kubectl("get", "nodes", "--no-headers", "-o", `custom-columns=${columns}`)).split("\n");
  expect(rows.map((row) => row.split(/\s+/).toSpliced(3, 1))).toEqual([
    ["aks-system-31415926-vmss000000", "True", "westeurope-1", "10.224.0.4"],
    ["aks-system-31415926-vmss000001", "True", "westeurope-2", "10.224.0.5"],
    ["aks-system-31415926-vmss000002", "True", "westeurope-3", "10.224.0.6"],
  ]);
  expect(rows[2]).toContain("virtualMachineScaleSets/aks-system-31415926-vmss/virtualMachines/2");
});

test("The API server says the version that a cluster of that version says", async () => {
  expect(JSON.parse(await kubectl("version", "-o", "json"))).toMatchObject({
    clientVersion: { gitVersion: "v1.35.4" },
    serverVersion: { major: "1", minor: "35", gitVersion: "v1.35.4" },
  });
});

test.for(["helm4", "helm3"] as const)("%s waits until the pods of a chart are ready", async (name) => {
  const helm = testbed.binaries(name);
  const mark = (await testbed.writes()).length;
  await run(helm, ["upgrade", "--install", name, chart, "--wait", "--timeout", "60s"]);
  expect(await kubectl("get", "deployment", name, "-o", "jsonpath={.status.readyReplicas}")).toBe("2");

  const objects = (await writesSince(mark, "Helm/"))
    .filter(({ code, dryRun }) => code === 201 && !dryRun)
    .map(({ resource }) => resource);
  // Helm 4 creates by server-side apply, a patch that answers 201 as a create does.
  expect(objects.toSorted()).toEqual(["configmaps", "deployments.apps", "secrets", "services"]);
});

test("A dry run on the server is told as one", async () => {
  const mark = (await testbed.writes()).length;
  await kubectl("create", "configmap", "never", "--dry-run=server");
  expect(await writesSince(mark, "kubectl")).toMatchObject([
    {
      verb: "create",
      resource: "configmaps",
      namespace: "default",
      name: "never",
      user: "testbed-admin",
      dryRun: true,
      code: 201,
    },
  ]);
});

test("A ServiceAccount may do what a role allows, and no more", async () => {
  await kubectl("create", "serviceaccount", "reader");
  await kubectl("create", "role", "reader", "--verb=get,list", "--resource=configmaps");
  await kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader");
  // `--as` asks as the account, by the same rules as its token.
  const account = "--as=system:serviceaccount:default:reader";
  expect(await kubectl("get", "configmaps", "-o", "name", account)).toContain("configmap/kube-root-ca.crt");
  await expect(kubectl("get", "secrets", account)).rejects.toThrow(
    'secrets is forbidden: User "system:serviceaccount:default:reader" cannot list resource "secrets"',
  );
});
