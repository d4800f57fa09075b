/** What a person would look for next when an object is not as it should be: its events, its pods, their last lines. */
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import { isEntries } from "./draft.ts";

const textAt = (object: KubernetesObject, key: string): string => {
  const value = object[key];
  return typeof value === "string" ? value : "";
};

/** When an event was last seen; the two APIs for events write it to different fields. */
const seenAt = (event: KubernetesObject): string => {
  const series = isEntries(event.series) ? event.series.lastObservedTime : undefined;
  return String(series ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "");
};

/** The last events about an object, oldest first: `Warning SyncLoadBalancerFailed: …`. Empty where they can't be read. */
export const eventsOf = async (
  client: KubernetesClient,
  { kind, namespace, name }: Pick<ObjectName, "kind" | "namespace" | "name">,
  count = 5,
): Promise<readonly string[]> => {
  try {
    const events = await client.list(
      { apiVersion: "v1", kind: "Event" },
      {
        // Events about cluster-wide objects are in `default`.
        namespace: namespace ?? "default",
        fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
      },
    );
    return [...events]
      .sort((a, b) => seenAt(a).localeCompare(seenAt(b)))
      .slice(-count)
      .map(
        (event) => `${textAt(event, "type")} ${textAt(event, "reason")}: ${textAt(event, "message").trim()}`,
      );
  } catch {
    // Evidence is a help, and its lack no failure of its own.
    return [];
  }
};

/** Last log lines of the pods that a label selector names, each with its pod: `nginx-1: …`. */
export const logLinesOf = async (
  client: KubernetesClient,
  namespace: string,
  labelSelector: string,
  options: { readonly tail?: number; readonly pods?: number } = {},
): Promise<readonly string[]> => {
  try {
    const pods = await client.list({ apiVersion: "v1", kind: "Pod" }, { namespace, labelSelector });
    const lines = await Promise.all(
      pods.slice(0, options.pods ?? 2).map(async ({ metadata }) => {
        const log = await client.logs(namespace, metadata.name, { tail: options.tail ?? 10 });
        return log.map((line) => `${metadata.name}: ${line}`);
      }),
    );
    return lines.flat();
  } catch {
    return [];
  }
};

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number | undefined;
}

/** `status.conditions` of any object. */
export const conditionsOf = (object: KubernetesObject): readonly Condition[] => {
  const conditions = isEntries(object.status) ? object.status.conditions : undefined;
  if (!Array.isArray(conditions)) return [];
  return conditions.filter(isEntries).map((condition) => ({
    type: String(condition.type ?? ""),
    status: String(condition.status ?? ""),
    reason: String(condition.reason ?? ""),
    message: String(condition.message ?? ""),
    observedGeneration:
      typeof condition.observedGeneration === "number" ? condition.observedGeneration : undefined,
  }));
};

export const conditionOf = (object: KubernetesObject, type: string): Condition | undefined =>
  conditionsOf(object).find((condition) => condition.type === type);
