import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { driftOf } from "../../../src/families/helm/drift.ts";
import { manifestObjects } from "../../../src/families/helm/manifest.ts";
import { Secret } from "../../../src/step/secret.ts";

const deployment: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "demo", labels: { app: "demo" } },
  spec: {
    replicas: 2,
    template: {
      spec: {
        hostNetwork: false,
        containers: [
          {
            name: "demo",
            image: "demo:1",
            resources: { limits: { cpu: "1000m", memory: "1024Mi" } },
            args: ["--a"],
          },
        ],
      },
    },
  },
};

/** As the API server keeps it: with defaults, without what is empty, quantities in their short form. */
const live: KubernetesObject = {
  ...deployment,
  metadata: {
    name: "demo",
    namespace: "web",
    labels: { app: "demo", extra: "yes" },
    uid: "1",
    generation: 3,
  },
  spec: {
    replicas: 2,
    revisionHistoryLimit: 10,
    template: {
      spec: {
        restartPolicy: "Always",
        containers: [
          {
            name: "demo",
            image: "demo:1",
            imagePullPolicy: "IfNotPresent",
            resources: { limits: { cpu: "1", memory: "1Gi" } },
            args: ["--a"],
          },
        ],
      },
    },
  },
  status: { replicas: 2 },
};

test("defaults, empty fields and other spellings of a quantity are no drift", () => {
  expect(driftOf(deployment, live, "web")).toEqual([]);
});

test("a field that was changed by hand is named by its path", () => {
  const scaled = { ...live, spec: { ...Object(live.spec), replicas: 5 } };
  expect(driftOf(deployment, scaled, "web")).toEqual([
    { path: "Deployment demo spec.replicas", wanted: 2, actual: 5 },
  ]);
});

test("an object that somebody deleted is drift of the whole", () => {
  expect(driftOf(deployment, undefined, "web")).toEqual([
    { path: "Deployment demo", wanted: "present", actual: "absent" },
  ]);
});

test("what a Secret holds is compared and never shown", () => {
  const secret: KubernetesObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    stringData: { password: "one" },
  };
  const changed = {
    ...secret,
    stringData: undefined,
    data: { password: Buffer.from("two").toString("base64") },
  };
  const [drift, ...rest] = driftOf(secret, changed, "web");
  expect(rest).toEqual([]);
  expect(drift?.wanted).toBeInstanceOf(Secret);
  expect(JSON.stringify(drift)).not.toMatch(/one|b25l/);
});

test("what the testbed sets under a manager of its own is left out", () => {
  const webhook: KubernetesObject = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "w" },
    webhooks: [
      {
        name: "a.example",
        failurePolicy: "Fail",
        clientConfig: { service: { name: "w", namespace: "web" } },
      },
    ],
  };
  const patched: KubernetesObject = {
    ...webhook,
    metadata: {
      name: "w",
      managedFields: [
        {
          manager: "provision-testbed",
          operation: "Apply",
          fieldsV1: {
            "f:webhooks": {
              'k:{"name":"a.example"}': { "f:clientConfig": { "f:service": {}, "f:url": {} } },
            },
          },
        },
      ],
    },
    webhooks: [{ name: "a.example", failurePolicy: "Ignore", clientConfig: { url: "https://127.0.0.1:1" } }],
  };
  expect(driftOf(webhook, patched, "web").map(({ path }) => path)).toEqual([
    expect.stringContaining("failurePolicy"),
  ]);
});

test("a manifest is read as Helm reads it", () => {
  const objects = manifestObjects(
    [
      "# Source: demo/templates/a.yaml",
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, annotations: { count: 1 } }\ndata: { on: yes, at: 20:30, day: 2026-01-01 }\nmode: 0600",
      "",
      "apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Secret, metadata: { name: b } }",
      "just: text",
    ].join("\n---\n"),
  );
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "ConfigMap a",
    "Secret b",
  ]);
  expect(objects[0]).toMatchObject({ mode: 0o600, data: { at: "20:30", day: "2026-01-01" } });
});

test("an empty map that the API server leaves out is no drift", () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "git-deploy" }, type: "Opaque" };
  const live = { ...secret, metadata: { ...secret.metadata, namespace: "fluxcd" } };
  expect(driftOf({ ...secret, data: {} }, live, "fluxcd")).toEqual([]);
  expect(driftOf({ ...secret, data: { identity: "a2V5" } }, live, "fluxcd")).toHaveLength(1);
});
