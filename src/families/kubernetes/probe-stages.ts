/** The stages of a probe: address on the Ingress, record in the zone, certificate from the staging issuer, all gone. */
import type { CloudflareClient, DnsRecord } from "../../clients/cloudflare/client.ts";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { ExternalDnsHandle } from "../../step/handle.ts";
import { isEntries } from "./draft.ts";
import { conditionOf, conditionsOf, eventsOf, logLinesOf } from "./evidence.ts";
import type { Look, Stage } from "./patience.ts";
import { type Probe, probeNames } from "./probe-objects.ts";
import { podSelectorOf } from "./readiness.ts";

const waiting = (reason: string): Look => ({ done: false, reason });
const done: Look = { done: true };

const textAt = (value: unknown, key: string): string => {
  const found = isEntries(value) ? value[key] : undefined;
  return typeof found === "string" ? found : "";
};

const addressesOf = (ingress: KubernetesObject): readonly string[] => {
  const balancer = isEntries(ingress.status) ? ingress.status.loadBalancer : undefined;
  const entries = isEntries(balancer) ? balancer.ingress : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => textAt(entry, "ip") || textAt(entry, "hostname"));
};

export const addressStage = (
  client: KubernetesClient,
  probe: Probe,
  address: string,
  seconds: number,
): Stage => {
  const name = probeNames.ingress(probe.name);
  return {
    what: "the address on the Ingress",
    seconds,
    look: async () => {
      const ingress = await client.get(name);
      const found = ingress ? addressesOf(ingress) : [];
      if (found.includes(address)) return done;
      return waiting(
        found.length === 0
          ? "the ingress controller has not written one yet"
          : `it is ${found.join(", ")}, not ${address}`,
      );
    },
    evidence: () => eventsOf(client, name),
    hint: `Check that a controller serves the IngressClass \`${probe.className}\` and publishes its Service's address.`,
  };
};

/** External DNS's log, through the pods of its Deployment. */
const externalDnsLog = async (
  client: KubernetesClient,
  { namespace, deployment }: ExternalDnsHandle,
): Promise<readonly string[]> => {
  const found = await client.get({ apiVersion: "apps/v1", kind: "Deployment", namespace, name: deployment });
  const selector = found && podSelectorOf(found);
  return selector ? logLinesOf(client, namespace, selector, { tail: 10 }) : [];
};

export const recordStage = (
  client: KubernetesClient,
  dns: Pick<CloudflareClient, "records">,
  probe: Probe,
  wanted: {
    readonly zone: string;
    readonly address: string;
    readonly externalDns: ExternalDnsHandle;
    readonly seconds: number;
  },
): Stage => ({
  what: `the record of ${probe.host}`,
  seconds: wanted.seconds,
  look: async () => {
    const records = await dns.records.list(wanted.zone, { name: probe.host, type: "A" });
    if (records.some(({ content }) => content === wanted.address)) return done;
    const other = records.map(({ content }) => content).join(", ");
    return waiting(other ? `it says ${other}, not ${wanted.address}` : "External DNS has not written it yet");
  },
  evidence: () => externalDnsLog(client, wanted.externalDns),
  hint: "Look at External DNS's log: its token, its domain filters and its sources decide.",
});

/** States of an ACME Order after which cert-manager waits an hour or more before it tries again. */
const finalStates = new Set(["invalid", "errored", "expired"]);

const issuanceOf = async (client: KubernetesClient, namespace: string) => {
  const list = (apiVersion: string, kind: string) => client.list({ apiVersion, kind }, { namespace });
  const [requests, orders, challenges] = await Promise.all([
    list("cert-manager.io/v1", "CertificateRequest"),
    list("acme.cert-manager.io/v1", "Order"),
    list("acme.cert-manager.io/v1", "Challenge"),
  ]);
  return { requests, orders, challenges };
};

const stateLine = (object: KubernetesObject): string => {
  const state = textAt(object.status, "state");
  const reason = textAt(object.status, "reason");
  return `${object.kind} ${object.metadata.name}: ${[state, reason].filter(Boolean).join(", ") || "no state yet"}`;
};

const conditionLines = (object: KubernetesObject): readonly string[] =>
  conditionsOf(object).map(
    ({ type, status, message }) => `${object.kind} ${object.metadata.name}: ${type}=${status} ${message}`,
  );

export const certificateStage = (client: KubernetesClient, probe: Probe, seconds: number): Stage => {
  const name = probeNames.certificate(probe.name);
  return {
    what: `a certificate from ${probe.issuer}`,
    seconds,
    look: async () => {
      const certificate = await client.get(name);
      if (!certificate) return waiting("cert-manager has not made a Certificate for the Ingress yet");
      const ready = conditionOf(certificate, "Ready");
      if (ready?.status === "True") return done;
      const { orders } = await issuanceOf(client, probe.name);
      const failed = orders.find((order) => finalStates.has(textAt(order.status, "state")));
      if (failed) return { done: false, reason: stateLine(failed), hopeless: true };
      return waiting(ready?.message || "it is being issued");
    },
    evidence: async () => {
      const certificate = await client.get(name);
      const { requests, orders, challenges } = await issuanceOf(client, probe.name);
      return [
        ...(certificate ? conditionLines(certificate) : []),
        ...requests.flatMap(conditionLines),
        ...orders.map(stateLine),
        ...challenges.map(stateLine),
        ...(await eventsOf(client, name)),
      ];
    },
  };
};

/** The record, and the TXT record by which External DNS knows it as its own (type first, since v0.18). */
export const probeRecords = async (
  dns: Pick<CloudflareClient, "records">,
  zone: string,
  host: string,
): Promise<readonly DnsRecord[]> => {
  const found = await Promise.all([
    dns.records.list(zone, { name: host }),
    dns.records.list(zone, { name: `a-${host}`, type: "TXT" }),
  ]);
  return found.flat();
};

export const recordsGoneStage = (
  client: KubernetesClient,
  dns: Pick<CloudflareClient, "records">,
  wanted: {
    readonly zone: string;
    readonly host: string;
    readonly externalDns: ExternalDnsHandle;
    readonly seconds: number;
  },
): Stage => ({
  what: `the removal of ${wanted.host} from the zone`,
  seconds: wanted.seconds,
  look: async () => {
    const left = await probeRecords(dns, wanted.zone, wanted.host);
    return left.length === 0
      ? done
      : waiting(`${left.map(({ type, name }) => `${type} ${name}`).join(", ")} left`);
  },
  evidence: () => externalDnsLog(client, wanted.externalDns),
});
