/** What the server refuses in built-in objects; the words are held by the contract suite. */
import { expect, test } from "vitest";
import { at, type JsonObject, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import { runCluster } from "../running-cluster.ts";

const container = { name: "web", image: "example.test/web" };
const workload = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ ...container, ...more }] } },
    ...spec,
  },
});
const service = (spec: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { ports: [{ port: 80 }], ...spec },
});
const labelled = (labels: Record<string, string>): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "web", labels },
});

test.each<readonly [string, string, JsonObject, readonly string[]]>([
  [
    "fewer than no replicas",
    "apis/apps/v1/namespaces/default/deployments",
    workload({ replicas: -1 }),
    ["spec.replicas"],
  ],
  [
    "more than it may have",
    "apis/apps/v1/namespaces/default/deployments",
    workload({}, { resources: { requests: { memory: "2Gi" }, limits: { memory: "1024Mi" } } }),
    ["spec.template.spec.containers[0].resources.requests"],
  ],
  [
    "an unknown type of Service",
    "api/v1/namespaces/default/services",
    service({ type: "Odd" }),
    ["spec.type"],
  ],
  [
    "ports that share a name",
    "api/v1/namespaces/default/services",
    service({
      ports: [
        { port: 80, name: "a" },
        { port: 81, name: "a" },
      ],
    }),
    ["spec.ports[1].name"],
  ],
  [
    "a label that is none",
    "api/v1/namespaces/default/configmaps",
    labelled({ app: "not valid" }),
    ["metadata.labels"],
  ],
])("%s", async (_what, path, object, fields) => {
  await using cluster = await runCluster();
  const { status, body } = await cluster.call("POST", `/${path}`, object);
  expect(status).toBe(422);
  expect(objectsOf(at(body, "details", "causes")).map(({ field }) => field)).toEqual(fields);
});

test("an apply names the field that is not declared by the key of its list", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.apply(
    "/apis/apps/v1/namespaces/default/deployments/web",
    workload({}, { imagePulPolicy: "Always" }),
  );
  expect(answer).toMatchObject({
    status: 500,
    body: {
      message:
        'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="web"].imagePulPolicy: field not declared in schema',
    },
  });
});
