/** A probe proves the chain once, says where it breaks, and leaves nothing behind. */
import { expect, test } from "vitest";
import type { DnsRecord, RecordFilter } from "../../../src/clients/cloudflare/client.ts";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import probe from "../../../src/steps/ingress/probe.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { steppedClock } from "../../fakes/stepped-clock.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };
const ingress = {
  kind: "ingress",
  cluster: cluster.id,
  className: "nginx",
  address: "52.0.0.1",
  namespace: "ingress-nginx",
  service: "nginx-controller",
};
const zone = { kind: "zone", id: "z1", name: "example.test" };
const externalDns = {
  kind: "external-dns",
  cluster: cluster.id,
  namespace: "external-dns",
  deployment: "external-dns",
  owner: "clu",
  domainFilters: ["example.test"],
  policy: "sync",
};
const issuers = {
  kind: "issuers",
  cluster: cluster.id,
  staging: "letsencrypt-staging",
  production: "letsencrypt",
};
const certificateKind = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };
const orderKind = { apiVersion: "acme.cert-manager.io/v1", kind: "Order" };

interface Chain {
  /** What the controller writes on the Ingress. */
  readonly address?: string;
  readonly order?: { readonly state: string; readonly reason: string };
  /** External DNS does nothing. */
  readonly silentDns?: boolean;
}

const record = (id: string, type: string, name: string, content: string): DnsRecord => ({
  id,
  type,
  name,
  content,
  ttl: 1,
  proxied: false,
  comment: "",
});

/** Controllers, External DNS and cert-manager, in as many lines as the probe can tell apart. */
const world = (chain: Chain) => {
  const client = fakeKubernetes([certificateKind, orderKind]);
  let records: DnsRecord[] = [];
  const removed: string[] = [];
  const react = (object: KubernetesObject): void => {
    if (object.kind !== "Ingress" || object.status) return;
    const { namespace = "" } = object.metadata;
    const address = chain.address ?? ingress.address;
    client.edit(
      { ...object, name: object.metadata.name, namespace },
      { status: { loadBalancer: { ingress: [{ ip: address }] } } },
    );
    if (chain.address) {
      client.put({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "e", namespace },
        involvedObject: { kind: "Ingress", name: "probe" },
        type: "Warning",
        reason: "Sync",
        message: "no service",
      });
    }
    const host = `${namespace}.example.test`;
    if (!chain.silentDns)
      records = [record("1", "A", host, address), record("2", "TXT", `a-${host}`, "heritage=external-dns")];
    const ready = { type: "Ready", status: chain.order ? "False" : "True", message: "issuing" };
    client.put({
      ...certificateKind,
      metadata: { name: "probe-tls", namespace },
      status: { conditions: [ready] },
    });
    if (chain.order)
      client.put({ ...orderKind, metadata: { name: "probe-tls-1", namespace }, status: chain.order });
  };
  client.react(react);
  const policy = { syncs: true };
  const dns = {
    records: {
      list: async (_: string, filter: RecordFilter = {}) => {
        const ingresses = await client.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" });
        if (policy.syncs && ingresses.length === 0) records = [];
        return records.filter(({ name, type }) => name === filter.name && (filter.type ?? type) === type);
      },
      delete: async (_: string, id: string) => {
        removed.push(id);
        records = records.filter((one) => one.id !== id);
      },
    },
  };
  return { client, dns, removed, policy, records: () => records };
};

const setUp = (chain: Chain = {}) => {
  const made = world(chain);
  const clock = steppedClock(Date.parse("2026-01-01T00:00:00Z"));
  const context = fakeContext({ kubernetes: made.client, cloudflare: made.dns }, { clock });
  const step = (more: object = {}) =>
    driveStep(probe, context, { cluster, ingress, zone, externalDns, issuers, ...more });
  /** Lets the stepped clock run while the step works. */
  const settled = async <Result>(work: Promise<Result>): Promise<Result> => {
    let open = true;
    const watched = work.finally(() => {
      open = false;
    });
    watched.catch(() => undefined);
    while (open) await clock.advance(1000);
    return watched;
  };
  return { ...made, context, step, settled };
};

const left = async (client: FakeKubernetes) => {
  const kinds = [
    { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
    { apiVersion: "v1", kind: "Service" },
    certificateKind,
  ];
  return (await Promise.all(kinds.map((kind) => client.list(kind)))).flat();
};

test("the chain is proven, everything of it goes, and a second run does nothing", async () => {
  const { client, step, settled, records } = setUp();
  const verdict = await settled(step().up());
  expect(verdict).toMatchObject({
    ready: true,
    detail: expect.stringMatching(/^provision-probe-[0-9a-f]{8}\.example\.test worked at 2026-01-01/),
  });
  expect(await left(client)).toEqual([]);
  expect(records()).toEqual([]);
  const before = client.writes.length;
  expect(await settled(step().up())).toEqual(verdict);
  expect(client.writes).toHaveLength(before);
});

test("it is proven again when what it depended on has changed, or always", async () => {
  const { step, settled } = setUp();
  await settled(step({ versions: { nginx: "4.15.1" } }).up());
  expect(await step({ versions: { nginx: "4.15.1" } }).changes()).toEqual([]);
  expect(
    await step({ versions: { nginx: "4.16.0" }, ingress: { ...ingress, address: "52.0.0.2" } }).changes(),
  ).toEqual(['address: "52.0.0.1" -> "52.0.0.2"', 'versions.nginx: "4.15.1" -> "4.16.0"']);
  expect(await step({ versions: { nginx: "4.15.1" }, always: true }).changes()).toEqual([
    'always: (nothing) -> "probe again"',
  ]);
});

test("a wrong address fails after its time with the Ingress's events, cleans up, and is remembered", async () => {
  const { client, context, step, settled } = setUp({ address: "10.0.0.1" });
  const { ref } = step();
  await expect(settled(step().up())).rejects.toMatchObject({
    kind: "rejected",
    code: "P0720",
    message: "the address on the Ingress did not come within 300 s: it is 10.0.0.1, not 52.0.0.1",
    evidence: ["Warning Sync: no service"],
  });
  expect(context.reported).toContainEqual({
    kind: "waiting",
    reason: "the address on the Ingress: it is 10.0.0.1, not 52.0.0.1",
  });
  expect(await left(client)).toHaveLength(0);
  expect(await step().observe()).toMatchObject({
    state: "present",
    failed: expect.stringContaining("did not come"),
  });
  expect(await probe.verify(context, ref, probe.input.parse({ cluster, ingress, zone }))).toMatchObject({
    ready: false,
    worthWaiting: false,
  });
});

test("a record that does not come brings External DNS's last lines", async () => {
  const { client, step, settled } = setUp({ silentDns: true });
  client.put({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "external-dns", namespace: "external-dns" },
    spec: { selector: { matchLabels: { app: "external-dns" } } },
  });
  client.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "external-dns-1", namespace: "external-dns", labels: { app: "external-dns" } },
  });
  client.say("external-dns", "external-dns-1", ['level=error msg="Authentication error (10000)"']);
  await expect(settled(step().up())).rejects.toMatchObject({
    message: expect.stringContaining("External DNS has not written it yet"),
    evidence: ['external-dns-1: level=error msg="Authentication error (10000)"'],
  });
});

test("an Order that the authority refused ends at once, with its words", async () => {
  const { context, step, settled } = setUp({ order: { state: "invalid", reason: "429 rateLimited" } });
  const began = context.clock.now();
  await expect(settled(step().up())).rejects.toMatchObject({
    message:
      "a certificate from letsencrypt-staging did not come: Order probe-tls-1: invalid, 429 rateLimited",
    evidence: expect.arrayContaining(["Order probe-tls-1: invalid, 429 rateLimited"]),
  });
  expect(context.clock.now() - began).toBeLessThan(10_000);
});

test("where External DNS keeps records, the probe removes its own", async () => {
  const { policy, removed, step, settled, records } = setUp();
  policy.syncs = false;
  await settled(step({ externalDns: { ...externalDns, policy: "upsert-only" } }).up());
  expect(removed).toEqual(["1", "2"]);
  expect(records()).toEqual([]);
});

test("a zone that External DNS may not write is said before anything is made", async () => {
  const { client, step, settled } = setUp();
  const other = { ...externalDns, domainFilters: ["other.test"] };
  await expect(settled(step({ externalDns: other }).up())).rejects.toMatchObject({ code: "P0721" });
  expect(client.writes).toEqual([]);
});

test("destroying after a kill in the middle takes everything, records too", async () => {
  const { client, policy, step, settled, records } = setUp({ order: { state: "pending", reason: "" } });
  policy.syncs = false;
  const killed = step().up();
  killed.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  expect(records()).toHaveLength(2);
  await settled(step().destroy());
  expect(records()).toEqual([]);
  expect(await step().observe()).toEqual({ state: "absent" });
  expect(await client.list({ apiVersion: "v1", kind: "Namespace" })).toEqual([]);
});
