import { expect, test } from "vitest";
import type { Behaviour } from "../../../../src/sandbox/kubernetes/behaviour.ts";
import { runCluster } from "../running-cluster.ts";

const configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const maps = "/api/v1/namespaces/default/configmaps";
const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } };
const configuration = (changes: object = {}) => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "cert-manager-webhook" },
  webhooks: [
    {
      name: "webhook.cert-manager.io",
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      timeoutSeconds: 30,
      clientConfig: {
        service: { namespace: "cert-manager", name: "cert-manager-webhook", path: "/validate" },
      },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }],
      ...changes,
    },
  ],
});

test("a webhook without anybody behind it fails what it is asked about", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", configurations, configuration());
  const message = async () => {
    const { body } = await cluster.call("POST", `${maps}?dryRun=All`, map);
    expect(body).toMatchObject({ code: 500, reason: "InternalError" });
    return body.message;
  };
  const call =
    'Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/validate?timeout=30s":';
  expect(await message()).toBe(`${call} service "cert-manager-webhook" not found`);
  cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } });
  cluster.api.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "cert-manager-webhook", namespace: "cert-manager" },
    spec: { ports: [{ port: 443 }] },
  });
  expect(await message()).toBe(`${call} no endpoints available for service "cert-manager-webhook"`);
});

test.each([
  [
    "of other operations",
    { rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["DELETE"], resources: ["*"] }] },
  ],
  [
    "of other kinds",
    { rules: [{ apiGroups: ["apps"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }] },
  ],
  ["for other labels", { objectSelector: { matchLabels: { app: "x" } } }],
  ["for other namespaces", { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "x" } } }],
  ["that may fail", { failurePolicy: "Ignore" }],
])("a webhook %s is not in the way", async (_what, changes) => {
  await using cluster = await runCluster();
  await cluster.call("POST", configurations, configuration(changes));
  expect((await cluster.call("POST", maps, map)).status).toBe(201);
});

test("a ready endpoint answers, and so does a behaviour that says so", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", configurations, configuration());
  cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } });
  cluster.api.create({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "w",
      namespace: "cert-manager",
      labels: { "kubernetes.io/service-name": "cert-manager-webhook" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.244.0.9"], conditions: { ready: true } }],
    ports: [],
  });
  expect((await cluster.call("POST", maps, map)).status).toBe(201);

  const ready: Behaviour = {
    name: "ready",
    reconcile: () => undefined,
    webhook: (_cluster, service) => (service.name === "cert-manager-webhook" ? true : undefined),
  };
  await using other = await runCluster([ready]);
  await other.call("POST", configurations, configuration());
  expect((await other.call("POST", maps, map)).status).toBe(201);
});
