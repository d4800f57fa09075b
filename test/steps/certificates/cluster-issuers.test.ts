import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { Failure } from "../../../src/step/failure.ts";
import { Secret } from "../../../src/step/secret.ts";
import clusterIssuers from "../../../src/steps/certificates/cluster-issuers.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../fakes/kubernetes.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };
const certManager = {
  kind: "cert-manager",
  cluster: cluster.id,
  namespace: "cert-manager",
  version: "v1.21.1",
};
const issuerKind = { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" };
const http01 = { http01: { ingressClass: "nginx" } };

/** As cert-manager writes it. */
const registering =
  (client: FakeKubernetes, ready: { status: string; message: string; uri?: string }) =>
  (object: KubernetesObject) => {
    if (object.kind !== "ClusterIssuer") return;
    client.edit(
      { ...issuerKind, name: object.metadata.name },
      {
        status: {
          acme: { uri: ready.uri ?? "https://acme.example.test/acct/1" },
          conditions: [
            { type: "Ready", status: ready.status, reason: "ACMEAccountRegistered", message: ready.message },
          ],
        },
      },
    );
  };

const setUp = () => {
  const client = fakeKubernetes([issuerKind]);
  client.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } });
  const context = fakeContext({ kubernetes: client }, { clock: quickClock() });
  const step = (more: object = {}) =>
    driveStep(clusterIssuers, context, { cluster, certManager, solvers: [http01], ...more });
  return { client, context, step };
};

test("both issuers are there, with Let's Encrypt's directories, and ready once both accounts are registered", async () => {
  const { client, step } = setUp();
  const issuers = step({ email: "ops@example.test" });
  expect(await issuers.up()).toMatchObject({
    ready: false,
    worthWaiting: true,
    reason: "ClusterIssuer letsencrypt-staging: cert-manager has not registered its account yet",
  });
  client.react(registering(client, { status: "True", message: "registered" }));
  await client.patch({ ...issuerKind, name: "letsencrypt-staging" }, {});
  await client.patch({ ...issuerKind, name: "letsencrypt-production" }, {});
  expect(await issuers.up()).toEqual({ ready: true, detail: "both ACME accounts are registered" });
  expect((await client.get({ ...issuerKind, name: "letsencrypt-production" }))?.spec).toEqual({
    acme: {
      server: "https://acme-v02.api.letsencrypt.org/directory",
      email: "ops@example.test",
      privateKeySecretRef: { name: "letsencrypt-production-account-key" },
      solvers: [{ http01: { ingress: { ingressClassName: "nginx" } } }],
    },
  });
  expect(client.writes.filter((write) => write.startsWith("apply"))).toHaveLength(2);
  expect(await issuers.observe()).toMatchObject({
    output: { kind: "issuers", staging: "letsencrypt-staging", production: "letsencrypt-production" },
  });
});

test("an address that the authority refuses fails at once, with its words", async () => {
  const { client, step } = setUp();
  const message = "Failed to register ACME account: 400 urn:ietf:params:acme:error:invalidContact: no MX";
  client.react(registering(client, { status: "False", message, uri: "" }));
  expect(await step({ email: "a@b.test" }).up()).toMatchObject({
    ready: false,
    worthWaiting: false,
    reason: expect.stringContaining(message),
    hint: expect.stringContaining("email"),
  });
});

test("a webhook that does not answer yet is a passing failure, for the runner to try again", async () => {
  const { client, step } = setUp();
  client.intercept((verb, { kind }) => {
    if (verb === "apply" && kind === "ClusterIssuer")
      throw new Failure({ kind: "transient", code: "WebhookNotReady", message: "failed calling webhook" });
  });
  await expect(step().up()).rejects.toMatchObject({ kind: "transient", code: "WebhookNotReady" });
});

const dns01 = (token: string) => ({
  dns01: { cloudflare: { token: new Secret(token, "TOKEN") } },
  dnsZones: ["example.test"],
});

test("a DNS01 token is in a Secret beside cert-manager, never in an issuer, and its change shows nothing of it", async () => {
  const { client, step } = setUp();
  await step({ solvers: [http01, dns01("canary1")] }).up();
  const issuer = await client.get({ ...issuerKind, name: "letsencrypt-staging" });
  expect(JSON.stringify(issuer)).not.toContain("canary1");
  expect(issuer?.spec).toMatchObject({
    acme: {
      solvers: [
        {},
        {
          dns01: {
            cloudflare: { apiTokenSecretRef: { name: "letsencrypt-production-cloudflare", key: "token-2" } },
          },
          selector: { dnsZones: ["example.test"] },
        },
      ],
    },
  });
  const name = {
    apiVersion: "v1",
    kind: "Secret",
    namespace: "cert-manager",
    name: "letsencrypt-production-cloudflare",
  };
  expect((await client.get(name))?.data).toEqual({ "token-2": Buffer.from("canary1").toString("base64") });
  expect(await step({ solvers: [http01, dns01("canary2")] }).changes()).toEqual([
    "Secret cert-manager/letsencrypt-production-cloudflare data.token-2: *** -> ***",
  ]);
  await step().up();
  expect(await client.get(name)).toBeUndefined();
});

test("an address that is dropped is a change, and so is a solver", async () => {
  const { step } = setUp();
  await step({ email: "ops@example.test" }).up();
  const changes = await step({ solvers: [{ http01: { ingressClass: "traefik" } }] }).changes();
  expect(changes).toHaveLength(4);
  expect(changes[0]).toBe('ClusterIssuer letsencrypt-staging spec.acme.email: "ops@example.test" -> null');
});

test("solvers that prove nothing are refused", async () => {
  await expect(
    setUp()
      .step({ solvers: [{ dnsZones: ["a.test"] }] })
      .up(),
  ).rejects.toMatchObject({ code: "P0715" });
});

test("destroying removes the issuers and the token", async () => {
  const { client, step } = setUp();
  const issuers = step({ solvers: [dns01("canary")] });
  await issuers.up();
  await issuers.destroy();
  expect(await issuers.observe()).toEqual({ state: "absent" });
  expect(await client.list({ apiVersion: "v1", kind: "Secret" })).toEqual([]);
});

const keyId = (issuer: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace: "cert-manager",
  name: `${issuer}-account-key`,
});

/** As cert-manager makes it, some time after the issuer. */
const accountKey = (issuer: string, more: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    namespace: "cert-manager",
    name: `${issuer}-account-key`,
    labels: { "app.kubernetes.io/managed-by": "cert-manager" },
    creationTimestamp: "2026-11-24T10:00:00Z",
    ...more,
  },
});

const upWithKeys = async () => {
  const made = setUp();
  await made.step().up();
  for (const name of ["letsencrypt-staging", "letsencrypt-production"]) {
    made.client.edit({ ...issuerKind, name }, { metadata: { creationTimestamp: "2026-11-24T10:00:00Z" } });
    made.client.put(accountKey(name));
  }
  return made;
};

test("the account keys that cert-manager made for the issuers go with them, after them", async () => {
  const { client, context, step } = await upWithKeys();
  const begun = client.writes.length;
  await step().destroy();
  expect(client.writes.slice(begun).filter((write) => write.startsWith("delete"))).toEqual([
    "delete ClusterIssuer letsencrypt-production",
    "delete ClusterIssuer letsencrypt-staging",
    "delete Secret cert-manager/letsencrypt-staging-account-key",
    "delete Secret cert-manager/letsencrypt-production-account-key",
  ]);
  expect(context.reported).toEqual([]);
});

test.each([
  ["older than its issuer", { creationTimestamp: "2026-11-24T09:59:59Z" }],
  ["of a person's making", { labels: {} }],
])("an account key that is %s stays, and says so", async (_, more) => {
  const { client, context, step } = await upWithKeys();
  client.put(accountKey("letsencrypt-production", more));
  const before = await client.get(keyId("letsencrypt-production"));
  await step().destroy();
  expect(await client.get(keyId("letsencrypt-production"))).toEqual(before);
  expect(await client.get(keyId("letsencrypt-staging"))).toBeUndefined();
  expect(context.reported).toEqual([
    {
      kind: "notice",
      message:
        "Secret cert-manager/letsencrypt-production-account-key stays: it is older than its issuer, or not of cert-manager's making",
    },
  ]);
});

test("an issuer that takes its time is waited for, and its key goes in the same run", async () => {
  const { client, step } = await upWithKeys();
  const held = { ...issuerKind, name: "letsencrypt-staging" };
  client.edit(held, { metadata: { finalizers: ["foregroundDeletion"] } });
  let looks = 0;
  client.intercept((verb, { name }) => {
    if (verb !== "get" || name !== "letsencrypt-staging") return;
    looks += 1;
    if (looks === 5) client.edit(held, { metadata: { finalizers: null } });
  });
  await step().destroy();
  expect(looks).toBeGreaterThan(4);
  expect(await client.get(keyId("letsencrypt-staging"))).toBeUndefined();
});

test("a removal that was killed between issuers and keys is finished by the next", async () => {
  const { client, step } = await upWithKeys();
  client.intercept((verb, { name }) => {
    if (verb === "delete" && name === "letsencrypt-staging-account-key") throw new Error("killed");
  });
  await expect(step().destroy()).rejects.toThrow("killed");
  client.intercept(() => undefined);
  await step().destroy();
  expect(await client.get(keyId("letsencrypt-staging"))).toBeUndefined();
  expect(await client.get(keyId("letsencrypt-production"))).toBeUndefined();
});

test("issuers of somebody else keep their keys", async () => {
  const { client, step } = await upWithKeys();
  client.edit(
    { ...issuerKind, name: "letsencrypt-staging" },
    { metadata: { annotations: { "provision.dev/owner": null } } },
  );
  await step().destroy();
  expect(await client.get(keyId("letsencrypt-staging"))).toBeDefined();
  expect(await client.get({ ...issuerKind, name: "letsencrypt-staging" })).toBeDefined();
});
