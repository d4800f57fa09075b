import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createCloudflareService } from "../../../../src/sandbox/cloudflare/service.ts";
import { initialCloudflareState } from "../../../../src/sandbox/cloudflare/state.ts";
import { behaviour as certManager } from "../../../../src/sandbox/kubernetes/behaviours/cert-manager.ts";
import { behaviour as workloads } from "../../../../src/sandbox/kubernetes/behaviours/workloads.ts";
import { at, type JsonObject, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import { createPace } from "../../../../src/sandbox/pace.ts";
import { type RunningCluster, runCluster } from "../running-cluster.ts";
import { define, definition, deploy, program } from "./programs.ts";

const group = "cert-manager.io";
const token = "right-token";
const image = (name: string) => `quay.io/jetstack/cert-manager-${name}:v1.21.2`;
const staging = "https://acme-staging-v02.api.letsencrypt.org/directory";

/** A cluster with the real zones around it, cert-manager's programs and its definitions. */
const open = async (names: readonly string[] = ["controller", "webhook", "cainjector"]) => {
  const cluster = await runCluster([workloads, certManager]);
  const state = initialCloudflareState(token, 0);
  const store = { state, changed: () => undefined };
  cluster.api.world.cloudflare = createCloudflareService(store, createPace("instant"), () => false).world;
  await define(
    cluster,
    definition(group, "ClusterIssuer", "clusterissuers", "Cluster"),
    definition(group, "Issuer", "issuers", "Namespaced"),
    definition(group, "Certificate", "certificates", "Namespaced"),
    definition(`acme.${group}`, "Challenge", "challenges", "Namespaced"),
  );
  await cluster.settle();
  await deploy(cluster, "cert-manager", ...names.map((name) => program("cert-manager", name, image(name))));
  return { cluster, cloudflare: state };
};

const issuer = (acme: JsonObject): JsonObject => ({
  apiVersion: `${group}/v1`,
  kind: "ClusterIssuer",
  metadata: { name: "letsencrypt" },
  spec: {
    acme: {
      server: staging,
      privateKeySecretRef: { name: "account-key" },
      solvers: [{ http01: { ingress: { ingressClassName: "nginx" } } }],
      ...acme,
    },
  },
});

const register = async (cluster: RunningCluster, acme: JsonObject = {}) => {
  await cluster.call("POST", `/apis/${group}/v1/clusterissuers`, issuer(acme));
  await cluster.settle();
  const found = await cluster.read(`/apis/${group}/v1/clusterissuers/letsencrypt`);
  const [ready] = objectsOf(at(found, "status", "conditions"));
  return { found, ready };
};

const ingress: JsonObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: "web",
    namespace: "default",
    annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
  },
  spec: {
    ingressClassName: "nginx",
    tls: [{ hosts: ["www.example.test"], secretName: "web-tls" }],
    rules: [{ host: "www.example.test" }],
  },
};
const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";

/** Self checks go on for ever; they are stopped here after many. */
const exhaust = (cluster: RunningCluster) => expect(cluster.settle()).rejects.toThrow("never comes to rest");

const challengeReason = (cluster: RunningCluster): unknown =>
  at(cluster.api.list({ apiVersion: `acme.${group}/v1`, kind: "Challenge" })[0], "status", "reason");

/** The cluster's address, the class, and the record, each as far as wanted. */
const publish = async (cluster: RunningCluster, record: string | undefined): Promise<void> => {
  await cluster.call("POST", "/apis/networking.k8s.io/v1/ingressclasses", {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  });
  const service = { apiVersion: "v1", kind: "Service", namespace: "default", name: "nginx" };
  await cluster.call("POST", "/api/v1/namespaces/default/services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "nginx", namespace: "default" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  cluster.api.setStatus(service, (status) => ({
    ...status,
    loadBalancer: { ingress: [{ ip: "20.0.0.1" }] },
  }));
  if (record !== undefined) addRecord(cluster, record);
};

const addRecord = (cluster: RunningCluster, content: string): void => {
  const { cloudflare } = cluster.api.world;
  const zones = JSON.stringify(cloudflare.request(token, "GET", "/zones?name=example.test").body);
  const id = /"id":"([0-9a-f]+)"/.exec(zones)?.[1] ?? "";
  const body = { type: "A", name: "www.example.test", content };
  expect(cloudflare.request(token, "POST", `/zones/${id}/dns_records`, body).status).toBe(200);
};

test("an issuer's account is registered and its key kept beside cert-manager, labelled as its own", async () => {
  const { cluster } = await open();
  await using _ = cluster;
  const { found, ready } = await register(cluster, { email: "ops@contoso.net" });
  expect(ready).toMatchObject({
    status: "True",
    reason: "ACMEAccountRegistered",
    message: "The ACME account was registered with the ACME server",
    observedGeneration: 1,
  });
  expect(at(found, "status", "acme", "uri")).toMatch(/^https:\/\/acme-staging-v02\.api\.letsencrypt\.org\//);
  const key = await cluster.read("/api/v1/namespaces/cert-manager/secrets/account-key");
  expect(at(key, "data", "tls.key")).toBeDefined();
  expect(at(key, "metadata", "labels")).toEqual({ "app.kubernetes.io/managed-by": "cert-manager" });
});

test("an address that Let's Encrypt forbids, and a directory that is not there, are refused as they are", async () => {
  const first = await open();
  await using _ = first.cluster;
  const forbidden = await register(first.cluster, { email: "ops@example.com" });
  expect(forbidden.ready).toMatchObject({ status: "False", reason: "ErrRegisterACMEAccount" });
  expect(forbidden.ready?.message).toContain(
    'urn:ietf:params:acme:error:invalidContact: Error creating new account :: contact email has forbidden domain "example.com"',
  );
  const second = await open();
  await using __ = second.cluster;
  const missing = await register(second.cluster, { server: "https://acme.contoso.net/directory" });
  expect(missing.ready?.message).toContain("lookup acme.contoso.net: no such host");
});

test("nobody registers anything while the controller does not run", async () => {
  const { cluster } = await open(["webhook"]);
  await using _ = cluster;
  expect((await register(cluster)).found.status).toBeUndefined();
});

/** At rest, with the certificate signed: signing is the thread pool's work, which no clock of ours moves on. */
const issued = async (cluster: RunningCluster): Promise<void> => {
  for (let round = 0; round < 10_000; round++) {
    await cluster.settle();
    const certificate = await cluster.read(`/apis/${group}/v1/namespaces/default/certificates/web-tls`);
    const [condition] = objectsOf(at(certificate, "status", "conditions"));
    if (condition?.status === "True") return;
  }
  throw new Error("the certificate was never issued");
};

test("an annotated Ingress gets a certificate for its host once the record leads to the cluster", async () => {
  const { cluster } = await open();
  await using _ = cluster;
  await register(cluster);
  await publish(cluster, undefined);
  await cluster.call("POST", ingresses, ingress);
  await exhaust(cluster);
  expect(challengeReason(cluster)).toMatch(
    /^Waiting for HTTP-01 challenge propagation: failed to perform self check GET request .*lookup www\.example\.test on .*no such host$/,
  );

  addRecord(cluster, "20.0.0.1");
  await issued(cluster);
  const certificate = await cluster.read(`/apis/${group}/v1/namespaces/default/certificates/web-tls`);
  expect(objectsOf(at(certificate, "status", "conditions"))[0]).toMatchObject({
    type: "Ready",
    status: "True",
    message: "Certificate is up to date and has not expired",
  });
  const secret = await cluster.read("/api/v1/namespaces/default/secrets/web-tls");
  expect(secret.type).toBe("kubernetes.io/tls");
  const pem = Buffer.from(String(at(secret, "data", "tls.crt")), "base64");
  expect(new X509Certificate(pem).checkHost("www.example.test")).toBe("www.example.test");
  expect(challengeReason(cluster)).toBeUndefined();
});

test("without its Ingress the Certificate goes, and the Secret stays", async () => {
  const { cluster } = await open();
  await using _ = cluster;
  await register(cluster);
  await publish(cluster, "20.0.0.1");
  await cluster.call("POST", ingresses, ingress);
  await issued(cluster);
  await cluster.call("DELETE", `${ingresses}/web`);
  await cluster.settle();
  expect(cluster.api.list({ apiVersion: `${group}/v1`, kind: "Certificate" })).toEqual([]);
  expect(
    cluster.api.get({ apiVersion: "v1", kind: "Secret", namespace: "default", name: "web-tls" }),
  ).toBeDefined();
});

test("a record that leads elsewhere keeps the challenge pending", async () => {
  const { cluster } = await open();
  await using _ = cluster;
  await register(cluster);
  await publish(cluster, "20.9.9.9");
  await cluster.call("POST", ingresses, ingress);
  await exhaust(cluster);
  expect(challengeReason(cluster)).toContain("dial tcp 20.9.9.9:80");
});

const dns01 = {
  solvers: [{ dns01: { cloudflare: { apiTokenSecretRef: { name: "cloudflare", key: "token" } } } }],
};
const tokenSecret = (value: string) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "cloudflare", namespace: "cert-manager" },
  stringData: { token: value },
});
const secrets = "/api/v1/namespaces/cert-manager/secrets";

test("DNS01 issues with a token that may write, and leaves no record behind", async () => {
  const { cluster, cloudflare } = await open();
  await using _ = cluster;
  await register(cluster, dns01);
  await cluster.call("POST", secrets, tokenSecret(token));
  await cluster.call("POST", ingresses, ingress);
  await issued(cluster);
  const certificate = await cluster.read(`/apis/${group}/v1/namespaces/default/certificates/web-tls`);
  expect(objectsOf(at(certificate, "status", "conditions"))[0]).toMatchObject({ status: "True" });
  expect(cloudflare.records).toEqual([]);
});

test("DNS01 says which Secret is missing, and repeats what Cloudflare says of a wrong token", async () => {
  const { cluster } = await open();
  await using _ = cluster;
  await register(cluster, dns01);
  await cluster.call("POST", ingresses, ingress);
  await exhaust(cluster);
  expect(challengeReason(cluster)).toBe('error getting cloudflare secret: secrets "cloudflare" not found');
  await cluster.call("POST", secrets, tokenSecret("wrong-token"));
  await exhaust(cluster);
  expect(challengeReason(cluster)).toContain("Error: 9109: Invalid access token");
  expect(JSON.stringify(challengeReason(cluster))).not.toContain("wrong-token");
});
