/** Finds programs that run in the cluster by what their pods' containers say: command, arguments, environment. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, listOf, numberOf, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";

export interface Program {
  readonly workload: KubernetesObject;
  readonly container: Json;
}

/** Deployments and DaemonSets with such a container; a Deployment that is scaled to zero runs nothing. */
export const programsIn = (cluster: ClusterApi, matches: (container: Json) => boolean): readonly Program[] =>
  ["Deployment", "DaemonSet"].flatMap((kind) =>
    cluster.list({ apiVersion: "apps/v1", kind }).flatMap((workload) => {
      if (workload.metadata.deletionTimestamp !== undefined || at(workload, "spec", "replicas") === 0)
        return [];
      const container = objectsOf(at(workload, "spec", "template", "spec", "containers")).find(matches);
      return container ? [{ workload, container }] : [];
    }),
  );

/** Whether at least one of the workload's pods is ready. */
export const containerRunning = (_cluster: ClusterApi, workload: KubernetesObject): boolean =>
  (numberOf(at(workload, "status", "readyReplicas")) ??
    numberOf(at(workload, "status", "numberReady")) ??
    0) > 0;

/** The last value of `--name=value` among a container's arguments. */
export const argumentOf = (container: Json, name: string): string | undefined =>
  argumentsOf(container, name).at(-1);

/** All values of an argument that may be repeated. `--flag` alone is `true`. */
export const argumentsOf = (container: Json, name: string): readonly string[] =>
  listOf(at(container, "args")).flatMap((word) => {
    const text = textOf(word) ?? "";
    if (text === name) return ["true"];
    return text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : [];
  });
