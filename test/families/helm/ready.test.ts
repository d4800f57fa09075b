import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { hintFor } from "../../../src/families/helm/load-balancer.ts";
import { faultsIn, isRefusedKey, isRefusedToken } from "../../../src/families/helm/log-errors.ts";
import { waitingReasons } from "../../../src/families/helm/pods.ts";
import { unavailable } from "../../../src/families/helm/ready.ts";

const workload = (kind: string, spec: object, status: object, generation = 1): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "demo", namespace: "web", generation },
  spec,
  status,
});

const seen = { observedGeneration: 1 };

test.each([
  ["Deployment", { replicas: 2 }, { ...seen, updatedReplicas: 2, availableReplicas: 2 }, undefined],
  [
    "Deployment",
    { replicas: 2 },
    { ...seen, updatedReplicas: 2, availableReplicas: 1 },
    "1 of 2 pods are available",
  ],
  [
    "Deployment",
    { replicas: 2 },
    { ...seen, updatedReplicas: 1, availableReplicas: 2 },
    "1 of 2 pods are of the last version",
  ],
  ["Deployment", { replicas: 0 }, seen, undefined],
  ["Deployment", { replicas: 1 }, {}, "its controller has not seen the last change yet"],
  ["StatefulSet", {}, { ...seen, updatedReplicas: 1 }, "0 of 1 pods are available"],
  ["StatefulSet", { updateStrategy: { type: "OnDelete" } }, { ...seen, availableReplicas: 1 }, undefined],
  ["DaemonSet", {}, { ...seen, desiredNumberScheduled: 3, numberAvailable: 2 }, "2 of 3 pods are available"],
  ["DaemonSet", {}, { ...seen, desiredNumberScheduled: 3, numberAvailable: 3 }, undefined],
  ["Job", {}, { conditions: [{ type: "Complete", status: "True" }] }, undefined],
  ["Job", {}, {}, "it still runs"],
  [
    "Job",
    {},
    {
      conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" }],
    },
    "it failed: BackoffLimitExceeded too often",
  ],
  ["Service", {}, {}, undefined],
])("%s with %j and %j: %s", (kind, spec, status, why) => {
  expect(unavailable(workload(kind, spec, status))).toBe(why);
});

test("a pod says why each of its containers waits, and how one ended", () => {
  const pod: KubernetesObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    status: {
      initContainerStatuses: [{ name: "init", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
      containerStatuses: [
        { name: "app", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
        { name: "side", restartCount: 4, state: { terminated: { exitCode: 137, reason: "OOMKilled" } } },
      ],
    },
  };
  expect(waitingReasons(pod)).toEqual([
    "app waits: ImagePullBackOff no such image",
    "side ended with 137: OOMKilled, 4 restarts",
  ]);
});

test("faults before the last round that went well are over", () => {
  expect(
    faultsIn([
      'time="2026-11-24T06:00:00Z" level=error msg="dial tcp: i/o timeout"',
      'time="2026-11-24T06:01:00Z" level=info msg="All records are already up to date"',
      'time="2026-11-24T06:02:00Z" level=fatal msg="Invalid API Token (1000)"',
      'time="2026-11-24T06:02:00Z" level=info msg="config"',
    ]),
  ).toEqual(['time="2026-11-24T06:02:00Z" level=fatal msg="Invalid API Token (1000)"']);
});

test("an error that is none, as Flux writes after each apply, is no fault", () => {
  expect(faultsIn(['method=Sync cmd="kubectl apply -f -" err=null output="configmap/a created"'])).toEqual(
    [],
  );
});

test.each([
  ['level=error msg="Authentication error (10000)"', true],
  ['level=fatal msg="Invalid request headers (6003)"', true],
  ['level=error msg="dial tcp: i/o timeout"', false],
])("%s: waiting helps no more: %s", (line, refused) => {
  expect(isRefusedToken(line)).toBe(refused);
});

test("a git host that refuses the key is told from one that can't be reached", () => {
  expect(isRefusedKey('err="git clone: git@github.com: Permission denied (publickey)."')).toBe(true);
  expect(isRefusedKey('err="git clone: Connection timed out"')).toBe(false);
});

test("what Azure refuses is turned into what to do", () => {
  const address = {
    kind: "public-ip" as const,
    id: "/x",
    name: "clu-ip",
    group: "rg-ip",
    address: "52.0.0.1",
  };
  expect(hintFor('Code="LinkedAuthorizationFailed" ... publicIPAddresses/join/action', address)).toContain(
    "Network Contributor on resource group rg-ip",
  );
  expect(
    hintFor("PublicIP from annotation azure-pip-name(-IPv6)=clu-ip for service a/b doesn't exist", address),
  ).toContain("no public IP clu-ip in resource group rg-ip");
  expect(hintFor("", address)).toBeUndefined();
});
