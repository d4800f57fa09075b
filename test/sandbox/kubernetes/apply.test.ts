import { expect, test } from "vitest";
import { at, objectOf, objectsOf } from "../../../src/sandbox/kubernetes/json.ts";
import { deployment, runCluster } from "./running-cluster.ts";

const deployments = "/apis/apps/v1/namespaces/default/deployments";
const maps = "/api/v1/namespaces/default/configmaps";
const services = "/api/v1/namespaces/default/services";
const map = (data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m" },
  data,
});

test("the first apply makes the object and owns exactly what it said", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.apply(`${deployments}/d`, deployment("d"));
  expect(answer.status).toBe(201);
  expect(at(answer.body, "metadata", "managedFields")).toEqual([
    {
      manager: "test",
      operation: "Apply",
      apiVersion: "apps/v1",
      time: "2026-11-24T06:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": {
              "f:containers": {
                'k:{"name":"web"}': {
                  ".": {},
                  "f:image": {},
                  "f:name": {},
                  "f:ports": {
                    'k:{"containerPort":80,"protocol":"TCP"}': {
                      ".": {},
                      "f:containerPort": {},
                      "f:name": {},
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  ]);
});

test.each([
  ["Deployment", `${deployments}/d`, deployment("d")],
  [
    "Service",
    `${services}/s`,
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        ports: [
          { port: 80, name: "http" },
          { port: 443, name: "https" },
        ],
      },
    },
  ],
  ["ConfigMap", `${maps}/m`, map({ a: "1" })],
  [
    "Secret",
    "/api/v1/namespaces/default/secrets/s",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "b" } },
  ],
  [
    "StatefulSet",
    "/apis/apps/v1/namespaces/default/statefulsets/d",
    {
      ...deployment("d"),
      kind: "StatefulSet",
      spec: {
        ...objectOf(deployment("d").spec),
        serviceName: "d",
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
      },
    },
  ],
])("applying the same %s again changes nothing, not even its version", async (_kind, path, object) => {
  await using cluster = await runCluster();
  const first = await cluster.apply(path, object);
  expect(first.status).toBe(201);
  await cluster.settle();
  const second = await cluster.apply(path, object);
  expect(second.status).toBe(200);
  expect(at(second.body, "metadata", "resourceVersion")).toBe(at(first.body, "metadata", "resourceVersion"));
});

test("a field that the manager no longer applies goes, unless another owns it", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, map({ a: "1", b: "2", c: "3" }));
  await cluster.apply(`${maps}/m`, map({ b: "2" }), "fieldManager=other");
  const after = await cluster.apply(`${maps}/m`, map({ a: "1" }));
  expect(after.body.data).toEqual({ a: "1", b: "2" });
});

test("a changed value that another owns is a conflict, named by manager and field", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${deployments}/d`, deployment("d"));
  const answer = await cluster.apply(
    `${deployments}/d`,
    deployment("d", { replicas: 5 }),
    "fieldManager=other",
  );
  expect(answer.body).toMatchObject({
    code: 409,
    reason: "Conflict",
    message: 'Apply failed with 1 conflict: conflict with "test": .spec.replicas',
    details: {
      causes: [{ reason: "FieldManagerConflict", message: 'conflict with "test"', field: ".spec.replicas" }],
    },
  });
});

test("several conflicts are grouped by manager, and updaters are named with their version", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", `${deployments}?fieldManager=kubectl-create`, deployment("d"));
  const changed = deployment("d", { replicas: 5, minReadySeconds: 3 });
  changed.spec = {
    ...objectOf(changed.spec),
    template: {
      metadata: { labels: { app: "d" } },
      spec: { containers: [{ name: "web", image: "nginx:2" }] },
    },
  };
  const answer = await cluster.apply(`${deployments}/d`, changed);
  expect(answer.body.message).toBe(
    [
      'Apply failed with 2 conflicts: conflicts with "kubectl-create" using apps/v1:',
      "- .spec.replicas",
      '- .spec.template.spec.containers[name="web"].image',
    ].join("\n"),
  );
});

test("force takes the fields over", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${deployments}/d`, deployment("d"));
  const forced = await cluster.apply(
    `${deployments}/d`,
    deployment("d", { replicas: 5 }),
    "fieldManager=other&force=true",
  );
  expect(at(forced.body, "spec", "replicas")).toBe(5);
  const owners = objectsOf(at(forced.body, "metadata", "managedFields")).filter(
    (entry) => at(entry, "fieldsV1", "f:spec", "f:replicas") !== undefined,
  );
  expect(owners.map((owner) => owner.manager)).toEqual(["other"]);
});

test("two may own a field as long as they agree", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, map({ a: "1" }));
  const shared = await cluster.apply(`${maps}/m`, map({ a: "1" }), "fieldManager=other");
  expect(shared.status).toBe(200);
  expect(objectsOf(at(shared.body, "metadata", "managedFields"))).toHaveLength(2);
});

test("an update takes the fields that it changes from who applied them", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, map({ a: "1", b: "2" }));
  const patched = await cluster.call(
    "PATCH",
    `${maps}/m?fieldManager=hand`,
    { data: { a: "9" } },
    { contentType: "application/merge-patch+json" },
  );
  const entries = objectsOf(at(patched.body, "metadata", "managedFields"));
  expect(entries.map((entry) => [entry.manager, entry.operation, at(entry, "fieldsV1", "f:data")])).toEqual([
    ["test", "Apply", { "f:b": {} }],
    ["hand", "Update", { "f:a": {} }],
  ]);
  const conflict = await cluster.apply(`${maps}/m`, map({ a: "1", b: "2" }));
  expect(conflict.body.reason).toBe("Conflict");
});

test("keyed lists merge by item: containers of two managers stand side by side", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${deployments}/d`, deployment("d"));
  const sidecar = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { template: { spec: { containers: [{ name: "proxy", image: "proxy:1" }] } } },
  };
  const both = await cluster.apply(`${deployments}/d`, sidecar, "fieldManager=mesh");
  const names = objectsOf(at(both.body, "spec", "template", "spec", "containers")).map((item) => item.name);
  expect(names).toEqual(["web", "proxy"]);
  const back = await cluster.apply(`${deployments}/d`, deployment("d"));
  expect(objectsOf(at(back.body, "spec", "template", "spec", "containers"))).toHaveLength(2);
});

test("removing the last entry of a map field removes the field", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, { ...map({ a: "1" }), metadata: { name: "m", labels: { a: "1" } } });
  const after = await cluster.apply(`${maps}/m`, map({ a: "1" }));
  expect(at(after.body, "metadata", "labels")).toBeUndefined();
});

test("apply without a field manager, or with managedFields, is refused", async () => {
  await using cluster = await runCluster();
  expect((await cluster.apply(`${maps}/m`, map({}), "")).body.message).toContain(
    "fieldManager: Required value",
  );
  const withFields = { ...map({}), metadata: { name: "m", managedFields: [{ manager: "x" }] } };
  expect((await cluster.apply(`${maps}/m`, withFields)).body).toMatchObject({
    code: 400,
    message: "metadata.managedFields must be nil",
  });
});

test("a field that the type does not have is refused", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.apply(`${deployments}/d`, deployment("d", { replica: 1 }));
  expect(answer.body).toMatchObject({
    code: 500,
    message:
      "failed to create typed patch object (default/d; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema",
  });
});

test("a dry run of an apply stores nothing", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, map({ a: "1" }));
  const dry = await cluster.apply(`${maps}/m`, map({ a: "2" }), "fieldManager=test&dryRun=All");
  expect(dry.body.data).toEqual({ a: "2" });
  expect((await cluster.read(`${maps}/m`)).data).toEqual({ a: "1" });
});

test("the status is applied through its own endpoint", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${deployments}/d`, deployment("d"));
  const status = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    status: { replicas: 2 },
  };
  const answer = await cluster.apply(`${deployments}/d/status`, status, "fieldManager=controller");
  expect(at(answer.body, "status", "replicas")).toBe(2);
  expect(at(answer.body, "spec", "replicas")).toBe(2);
  const [own] = objectsOf(at(answer.body, "metadata", "managedFields")).filter(
    (entry) => entry.manager === "controller",
  );
  expect(own).toMatchObject({ subresource: "status", fieldsV1: { "f:status": { "f:replicas": {} } } });
});

test("managedFields can be reset by an empty entry", async () => {
  await using cluster = await runCluster();
  await cluster.apply(`${maps}/m`, map({ a: "1" }));
  const answer = await cluster.call(
    "PATCH",
    `${maps}/m?fieldManager=x`,
    [{ op: "replace", path: "/metadata/managedFields", value: [{}] }],
    { contentType: "application/json-patch+json" },
  );
  expect(at(answer.body, "metadata", "managedFields")).toBeUndefined();
});
