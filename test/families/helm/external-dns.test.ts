import { expect, test } from "vitest";
import type { DnsRecord } from "../../../src/clients/cloudflare/client.ts";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import {
  defaultOwner,
  type ExternalDnsFlags,
  flagsOf,
  ownedRecords,
  removeOwnedRecords,
} from "../../../src/families/helm/external-dns.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const record = (type: string, name: string, content: string): DnsRecord => ({
  id: `${type} ${name}`,
  name,
  type,
  content,
  ttl: 1,
  proxied: false,
  comment: "",
});

const registry = (name: string, owner: string): DnsRecord =>
  record(
    "TXT",
    name,
    `"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=ingress/web/real"`,
  );

const flags: ExternalDnsFlags = {
  owner: "clu1",
  domainFilters: ["example.test"],
  txtPrefix: "",
  policy: "sync",
};

const names = (records: readonly DnsRecord[], wanted = flags): readonly string[] =>
  ownedRecords(records, wanted)
    .map(({ type, name }) => `${type} ${name}`)
    .sort();

test("its own are the TXT records with its owner id, and what each of them registers", () => {
  const records = [
    record("A", "real.example.test", "52.0.0.1"),
    registry("a-real.example.test", "clu1"),
    record("CNAME", "www.example.test", "real.example.test"),
    registry("cname-www.example.test", "clu1"),
  ];
  expect(names(records)).toEqual([
    "A real.example.test",
    "CNAME www.example.test",
    "TXT a-real.example.test",
    "TXT cname-www.example.test",
  ]);
});

test("records of others stay: another owner, another type of the same name, plain TXT, no registry", () => {
  const records = [
    registry("a-real.example.test", "clu2"),
    record("A", "real.example.test", "52.0.0.1"),
    registry("a-mine.example.test", "clu1"),
    record("MX", "mine.example.test", "mail.example.test"),
    record("TXT", "mine.example.test", "external-dns/owner=clu1"),
    registry("a-other.example.test", "clu10"),
  ];
  expect(names(records)).toEqual(["TXT a-mine.example.test"]);
});

test("domains outside its filter are left alone, and the domain itself is inside", () => {
  const records = [
    registry("a-example.test", "clu1"),
    record("A", "example.test", "52.0.0.1"),
    registry("a-x.example.org", "clu1"),
    record("A", "x.example.org", "52.0.0.1"),
    registry("a-x.notexample.test", "clu1"),
  ];
  expect(names(records)).toEqual(["A example.test", "TXT a-example.test"]);
});

test("without an owner id nothing is its own", () => {
  expect(names([registry("a-real.example.test", "default")], { ...flags, owner: undefined })).toEqual([]);
});

const deployment: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "external-dns", namespace: "dns" },
  spec: {
    replicas: 1,
    template: {
      spec: {
        containers: [
          {
            name: "external-dns",
            args: [
              "--policy=upsert-only",
              "--txt-owner-id=clu1",
              "--domain-filter=example.test",
              "--domain-filter=example.org",
            ],
          },
        ],
      },
    },
  },
};

test("owner, filters and policy are read from its Deployment", () => {
  expect(flagsOf(deployment)).toEqual({
    owner: "clu1",
    domainFilters: ["example.test", "example.org"],
    txtPrefix: "",
    policy: "upsert-only",
  });
});

test("two clusters of one name have two owner ids", () => {
  const owners = ["/subscriptions/a", "/subscriptions/b"].map((id) =>
    defaultOwner({ id, name: "clu" }, "dns/external-dns"),
  );
  expect(new Set(owners).size).toBe(2);
  expect(owners[0]).toMatch(/^clu-[0-9a-f]{8}$/);
});

const ref = {
  type: "dns/external-dns",
  version: 1,
  id: "dns/external-dns",
  within: { type: "kubernetes/cluster", version: 1, id: "kubeconfig:k#c" },
};

test("it is stopped before its records go, so that it makes none anew", async () => {
  const cluster = fakeKubernetes();
  cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "dns" } });
  cluster.put(deployment);
  const labels = { "app.kubernetes.io/instance": "external-dns" };
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "dns", labels } });
  let looks = 0;
  const steps: string[] = [];
  cluster.react(({ kind }) => steps.push(`stopped ${kind}`));
  cluster.intercept((verb, { kind }) => {
    if (verb !== "list" || kind !== "Pod") return;
    looks += 1;
    // Gone at the third look, as its grace period ends.
    if (looks === 3)
      cluster.edit(
        { apiVersion: "v1", kind: "Pod", namespace: "dns", name: "p" },
        { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
      );
  });
  const dns = {
    zones: { find: async (name: string) => (name === "example.test" ? { id: "z1", name } : undefined) },
    records: {
      list: async () => [
        registry("a-real.example.test", "clu1"),
        record("A", "real.example.test", "52.0.0.1"),
      ],
      batch: async (zone: string, { deletes }: { deletes: readonly string[] }) => {
        steps.push(`${zone}: ${deletes.length} deleted`);
      },
    },
  };
  const context = fakeContext({ kubernetes: cluster, cloudflare: dns }, { clock: quickClock() });
  await removeOwnedRecords(context, cluster, ref);
  expect(steps).toEqual(["stopped Deployment", "z1: 2 deleted"]);
  expect(looks).toBe(3);
  expect(context.fenced()).toBe(2);
  expect(
    await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: "dns", name: "external-dns" }),
  ).toMatchObject({
    spec: { replicas: 0 },
  });
});

test("where it is not there any more, nothing is asked of Cloudflare", async () => {
  await removeOwnedRecords(fakeContext({}), fakeKubernetes(), ref);
});
