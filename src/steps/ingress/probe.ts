/**
 * `ingress/probe`: proves the whole chain with a host that lives for a minute: the controller gives the Ingress its
 * address, External DNS writes the record, cert-manager gets a staging certificate, and all of it goes away again. The
 * result stays in the cluster with what it depended on, so that it is proven again only when that has changed.
 */
import { z } from "zod";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import { kubernetesFamily } from "../../families/kubernetes/family.ts";
import { ownerOf } from "../../families/kubernetes/marks.ts";
import { namesIn, objectId } from "../../families/kubernetes/object-id.ts";
import { clusterIn } from "../../families/kubernetes/objects-step.ts";
import {
  type ProbeResult,
  probeName,
  probeNames,
  resultOf,
  tracesOf,
} from "../../families/kubernetes/probe-objects.ts";
import { removeProbe, runProbe } from "../../families/kubernetes/probe-run.ts";
import { heldBy } from "../../families/kubernetes/removal.ts";
import {
  clusterHandle,
  clusterRef,
  externalDnsHandle,
  handle,
  ingressHandle,
  issuersHandle,
  zoneHandle,
} from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep, type Field } from "../../step/step.ts";

const seconds = (most: string, value: number) =>
  z.int().min(1).max(3600).default(value).describe(`Seconds to wait, at most, ${most}.`);

const input = z.object({
  cluster: clusterHandle.describe("The cluster to probe."),
  ingress: ingressHandle.describe("The ingress controller that serves the host."),
  zone: zoneHandle.describe("The zone that the host is in."),
  externalDns: externalDnsHandle
    .optional()
    .describe("The External DNS that writes the record. Without it no record is looked for."),
  issuers: issuersHandle
    .optional()
    .describe("The issuers, of which the staging one is tried. Without them no certificate is asked for."),
  versions: z
    .record(z.string(), z.string())
    .default({})
    .describe("Versions of what is proven, by name: another one means another probe."),
  always: z.boolean().default(false).describe("Whether to probe on every `up`, even if nothing has changed."),
  addressTimeout: seconds("for the address on the Ingress", 300),
  recordTimeout: seconds("for the record", 300),
  certificateTimeout: seconds("for the certificate", 600),
  removalTimeout: seconds("for External DNS to remove the record", 300),
});

type Input = z.output<typeof input>;

const output = handle("probe", {
  cluster: z.string().describe("Id of the cluster that was probed, as in the cluster's handle."),
  host: z.string().describe("The host that was tried; it is gone by now."),
  checkedAt: z.string().describe("When the chain was proven last, in ISO 8601. Empty where it was not yet."),
});

interface Actual {
  readonly result: ProbeResult | undefined;
}

const nameIn = (ref: Ref): string => namesIn(ref.id)[0]?.name ?? "";
const hostOf = (wanted: Input, ref: Ref): string => `${nameIn(ref)}.${wanted.zone.name}`;

/** Each by itself, so that a plan says what has changed since the chain was proven. */
const dependencies = (wanted: Input): Readonly<Record<string, () => string>> => ({
  address: () => wanted.ingress.address,
  ingressClass: () => wanted.ingress.className,
  zone: () => wanted.zone.name,
  externalDns: () => wanted.externalDns?.owner ?? "none",
  issuer: () => wanted.issuers?.staging ?? "none",
});

const dependsOn = (wanted: Input): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(dependencies(wanted)).map(([name, read]) => [name, read()])),
  ...Object.fromEntries(
    Object.entries(wanted.versions).map(([name, version]) => [`versions.${name}`, version]),
  ),
});

const fields = (wanted: Input, actual: Actual | undefined): readonly Field[] => {
  const proven = actual?.result?.dependsOn;
  const field = (path: string, desired: Field["desired"]): Field => ({
    path,
    desired,
    actual: proven?.[path],
    effect: "update",
  });
  return [
    ...Object.entries(dependencies(wanted)).map(([name, read]) => field(name, read)),
    ...Object.keys(wanted.versions).map((name) => field(`versions.${name}`, () => wanted.versions[name])),
    field("always", () => (wanted.always ? "probe again" : undefined)),
  ];
};

export default defineStep({
  type: "ingress/probe",
  version: 1,
  summary: "Proves address, record and certificate with a host that lives for a minute",
  input,
  output,
  family: kubernetesFamily,
  timeout: 45 * 60_000,
  volatile: ["checkedAt"],
  outlivesParent: true,

  locate: ({ cluster, ingress, zone }, site) => ({
    type: "ingress/probe",
    version: 1,
    id: objectId(probeNames.namespace(probeName(site, cluster.id, ingress.className, zone.name))),
    within: clusterRef(cluster),
  }),
  predict: {
    cluster: ({ cluster }) => cluster.id,
    host: hostOf,
  },
  requires: ({ zone, externalDns }) =>
    externalDns ? [{ kind: "cloudflare-zone", zone: zone.name, permissions: ["zone:read", "dns:edit"] }] : [],

  observe: async (context, ref) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const namespace = await client.get(probeNames.namespace(nameIn(ref)));
    if (!namespace) return { state: "absent" };
    if (namespace.metadata.deletionTimestamp !== undefined) {
      const held = heldBy(namespace)[0];
      return { state: "busy", operation: held ? `Terminating, held by ${held}` : "Terminating" };
    }
    const result = resultOf(await client.get(probeNames.result(nameIn(ref))));
    return {
      state: "present",
      actual: { result },
      output: {
        kind: "probe",
        cluster: clusterIn(ref).id,
        host: tracesOf(namespace)?.host ?? "",
        checkedAt: result?.ok === true ? result.checkedAt : "",
      },
      owner: ownerOf(namespace),
      failed: result?.ok === true ? undefined : (result?.reason ?? "the last probe was not finished"),
    };
  },

  fields,

  apply: async (context, ref, wanted) => {
    const { ingress, zone, externalDns, issuers } = wanted;
    const client = await context.use(kubernetes(clusterIn(ref)));
    const host = hostOf(wanted, ref);
    await runProbe(
      { context, client, ref },
      {
        probe: { name: nameIn(ref), host, className: ingress.className, issuer: issuers?.staging },
        address: ingress.address,
        zone: zone.id,
        externalDns,
        dependsOn: dependsOn(wanted),
        timeouts: {
          address: wanted.addressTimeout,
          record: wanted.recordTimeout,
          certificate: wanted.certificateTimeout,
          removal: wanted.removalTimeout,
        },
      },
    );
  },

  verify: async (context, ref, wanted) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const result = resultOf(await client.get(probeNames.result(nameIn(ref))));
    const hint = "Run `provision up`: it probes the chain again.";
    if (!result) return { ready: false, reason: "the chain was never proven", worthWaiting: false, hint };
    if (!result.ok)
      return { ready: false, reason: result.reason ?? "the last probe failed", worthWaiting: false, hint };
    return { ready: true, detail: `${hostOf(wanted, ref)} worked at ${result.checkedAt}` };
  },

  destroy: async (context, ref) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    await removeProbe({ context, client, ref }, nameIn(ref));
  },
});
