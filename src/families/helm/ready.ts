/** Whether what a release made works: its workloads are available, and its Jobs are done. */
import { z } from "zod";
import type { Release } from "../../clients/helm/release.ts";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { Verdict } from "../../step/step.ts";
import { conditionOf, eventsOf } from "../kubernetes/evidence.ts";
import { manifestObjects, objectTitle } from "./manifest.ts";
import { readObjects } from "./observed.ts";
import { podEvidence } from "./pods.ts";

const workloadSchema = z.looseObject({
  spec: z
    .looseObject({
      replicas: z.number().nullish(),
      updateStrategy: z.looseObject({ type: z.string().optional() }).nullish(),
    })
    .default({}),
  status: z
    .looseObject({
      observedGeneration: z.number().nullish(),
      replicas: z.number().nullish(),
      updatedReplicas: z.number().nullish(),
      availableReplicas: z.number().nullish(),
      readyReplicas: z.number().nullish(),
      desiredNumberScheduled: z.number().nullish(),
      updatedNumberScheduled: z.number().nullish(),
      numberAvailable: z.number().nullish(),
    })
    .default({}),
});

/** Why a workload is not available yet; undefined where it is, and for objects that are no workload. Pure. */
export const unavailable = (object: KubernetesObject): string | undefined => {
  const { spec, status } = workloadSchema.parse(object);
  const wanted = spec.replicas ?? 1;
  const behind = (status.observedGeneration ?? 0) < (object.metadata.generation ?? 0);
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet": {
      if (behind) return "its controller has not seen the last change yet";
      // A StatefulSet says `availableReplicas` too, since Kubernetes 1.22.
      const available = status.availableReplicas ?? 0;
      const onDelete = spec.updateStrategy?.type === "OnDelete";
      if ((status.updatedReplicas ?? 0) < wanted && !onDelete)
        return `${status.updatedReplicas ?? 0} of ${wanted} pods are of the last version`;
      return available < wanted ? `${available} of ${wanted} pods are available` : undefined;
    }
    case "DaemonSet": {
      if (behind) return "its controller has not seen the last change yet";
      const scheduled = status.desiredNumberScheduled ?? 0;
      const available = status.numberAvailable ?? 0;
      return available < scheduled ? `${available} of ${scheduled} pods are available` : undefined;
    }
    case "Job":
      return conditionOf(object, "Complete")?.status === "True" ? undefined : jobState(object);
    default:
      return undefined;
  }
};

const jobState = (job: KubernetesObject): string => {
  const failed = conditionOf(job, "Failed");
  return failed?.status === "True" ? `it failed: ${failed.reason} ${failed.message}`.trim() : "it still runs";
};

const workloads = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job"]);

/** Reads the release's workloads and judges them; with the evidence of the first that is not available. */
export const releaseReady = async (client: KubernetesClient, release: Release): Promise<Verdict> => {
  const wanted = manifestObjects(release.manifest, workloads);
  const live = await readObjects(client, wanted, release.namespace);
  for (const [index, object] of wanted.entries()) {
    const title = objectTitle(object, release.namespace);
    const found = live[index];
    if (!found) return { ready: false, reason: `${title} is not there`, worthWaiting: false };
    const why = unavailable(found);
    if (why === undefined) continue;
    return {
      ready: false,
      reason: `${title}: ${why}`,
      worthWaiting: conditionOf(found, "Failed")?.status !== "True",
      evidence: await workloadEvidence(client, found),
    };
  }
  return {
    ready: true,
    detail: `${wanted.length} ${wanted.length === 1 ? "workload" : "workloads"} available`,
  };
};

/** The workload's own events, then what its pods say. */
export const workloadEvidence = async (
  client: KubernetesClient,
  workload: KubernetesObject,
): Promise<readonly string[]> => {
  const { name, namespace } = workload.metadata;
  const [events, pods] = await Promise.all([
    eventsOf(client, { kind: workload.kind, name, namespace }),
    podEvidence(client, workload),
  ]);
  return [...events.map((event) => `${workload.kind} ${name}: ${event}`), ...pods];
};
