/** Carries a probe out and cleans up after it, whether it ended well or was killed in the middle. */
import { cloudflare } from "../../clients/cloudflare/cloudflare.ts";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { ExternalDnsHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { built } from "./draft.ts";
import { marksOf, withMarks } from "./marks.ts";
import { type Stage, waitUntil } from "./patience.ts";
import {
  type Probe,
  type ProbeResult,
  probeDrafts,
  probeNames,
  resultDraft,
  resultOf,
  type Traces,
  tracesAnnotation,
  tracesOf,
} from "./probe-objects.ts";
import {
  addressStage,
  certificateStage,
  probeRecords,
  recordStage,
  recordsGoneStage,
} from "./probe-stages.ts";
import { removeObjects } from "./removal.ts";

export interface ProbeRun {
  readonly context: StepContext;
  readonly client: KubernetesClient;
  readonly ref: Ref;
}

export interface ProbeSettings {
  readonly probe: Probe;
  /** What the Ingress and the record shall say. */
  readonly address: string;
  /** Cloudflare's id of the zone. */
  readonly zone: string;
  readonly externalDns?: ExternalDnsHandle | undefined;
  readonly dependsOn: ProbeResult["dependsOn"];
  /** Seconds for each stage. */
  readonly timeouts: {
    readonly address: number;
    readonly record: number;
    readonly certificate: number;
    readonly removal: number;
  };
}

const write = async ({ context, client, ref }: ProbeRun, object: KubernetesObject): Promise<void> => {
  await context.fence();
  await client.apply(withMarks(object, marksOf(context.owner, ref)), { force: true });
};

const refuseUncovered = (host: string, domainFilters: readonly string[]): void => {
  if (domainFilters.some((filter) => host.endsWith(`.${filter.replace(/^\./, "")}`))) return;
  throw new Failure({
    kind: "rejected",
    code: "P0721",
    message: `External DNS does not write ${host}: its domain filters are ${domainFilters.join(", ")}`,
    hint: "Add the zone to `domainFilters` of the External DNS step.",
  });
};

const stagesOf = async (
  { context, client }: ProbeRun,
  { probe, address, zone, externalDns, timeouts }: ProbeSettings,
): Promise<readonly Stage[]> => {
  const stages = [addressStage(client, probe, address, timeouts.address)];
  if (externalDns) {
    const dns = await context.use(cloudflare);
    stages.push(recordStage(client, dns, probe, { zone, address, externalDns, seconds: timeouts.record }));
  }
  if (probe.issuer) stages.push(certificateStage(client, probe, timeouts.certificate));
  return stages;
};

const begin = async (run: ProbeRun, probe: Probe, traces: Traces): Promise<void> => {
  const annotations = { [tracesAnnotation]: JSON.stringify(traces) };
  await write(run, { apiVersion: "v1", kind: "Namespace", metadata: { name: probe.name, annotations } });
  for (const draft of probeDrafts(probe)) await write(run, built(draft));
};

/** Deletes what the probe put up; its namespace and its result stay. */
const takeDown = async ({ context, client }: ProbeRun, name: string): Promise<void> => {
  for (const part of [probeNames.ingress, probeNames.service, probeNames.certificate, probeNames.tls]) {
    if (!(await client.get(part(name)))) continue;
    await context.fence();
    await client.delete(part(name));
  }
};

/** Where nobody else does it: External DNS keeps records, or may be gone itself. */
const removeRecords = async (context: StepContext, { host, zone }: Traces): Promise<void> => {
  if (zone === undefined) return;
  const dns = await context.use(cloudflare);
  for (const record of await probeRecords(dns, zone, host)) {
    await context.fence();
    await dns.records.delete(zone, record.id);
  }
};

const finish = async (run: ProbeRun, settings: ProbeSettings, traces: Traces): Promise<void> => {
  const { probe, zone, externalDns, timeouts } = settings;
  await takeDown(run, probe.name);
  if (!externalDns) return;
  if (externalDns.policy !== "sync") return removeRecords(run.context, traces);
  const dns = await run.context.use(cloudflare);
  const gone = { zone, host: probe.host, externalDns, seconds: timeouts.removal };
  await waitUntil(run.context, recordsGoneStage(run.client, dns, gone));
};

/** Throws the Failure of the first stage that does not come true, after it has cleaned up and kept the reason. */
export const runProbe = async (run: ProbeRun, settings: ProbeSettings): Promise<void> => {
  const { context } = run;
  const { probe, zone, externalDns, dependsOn } = settings;
  if (externalDns) refuseUncovered(probe.host, externalDns.domainFilters);
  const traces: Traces = { host: probe.host, ...(externalDns && { zone }) };
  const conclude = (outcome: Pick<ProbeResult, "ok" | "reason">): Promise<void> => {
    const checkedAt = new Date(context.clock.now()).toISOString();
    return write(run, built(resultDraft(probe.name, { ...outcome, checkedAt, dependsOn })));
  };
  const stages = await stagesOf(run, settings);
  await begin(run, probe, traces);
  try {
    for (const stage of stages) await waitUntil(context, stage);
    await finish(run, settings, traces);
  } catch (error) {
    if (error instanceof Failure && error.kind === "rejected") {
      await takeDown(run, probe.name);
      await conclude({ ok: false, reason: error.message });
    }
    throw error;
  }
  await conclude({ ok: true });
};

/** Removes the probe's namespace, and first what a probe that was killed or failed may have left outside of it. */
export const removeProbe = async (run: ProbeRun, name: string): Promise<void> => {
  const { context, client, ref } = run;
  const namespace = await client.get(probeNames.namespace(name));
  if (!namespace) return;
  await takeDown(run, name);
  const traces = tracesOf(namespace);
  const result = resultOf(await client.get(probeNames.result(name)));
  if (traces && result?.ok !== true) await removeRecords(context, traces);
  await removeObjects(context, client, ref, [probeNames.namespace(name)], "Foreground");
};
