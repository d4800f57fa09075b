import { expect, test } from "vitest";
import { behaviour as workloads } from "../../../../src/sandbox/kubernetes/behaviours/workloads.ts";
import { at, type JsonObject, objectOf, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import { deployment, type RunningCluster, runCluster, settingsOf, systemPool } from "../running-cluster.ts";

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const pods = async (cluster: RunningCluster) =>
  objectsOf((await cluster.read("/api/v1/namespaces/default/pods")).items);
const condition = (object: JsonObject, type: string) =>
  objectsOf(at(object, "status", "conditions")).find((item) => item.type === type);

test("a Deployment comes up: pods ready, status observed, endpoints behind its Service", async () => {
  await using cluster = await runCluster([workloads]);
  await cluster.apply(`${deployments}/d`, deployment("d"));
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "d" },
    spec: { selector: { app: "d" }, ports: [{ port: 80, targetPort: "http" }] },
  };
  await cluster.apply("/api/v1/namespaces/default/services/d", service);
  await cluster.settle();
  const found = await cluster.read(`${deployments}/d`);
  expect(found.status).toMatchObject({
    observedGeneration: 1,
    replicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    updatedReplicas: 2,
  });
  expect(condition(found, "Available")?.status).toBe("True");
  expect(condition(found, "Progressing")?.reason).toBe("NewReplicaSetAvailable");
  const addresses = (await pods(cluster)).map((pod) => at(pod, "status", "podIP"));
  expect(new Set(addresses).size).toBe(2);
  const endpoints = await cluster.read("/api/v1/namespaces/default/endpoints/d");
  const [subset] = objectsOf(endpoints.subsets);
  expect(
    objectsOf(subset?.addresses)
      .map((item) => item.ip)
      .sort(),
  ).toEqual([...addresses].sort());
  expect(subset?.ports).toEqual([{ port: 80, protocol: "TCP" }]);
  expect(cluster.service.faults()).toEqual({ [cluster.api.key]: [] });
});

test("another template brings another ReplicaSet up and the old one down; going back takes it up again", async () => {
  await using cluster = await runCluster([workloads]);
  await cluster.apply(`${deployments}/d`, deployment("d"));
  await cluster.settle();
  const [first] = (await pods(cluster)).map((pod) => at(pod, "metadata", "labels", "pod-template-hash"));
  const image = (name: string) => ({
    spec: { template: { spec: { containers: [{ name: "web", image: name }] } } },
  });
  const type = { contentType: "application/strategic-merge-patch+json" };
  await cluster.call("PATCH", `${deployments}/d`, image("nginx:2"), type);
  await cluster.settle();
  const [second] = (await pods(cluster)).map((pod) => at(pod, "metadata", "labels", "pod-template-hash"));
  expect(second).not.toBe(first);
  await cluster.call("PATCH", `${deployments}/d`, image("nginx:1.27"), type);
  await cluster.settle();
  const [third] = (await pods(cluster)).map((pod) => at(pod, "metadata", "labels", "pod-template-hash"));
  expect(third).toBe(first);
  expect(await pods(cluster)).toHaveLength(2);
});

test("a pod that wants a Secret that is not there waits, says so, and starts when it comes", async () => {
  await using cluster = await runCluster([workloads]);
  const env = [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "cloudflare", key: "token" } } }];
  const object = deployment("d", { replicas: 1 });
  object.spec = {
    ...objectOf(object.spec),
    template: {
      metadata: { labels: { app: "d" } },
      spec: { containers: [{ name: "web", image: "i:1", env }] },
    },
  };
  await cluster.apply(`${deployments}/d`, object);
  await cluster.settle();
  const [waiting] = await pods(cluster);
  expect(objectsOf(at(waiting, "status", "containerStatuses"))[0]?.state).toEqual({
    waiting: { reason: "CreateContainerConfigError", message: 'secret "cloudflare" not found' },
  });
  expect(condition(await cluster.read(`${deployments}/d`), "Progressing")?.reason).toBe(
    "ProgressDeadlineExceeded",
  );
  const events = objectsOf(
    (await cluster.read("/api/v1/namespaces/default/events?fieldSelector=type%3DWarning")).items,
  );
  expect(events.map((event) => event.message)).toEqual(['Error: secret "cloudflare" not found']);
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cloudflare" },
    stringData: { token: "t" },
  };
  await cluster.call("POST", "/api/v1/namespaces/default/secrets", secret);
  await cluster.settle();
  expect(at(await cluster.read(`${deployments}/d`), "status", "readyReplicas")).toBe(1);
});

test("a Job completes", async () => {
  await using cluster = await runCluster([workloads]);
  const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "j", image: "i:1" }] } } };
  await cluster.call("POST", "/apis/batch/v1/namespaces/default/jobs", {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j" },
    spec,
  });
  await cluster.settle();
  const job = await cluster.read("/apis/batch/v1/namespaces/default/jobs/j");
  expect(job.status).toMatchObject({ succeeded: 1, active: 0 });
  expect(condition(job, "Complete")?.status).toBe("True");
});

test("a StatefulSet numbers its pods and gives each a bound claim; a DaemonSet has one pod for each node", async () => {
  await using cluster = await runCluster([workloads]);
  const { spec } = deployment("s");
  const claim = {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
  const { replicas: _replicas, ...daemon } = objectOf(spec);
  await cluster.apply("/apis/apps/v1/namespaces/default/statefulsets/s", {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "s" },
    spec: { ...objectOf(spec), serviceName: "s", volumeClaimTemplates: [claim] },
  });
  await cluster.apply("/apis/apps/v1/namespaces/kube-system/daemonsets/d", {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "d" },
    spec: daemon,
  });
  await cluster.settle();
  expect((await pods(cluster)).map((pod) => at(pod, "metadata", "name"))).toEqual(["s-0", "s-1"]);
  const bound = await cluster.read("/api/v1/namespaces/default/persistentvolumeclaims/data-s-0");
  expect(at(bound, "status", "phase")).toBe("Bound");
  const set = await cluster.read("/apis/apps/v1/namespaces/kube-system/daemonsets/d");
  expect(set.status).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 });
});

test("nodes follow the pools, and pods of a node that goes run elsewhere", async () => {
  await using cluster = await runCluster([workloads]);
  await cluster.apply(`${deployments}/d`, deployment("d"));
  await cluster.settle();
  cluster.service.world.ensure(settingsOf({ version: "1.36.0", pools: [{ ...systemPool, count: 1 }] }));
  await cluster.settle();
  const nodes = objectsOf((await cluster.read("/api/v1/nodes")).items);
  expect(nodes.map((node) => at(node, "status", "nodeInfo", "kubeletVersion"))).toEqual(["v1.36.0"]);
  expect(at(nodes[0], "metadata", "name")).toMatch(/^aks-system-\d{8}-vmss000000$/);
  expect(at(nodes[0], "metadata", "labels", "topology.kubernetes.io/zone")).toBe("westeurope-1");
  expect(new Set((await pods(cluster)).map((pod) => at(pod, "spec", "nodeName")))).toEqual(
    new Set([at(nodes[0], "metadata", "name")]),
  );
  expect((await cluster.read("/version")).gitVersion).toBe("v1.36.0");
});

test("a cluster that was stopped goes on where it was", async () => {
  const first = await runCluster([workloads]);
  await first.apply(`${deployments}/d`, deployment("d"));
  await first[Symbol.asyncDispose]();
  await using second = await runCluster([workloads], structuredClone(first.state));
  await second.settle();
  expect(second.token).toBe(first.token);
  expect(at(await second.read(`${deployments}/d`), "status", "readyReplicas")).toBe(2);
});

test("a Deployment whose ServiceAccount is missing says so in an Event, and goes on when it is there", async () => {
  await using cluster = await runCluster([workloads]);
  const wanting = deployment("d");
  const spec = objectOf(at(wanting, "spec", "template", "spec"));
  await cluster.apply(`${deployments}/d`, {
    ...wanting,
    spec: {
      ...objectOf(wanting.spec),
      template: {
        ...objectOf(at(wanting, "spec", "template")),
        spec: { ...spec, serviceAccountName: "late" },
      },
    },
  });
  await cluster.settle();
  expect(await pods(cluster)).toEqual([]);
  const events = objectsOf((await cluster.read("/api/v1/namespaces/default/events")).items);
  expect(events.find(({ reason }) => reason === "FailedCreate")?.message).toContain(
    'error looking up service account default/late: serviceaccount "late" not found',
  );

  await cluster.call("POST", "/api/v1/namespaces/default/serviceaccounts", {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "late" },
  });
  await cluster.settle();
  expect(at(await cluster.read(`${deployments}/d`), "status", "readyReplicas")).toBe(2);
});
