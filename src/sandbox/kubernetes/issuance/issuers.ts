/** Issuers: an ACME account is registered, or refused in the words of cert-manager and Let's Encrypt. */
import { generateKeyPairSync } from "node:crypto";
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, objectOf, sameJson, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";

const apiVersion = "cert-manager.io/v1";
const manager = "cert-manager-clusterissuers";
const component = "cert-manager";

/** Issuers whose registration is under way, by cluster, uid and generation. */
const registering = new Set<string>();

export const reconcileIssuers = (cluster: ClusterApi, controllerNamespace: string): void => {
  for (const kind of ["ClusterIssuer", "Issuer"]) {
    for (const issuer of cluster.list({ apiVersion, kind })) {
      const condition = readyCondition(issuer);
      if (condition?.observedGeneration === issuer.metadata.generation) continue;
      const key = `${cluster.key} ${issuer.metadata.uid} ${issuer.metadata.generation}`;
      if (registering.has(key)) continue;
      registering.add(key);
      cluster.pace.after(2_000, () => {
        registering.delete(key);
        const current = cluster.get(nameOf(issuer));
        if (current) register(cluster, current, issuer.metadata.namespace ?? controllerNamespace);
      });
    }
  }
};

export const readyCondition = (object: KubernetesObject): JsonObject | undefined => {
  const conditions = at(object, "status", "conditions");
  return Array.isArray(conditions)
    ? conditions.map(objectOf).find(({ type }) => type === "Ready")
    : undefined;
};

export const isReady = (object: KubernetesObject | undefined): boolean =>
  object !== undefined && readyCondition(object)?.status === "True";

const register = (cluster: ClusterApi, issuer: KubernetesObject, secretNamespace: string): void => {
  const acme = at(issuer, "spec", "acme");
  const server = textOf(at(acme, "server")) ?? "";
  const email = textOf(at(acme, "email")) ?? "";
  const problem = acme === undefined ? undefined : refusal(server, email);
  if (problem !== undefined) {
    setReady(
      cluster,
      issuer,
      "False",
      "ErrRegisterACMEAccount",
      `Failed to register ACME account: ${problem}`,
      {},
    );
    cluster.emitEvent(issuer, "Warning", "ErrInitIssuer", `Error initializing issuer: ${problem}`, component);
    return;
  }
  if (acme === undefined) {
    setReady(cluster, issuer, "True", "IsReady", "Issuer is ready", {});
    return;
  }
  const secret = textOf(at(acme, "privateKeySecretRef", "name"));
  if (secret !== undefined) keepAccountKey(cluster, secretNamespace, secret);
  const uri = `${new URL(server).origin}/acme/acct/${Number.parseInt(issuer.metadata.uid?.slice(0, 8) ?? "1", 16)}`;
  const status = { acme: { uri, lastRegisteredEmail: email } };
  setReady(
    cluster,
    issuer,
    "True",
    "ACMEAccountRegistered",
    "The ACME account was registered with the ACME server",
    status,
  );
};

/** Hosts whose ACME directory the sandbox stands in for; nothing is asked of anybody. */
const knownHost = /(^|\.)letsencrypt\.org$|^localhost$|^127\.0\.0\.1$/;
/** Let's Encrypt refuses domains that are reserved for examples. */
const forbidden = /@(?:.+\.)?(example\.(?:com|net|org))$/;

const refusal = (server: string, email: string): string | undefined => {
  if (!URL.canParse(server)) return `Get "${server}": unsupported protocol scheme ""`;
  const { hostname } = new URL(server);
  if (!knownHost.test(hostname)) return `Get "${server}": dial tcp: lookup ${hostname}: no such host`;
  const domain = forbidden.exec(email)?.[1];
  if (domain === undefined) return undefined;
  return `400 urn:ietf:params:acme:error:invalidContact: Error creating new account :: contact email has forbidden domain "${domain}"`;
};

/** With the label that cert-manager gives to a key of its own making (pkg/issuer/acme/setup.go). */
const keepAccountKey = (cluster: ClusterApi, namespace: string, name: string): void => {
  const secret = { apiVersion: "v1", kind: "Secret", namespace, name };
  if (cluster.get(secret)) return;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const data = { "tls.key": Buffer.from(pem).toString("base64") };
  const metadata = { name, namespace, labels: { "app.kubernetes.io/managed-by": "cert-manager" } };
  cluster.create({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data }, manager);
};

/** Sets the Ready condition, keeping its transition time where the status stays. */
export const setReady = (
  cluster: ClusterApi,
  object: KubernetesObject,
  status: "True" | "False",
  reason: string,
  message: string,
  more: JsonObject,
): void => {
  cluster.setStatus(
    nameOf(object),
    (current, present) => {
      const before = readyCondition(present);
      const since = before?.status === status ? before.lastTransitionTime : timeText(cluster.pace.now());
      const ready = {
        type: "Ready",
        status,
        reason,
        message,
        lastTransitionTime: since,
        observedGeneration: present.metadata.generation,
      };
      const next = { ...current, ...more, conditions: [ready] };
      return sameJson(current, next) ? current : next;
    },
    manager,
  );
};
