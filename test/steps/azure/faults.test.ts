/** What happens when Azure, the network or the run itself breaks off: a later run converges, and makes nothing twice. */
import { expect, test } from "vitest";
import type { StepContext } from "../../../src/step/context.ts";
import { Failure, isPassing } from "../../../src/step/failure.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import aksCluster from "../../../src/steps/azure/aks-cluster.ts";
import workspace from "../../../src/steps/azure/log-analytics-workspace.ts";
import managedIdentity from "../../../src/steps/azure/managed-identity.ts";
import publicIp from "../../../src/steps/azure/public-ip.ts";
import resourceGroup from "../../../src/steps/azure/resource-group.ts";
import roleAssignment from "../../../src/steps/azure/role-assignment.ts";
import { openSandboxContext, type SandboxContext } from "./sandbox-context.ts";

/** The runner's loop in small: joins what is running, tries again what passes, at most so often. */
const converge = async <Output extends Outputs>(
  { site }: SandboxContext,
  context: StepContext,
  step: Step<unknown, Output, unknown>,
  given: unknown,
): Promise<Output> => {
  const input = step.input.parse(given);
  const ref = step.locate(input, site);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      const observed = await step.observe(context, ref);
      if (observed.state === "busy") {
        await context.clock.sleep(1, context.signal);
        continue;
      }
      await step.apply(context, ref, input, observed);
      const after = await step.observe(context, ref);
      if (after.state === "present") return after.output;
    } catch (error) {
      if (!(error instanceof Failure) || !isPassing(error.kind)) throw error;
      await context.clock.sleep(error.retryAfter ?? 1, context.signal);
    }
  }
  throw new Error(`${ref.id} did not converge`);
};

const putsOn = ({ sandbox }: SandboxContext, end: RegExp): number =>
  sandbox.control.requests().entries.filter(({ method, path }) => method === "PUT" && end.test(path)).length;

/** Every step once, each resting on those before. */
const all = async (azure: SandboxContext, context: StepContext = azure.context) => {
  const up = <Output extends Outputs>(
    step: Step<unknown, Output, unknown>,
    given: unknown,
  ): Promise<Output> => converge(azure, context, step, given);
  const group = await up(resourceGroup, { name: "rg", location: "westeurope" });
  const ip = await up(publicIp, { group, name: "ip" });
  const identity = await up(managedIdentity, { group, name: "clu-mi" });
  const grant = await up(roleAssignment, { identity, scope: group, role: "Network Contributor" });
  const logs = await up(workspace, { group, name: "logs" });
  const cluster = await up(aksCluster, {
    group,
    name: "clu",
    kubernetesVersion: "1.35",
    identity,
    grants: [grant],
    monitoring: logs,
  });
  return { group, ip, identity, grant, logs, cluster };
};

test("an answer that is lost after each write took effect makes nothing twice", async () => {
  const plain = await openSandboxContext();
  await all(plain);
  const azure = await openSandboxContext();
  azure.sandbox.control.fault({ kind: "reset-after", service: "arm", method: "PUT", times: 6 });
  await all(azure);
  const count = ({ sandbox }: SandboxContext) => sandbox.control.inventory().resources.length;
  expect(count(azure)).toBe(count(plain));
  expect(putsOn(azure, /\/publicIPAddresses\/ip\?/i)).toBe(1);
  expect(putsOn(azure, /\/managedClusters\/clu\?/i)).toBe(1);
  expect(putsOn(azure, /\/roleAssignments\//i)).toBe(1);
});

test("connections cut before each write, errors of the service and throttling are outlived", async () => {
  const azure = await openSandboxContext();
  azure.sandbox.control.fault({ kind: "reset-before", service: "arm", method: "PUT", times: 3 });
  azure.sandbox.control.fault({
    kind: "status",
    service: "arm",
    method: "PUT",
    status: 503,
    times: 2,
    skip: 4,
  });
  azure.sandbox.control.fault({
    kind: "status",
    service: "arm",
    status: 429,
    headers: { "retry-after": "2" },
    body: { error: { code: "TooManyRequests", message: "slow down" } },
    times: 3,
    skip: 12,
  });
  expect(await all(azure)).toMatchObject({ cluster: { kind: "cluster" } });
});

test("a run that ends while the cluster is being made is joined by the next, without a second write", async () => {
  const azure = await openSandboxContext();
  const { control } = azure.sandbox;
  control.fault({ kind: "stuck-operation", service: "arm", method: "PUT", path: "managedClusters/clu$" });
  const abort = new AbortController();
  const killed: StepContext = {
    ...azure.context,
    signal: abort.signal,
    report: ({ kind }) => {
      if (kind === "operation" && putsOn(azure, /\/managedClusters\/clu\?/i) > 0)
        abort.abort(new Error("killed"));
    },
  };
  await expect(all(azure, killed)).rejects.toThrow("killed");
  const ref = { type: "azure/aks-cluster", version: 1, id: "" };
  const [id = ""] = control
    .inventory()
    .resources.filter((resource) => /managedclusters\/clu$/i.test(resource));
  expect(await aksCluster.observe(azure.context, { ...ref, id })).toMatchObject({
    state: "busy",
    operation: "Creating",
  });
  control.releaseOperations();
  await all(azure);
  expect(putsOn(azure, /\/managedClusters\/clu\?/i)).toBe(1);
});

test("an operation that fails for want of capacity is begun anew; one that can't succeed is not", async () => {
  const azure = await openSandboxContext();
  const { control } = azure.sandbox;
  const failing = {
    kind: "failed-operation",
    service: "arm",
    method: "PUT",
    path: "managedClusters/clu$",
  } as const;
  control.fault({ ...failing, code: "AKSCapacityError", message: "AKS is short of capacity" });
  await all(azure);
  expect(putsOn(azure, /\/managedClusters\/clu\?/i)).toBe(2);
  const other = await openSandboxContext();
  other.sandbox.control.fault({ ...failing, code: "SkuNotAvailable", message: "not offered" });
  await expect(all(other)).rejects.toMatchObject({ kind: "rejected", code: "SkuNotAvailable" });
});

test("two runs at once make one cluster", async () => {
  const azure = await openSandboxContext();
  await Promise.all([all(azure), all(azure)]);
  const clusters = azure.sandbox.control
    .inventory()
    .resources.filter((id) => /managedclusters\/clu$/i.test(id));
  expect(clusters).toHaveLength(1);
  expect(putsOn(azure, /\/managedClusters\/clu\?/i)).toBeLessThanOrEqual(2);
});
