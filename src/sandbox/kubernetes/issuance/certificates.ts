/**
 * Certificates: each name is challenged as ACME would, against the sandbox's own DNS and cluster, and the outcome
 * stands in the words of cert-manager on Certificate and Challenge. What is issued is signed by nobody that counts.
 */
import type { ClusterApi } from "../cluster-api.ts";
import { at, listOf, objectsOf, textOf } from "../json.ts";
import { controlledBy, type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { challengeProblem } from "./challenge.ts";
import { isReady, readyCondition, setReady } from "./issuers.ts";
import { selfSigned } from "./self-signed.ts";

const apiVersion = "cert-manager.io/v1";
const component = "cert-manager-certificates-issuing";
/** How often a self check is made; real time keeps an instant sandbox from spinning. */
const selfCheck = { modelled: 10_000, least: 250 };
const lifetime = 90 * 24 * 3_600_000;

/** Milliseconds: of the modelled cloud, and of real time at least. */
interface Delay {
  readonly modelled: number;
  readonly least: number;
}

/** Certificates that an attempt is planned for, by cluster and uid. */
const planned = new Set<string>();

export const reconcileCertificates = (cluster: ClusterApi, controllerNamespace: string): void => {
  for (const certificate of cluster.list({ apiVersion, kind: "Certificate" })) {
    if (certificate.metadata.deletionTimestamp === undefined && !isIssued(cluster, certificate)) {
      plan(cluster, certificate, controllerNamespace, { modelled: 1_000, least: 0 });
    }
  }
};

const isIssued = (cluster: ClusterApi, certificate: KubernetesObject): boolean => {
  const condition = readyCondition(certificate);
  if (condition?.status !== "True" || condition.observedGeneration !== certificate.metadata.generation)
    return false;
  return cluster.get(secretOf(certificate)) !== undefined;
};

const secretOf = ({ metadata, ...certificate }: KubernetesObject) => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace: metadata.namespace,
  name: textOf(at(certificate, "spec", "secretName")) ?? metadata.name,
});

const plan = (cluster: ClusterApi, certificate: KubernetesObject, namespace: string, delay: Delay): void => {
  const key = `${cluster.key} ${certificate.metadata.uid}`;
  if (planned.has(key)) return;
  planned.add(key);
  const due = (): void => {
    planned.delete(key);
    const current = cluster.get(nameOf(certificate));
    if (!current || current.metadata.uid !== certificate.metadata.uid || isIssued(cluster, current)) return;
    try {
      attempt(cluster, current, namespace);
    } catch (error) {
      // Its own webhook may not answer just now; a controller tries again.
      plan(cluster, current, namespace, selfCheck);
      throw error;
    }
  };
  cluster.pace.after(delay.modelled, due, delay.least);
};

const attempt = (cluster: ClusterApi, certificate: KubernetesObject, namespace: string): void => {
  const again = () => plan(cluster, certificate, namespace, selfCheck);
  const { name = "", kind = "Issuer" } = {
    name: textOf(at(certificate, "spec", "issuerRef", "name")),
    kind: textOf(at(certificate, "spec", "issuerRef", "kind")),
  };
  const issuer = cluster.get({
    apiVersion,
    kind,
    name,
    namespace: kind === "Issuer" ? certificate.metadata.namespace : undefined,
  });
  if (!issuer || !isReady(issuer)) {
    const message = issuer
      ? `Referenced "${kind}" not ready: ${name}`
      : `Referenced "${kind}" not found: clusterissuer.cert-manager.io "${name}" not found`;
    setReady(cluster, certificate, "False", "Pending", message, {});
    again();
    return;
  }
  setReady(cluster, certificate, "False", "DoesNotExist", "Issuing certificate as Secret does not exist", {});
  for (const dnsName of listOf(at(certificate, "spec", "dnsNames")).flatMap((item) => textOf(item) ?? [])) {
    const problem = challengeProblem(cluster, issuer, dnsName, namespace);
    showChallenge(cluster, certificate, issuer, dnsName, problem);
    if (problem !== undefined) {
      again();
      return;
    }
  }
  selfSigned(listOf(at(certificate, "spec", "dnsNames")).map(String), cluster.pace.now(), lifetime).then(
    (pair) => issue(cluster, certificate, pair),
    again,
  );
};

const issue = (
  cluster: ClusterApi,
  certificate: KubernetesObject,
  pair: { readonly certificate: string; readonly key: string },
): void => {
  const current = cluster.get(nameOf(certificate));
  if (!current || current.metadata.uid !== certificate.metadata.uid) return;
  const { name, namespace = "default" } = secretOf(current);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const data = { "tls.crt": base64(pair.certificate), "tls.key": base64(pair.key) };
  cluster.apply(
    { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls", data },
    { manager: component },
  );
  const now = cluster.pace.now();
  setReady(cluster, current, "True", "Ready", "Certificate is up to date and has not expired", {
    notBefore: timeText(now),
    notAfter: timeText(now + lifetime),
    renewalTime: timeText(now + (lifetime * 2) / 3),
    revision: 1,
  });
  cluster.emitEvent(current, "Normal", "Issuing", "The certificate has been successfully issued", component);
};

/** A Challenge as long as it is pending, with its reason: what a person looks at. */
const showChallenge = (
  cluster: ClusterApi,
  certificate: KubernetesObject,
  issuer: KubernetesObject,
  dnsName: string,
  problem: string | undefined,
): void => {
  const { namespace = "default" } = certificate.metadata;
  const name = `${certificate.metadata.name}-${dnsName.replaceAll(/[^a-z0-9]/g, "-")}`
    .slice(0, 63)
    .replace(/-+$/, "");
  const challenge = { apiVersion: "acme.cert-manager.io/v1", kind: "Challenge", namespace, name };
  if (problem === undefined) {
    cluster.delete(challenge);
    return;
  }
  const [solver] = objectsOf(at(issuer, "spec", "acme", "solvers"));
  if (!cluster.get(challenge)) {
    cluster.create({
      apiVersion: challenge.apiVersion,
      kind: challenge.kind,
      metadata: { name, namespace, ownerReferences: [controlledBy(certificate)] },
      spec: {
        authorizationURL: "https://127.0.0.1/authorization",
        dnsName,
        issuerRef: { name: issuer.metadata.name, kind: issuer.kind, group: "cert-manager.io" },
        key: "key",
        solver: solver ?? {},
        token: "token",
        type: solver?.dns01 ? "DNS-01" : "HTTP-01",
        url: "https://127.0.0.1/challenge",
        wildcard: dnsName.startsWith("*."),
      },
    });
  }
  cluster.setStatus(challenge, (status) => ({
    ...status,
    presented: true,
    processing: true,
    state: "pending",
    reason: problem,
  }));
};
