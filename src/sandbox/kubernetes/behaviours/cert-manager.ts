/**
 * cert-manager, as far as others see it, played while its own Deployments run: a webhook that answers only a while
 * after its pod is ready (cert-manager#2908), ACME accounts of issuers, and certificates for annotated Ingresses.
 */
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { reconcileCertificates } from "../issuance/certificates.ts";
import { reconcileIngresses } from "../issuance/ingress-shim.ts";
import { reconcileIssuers } from "../issuance/issuers.ts";
import { at, textOf } from "../json.ts";
import { containerRunning, type Program, programsIn } from "../workloads/programs.ts";

/** From the moment that its pod is ready: serving certificate and CA bundle take their time. */
const webhookDelay = { modelled: 6_000, least: 300 };

const kinds = new Set([
  "ClusterIssuer",
  "Issuer",
  "Certificate",
  "Ingress",
  "Secret",
  "Deployment",
  "Service",
]);

const programOf = (cluster: ClusterApi, name: string): Program | undefined =>
  programsIn(cluster, (container) =>
    (textOf(at(container, "image")) ?? "").includes(`/cert-manager-${name}`),
  ).find(({ workload }) => containerRunning(cluster, workload));

/** Webhooks by cluster and namespace: `false` while the delay runs. */
const answering = new Map<string, boolean>();
const webhookKey = (cluster: ClusterApi, namespace: string | undefined) => `${cluster.key} ${namespace}`;

const startWebhook = (cluster: ClusterApi): void => {
  const webhook = programOf(cluster, "webhook");
  if (!webhook) {
    for (const key of answering.keys()) if (key.startsWith(`${cluster.key} `)) answering.delete(key);
    return;
  }
  const key = webhookKey(cluster, webhook.workload.metadata.namespace);
  if (answering.has(key)) return;
  answering.set(key, false);
  const ready = () => {
    if (answering.has(key)) answering.set(key, true);
  };
  cluster.pace.after(webhookDelay.modelled, ready, webhookDelay.least);
};

export const behaviour: Behaviour = {
  name: "cert-manager",
  webhook: (cluster, service) =>
    service.name.endsWith("webhook") ? answering.get(webhookKey(cluster, service.namespace)) : undefined,
  reconcile: (cluster, { object }) => {
    if (!kinds.has(object.kind)) return;
    if (object.kind === "Deployment") startWebhook(cluster);
    const controller = programOf(cluster, "controller");
    if (!controller) return;
    const namespace = controller.workload.metadata.namespace ?? "cert-manager";
    reconcileIssuers(cluster, namespace);
    reconcileIngresses(cluster);
    reconcileCertificates(cluster, namespace);
  },
};
