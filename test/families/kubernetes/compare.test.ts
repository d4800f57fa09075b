/** What a plan says of an object: exactly what we want otherwise, and nothing that is not ours. */
import { expect, test } from "vitest";
import { draftFields } from "../../../src/families/kubernetes/compare.ts";
import type { Draft } from "../../../src/families/kubernetes/draft.ts";
import { Hole } from "../../../src/language/value.ts";
import { compareFields } from "../../../src/plan/compare.ts";
import { view } from "../../../src/plan/view.ts";
import { Secret } from "../../../src/step/secret.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";

const deployment = (spec: object): Draft => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec,
});

const container = (more: object) => ({
  template: { spec: { containers: [{ name: "app", image: "app:1", ...more }] } },
});

const apply = async (draft: Draft) => fakeKubernetes().apply(draft);

/** Changed paths with what they do. */
const changes = (draft: Draft, live: Awaited<ReturnType<typeof apply>> | undefined) =>
  compareFields(draftFields(draft, live, { prefix: "" }), live !== undefined).changes.map(
    ({ path, effect }) => `${effect} ${path}`,
  );

test("what was applied is as wanted, whatever defaults and controllers added", async () => {
  const draft = deployment({ replicas: 2, ...container({ ports: [{ containerPort: 80 }] }) });
  const live = await apply(draft);
  const dressed = {
    ...live,
    spec: {
      replicas: 2,
      revisionHistoryLimit: 10,
      template: {
        spec: {
          restartPolicy: "Always",
          containers: [
            { name: "sidecar", image: "injected:1" },
            {
              name: "app",
              image: "app:1",
              imagePullPolicy: "Always",
              ports: [{ containerPort: 80, protocol: "TCP" }],
            },
          ],
        },
      },
    },
    status: { replicas: 2 },
  };
  expect(changes(draft, live)).toEqual([]);
  expect(changes(draft, dressed)).toEqual([]);
});

test("a changed value is named by path and list key, and says that pods restart", async () => {
  const live = await apply(deployment({ replicas: 2, ...container({}) }));
  const wanted = deployment({ replicas: 3, ...container({ image: "app:2" }) });
  expect(changes(wanted, live)).toEqual([
    "update spec.replicas",
    "disrupt spec.template.spec.containers[name=app].image",
  ]);
});

test("what we applied and want no more is a removal; what others set is not", async () => {
  const live = await apply(deployment({ replicas: 2, paused: true, ...container({ command: ["run"] }) }));
  const others = { ...live, metadata: { ...live.metadata, labels: { theirs: "1" } } };
  expect(changes(deployment({ replicas: 2, ...container({}) }), others)).toEqual([
    "disrupt spec.template.spec.containers[name=app].command",
    "update spec.paused",
  ]);
});

test("a list item that we applied and want no more is a removal", async () => {
  const two = { template: { spec: { containers: [{ name: "app" }, { name: "old" }] } } };
  const live = await apply(deployment(two));
  expect(changes(deployment({ template: { spec: { containers: [{ name: "app" }] } } }), live)).toEqual([
    "disrupt spec.template.spec.containers[name=old]",
  ]);
});

test("quantities are compared as such where they are, and as text elsewhere", async () => {
  const limits = (cpu: string) => container({ resources: { limits: { cpu } } });
  const live = await apply(deployment(limits("1000m")));
  expect(changes(deployment(limits("1")), live)).toEqual([]);
  expect(changes(deployment(limits("2")), live)).toHaveLength(1);
  const labelled = (tier: string): Draft => ({
    ...deployment({}),
    metadata: { name: "web", labels: { tier } },
  });
  expect(changes(labelled("1"), await apply(labelled("1000m")))).toEqual(["update metadata.labels.tier"]);
});

test("zero values that the API leaves out are no difference", async () => {
  const live = await apply(deployment(container({})));
  expect(changes(deployment(container({ stdin: false, args: [], securityContext: {} })), live)).toEqual([]);
});

test("an empty value in a map of free keys is one", async () => {
  const config = (data: object): Draft => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
    data,
  });
  expect(changes(config({ a: "1", b: "" }), await apply(config({ a: "1" })))).toEqual(["update data.b"]);
});

test("our own marks are never shown", async () => {
  const marked: Draft = {
    ...deployment({}),
    metadata: { name: "web", labels: { "provision.dev/step": "a" } },
  };
  expect(changes(marked, await apply(marked))).toEqual([]);
  expect(changes(deployment({}), await apply(marked))).toEqual([]);
});

test("a Secret's values are compared as bytes and never shown", async () => {
  const secret = (text: string): Draft => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "token", namespace: "default" },
    stringData: { token: new Secret(text, "TOKEN") },
  });
  const live = await apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "token" },
    data: { token: Buffer.from("canary").toString("base64") },
  });
  expect(changes(secret("canary"), live)).toEqual([]);
  const comparison = compareFields(draftFields(secret("other"), live), true);
  expect(comparison.changes).toMatchObject([
    { path: "Secret default/token data.token", before: { kind: "secret" }, after: { kind: "secret" } },
  ]);
  expect(JSON.stringify(comparison)).not.toMatch(/canary|other|Y2FuYXJ5/);
});

test("an unknown value defers its own field and no other", async () => {
  const hole = new Hole([{ kind: "step", step: "ip", output: "address" }], false);
  const input = view({
    address: hole,
    items: [{ name: "app", image: hole }],
  }) as { readonly address: unknown; readonly items: readonly unknown[] };
  const draft: Draft = {
    ...deployment({}),
    spec: {
      replicas: 2,
      address: () => input.address,
      template: { spec: { containers: input.items } },
    },
  };
  const live = await apply(deployment({ replicas: 1, ...container({}) }));
  const { changes: found } = compareFields(draftFields(draft, live, { prefix: "" }), true);
  expect(found.map(({ path, after }) => [path, after.kind])).toEqual([
    ["spec.replicas", "value"],
    ["spec.address", "unknown"],
    ["spec.template.spec.containers[name=app].image", "unknown"],
  ]);
});

test("an object that is not there yet has every setting as a change", () => {
  expect(changes(deployment({ replicas: 2, ...container({}) }), undefined)).toEqual([
    "update spec.replicas",
    "update spec.template.spec.containers",
  ]);
});

/** As the API server writes ownership of a Service's ports and of finalizers. */
const owning = (live: Awaited<ReturnType<typeof apply>>, fieldsV1: object) => ({
  ...live,
  metadata: {
    ...live.metadata,
    managedFields: [{ manager: "provision", operation: "Apply", fieldsV1 }],
  },
});

test("a port without a protocol is TCP, beside another one of the same number", async () => {
  const service = (ports: readonly object[]): Draft => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "dns", namespace: "default" },
    spec: { ports },
  });
  const udp = { port: 53, protocol: "UDP", name: "udp" };
  const live = owning(await apply(service([udp, { port: 53, protocol: "TCP", name: "tcp" }])), {
    "f:spec": {
      "f:ports": {
        'k:{"port":53,"protocol":"TCP"}': { ".": {}, "f:port": {}, "f:name": {} },
        'k:{"port":53,"protocol":"UDP"}': { ".": {}, "f:port": {}, "f:protocol": {}, "f:name": {} },
      },
    },
  });
  expect(changes(service([{ port: 53, name: "tcp" }, udp]), live)).toEqual([]);
  expect(changes(service([{ port: 53, name: "tcp" }]), live)).toEqual([
    "update spec.ports[port=53,protocol=UDP]",
  ]);
});

test("others may add to a list of single values; what we drop from it goes", async () => {
  const held = (...finalizers: readonly string[]): Draft => ({
    ...deployment({ replicas: 1 }),
    metadata: { name: "web", namespace: "default", finalizers },
  });
  const live = owning(await apply(held("a", "b", "theirs")), {
    "f:metadata": { "f:finalizers": { 'v:"a"': {}, 'v:"b"': {} } },
    "f:spec": { "f:replicas": {} },
  });
  expect(changes(held("b", "a"), live)).toEqual([]);
  expect(changes(held("a"), live)).toEqual(["update metadata.finalizers"]);
  expect(changes(held("a", "b", "c"), live)).toEqual(["update metadata.finalizers"]);
});
