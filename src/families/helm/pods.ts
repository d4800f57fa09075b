/** What the pods of a workload say when they don't come up: why each waits, its events, its last log lines. */
import { z } from "zod";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import { conditionOf, eventsOf } from "../kubernetes/evidence.ts";

const selectorSchema = z.looseObject({
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).default({}) }),
  }),
});

const statusSchema = z.looseObject({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z
    .looseObject({
      waiting: z.looseObject({ reason: z.string().default(""), message: z.string().default("") }).nullish(),
      terminated: z
        .looseObject({
          reason: z.string().default(""),
          exitCode: z.number().default(0),
          message: z.string().default(""),
        })
        .nullish(),
    })
    .default({}),
});

const podSchema = z.looseObject({
  status: z
    .looseObject({
      phase: z.string().default("Pending"),
      containerStatuses: z.array(statusSchema).nullish(),
      initContainerStatuses: z.array(statusSchema).nullish(),
    })
    .default({ phase: "Pending" }),
});

/** Pods and log lines that are shown of each: the others mostly say the same. */
const shownPods = 2;
const shownLines = 5;

/** One line for each fact. Empty where nothing is wrong, or nothing can be read. */
export const podEvidence = async (
  client: KubernetesClient,
  workload: KubernetesObject,
): Promise<readonly string[]> => {
  const selector = selectorSchema.safeParse(workload);
  const { namespace } = workload.metadata;
  if (!selector.success || namespace === undefined) return [];
  const labels = Object.entries(selector.data.spec.selector.matchLabels);
  try {
    const pods = await client.list(
      { apiVersion: "v1", kind: "Pod" },
      { namespace, labelSelector: labels.map(([name, value]) => `${name}=${value}`).join(",") },
    );
    const bad = pods.filter((pod) => conditionOf(pod, "Ready")?.status !== "True").slice(0, shownPods);
    return (await Promise.all(bad.map((pod) => evidenceOf(client, namespace, pod)))).flat();
  } catch {
    // Evidence is a help, and its lack no failure of its own.
    return [];
  }
};

const evidenceOf = async (
  client: KubernetesClient,
  namespace: string,
  pod: KubernetesObject,
): Promise<readonly string[]> => {
  const { name } = pod.metadata;
  const [events, lines] = await Promise.all([
    eventsOf(client, { kind: "Pod", namespace, name }),
    linesOf(client, namespace, pod),
  ]);
  return [...waitingReasons(pod), ...events, ...lines].map((line) => `Pod ${name}: ${line}`);
};

/** `controller waits: ImagePullBackOff …`. Pure. */
export const waitingReasons = (pod: KubernetesObject): readonly string[] => {
  const { status } = podSchema.parse(pod);
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return containers.flatMap(({ name, state, restartCount }) => {
    const restarts = restartCount > 0 ? `, ${restartCount} restarts` : "";
    if (state.waiting)
      return [`${name} waits: ${state.waiting.reason} ${state.waiting.message}`.trim() + restarts];
    if (!state.terminated || state.terminated.exitCode === 0) return [];
    const { exitCode, reason, message } = state.terminated;
    return [`${name} ended with ${exitCode}: ${reason} ${message}`.trim() + restarts];
  });
};

const linesOf = async (
  client: KubernetesClient,
  namespace: string,
  pod: KubernetesObject,
): Promise<readonly string[]> => {
  const { status } = podSchema.parse(pod);
  const container = (status.containerStatuses ?? []).find(({ ready }) => !ready)?.name;
  try {
    return await client.logs(namespace, pod.metadata.name, {
      tail: shownLines,
      ...(container === undefined ? {} : { container }),
    });
  } catch {
    // A container that never started has no log.
    return [];
  }
};
