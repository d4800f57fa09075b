/**
 * The Helm operator of Flux v1, as far as others see it: while its Deployment runs, HelmReleases get the status of a
 * release that went well. No chart is fetched or installed, and the conditions say so.
 */
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, type JsonObject, objectsOf, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { argumentOf, containerRunning, programsIn } from "../workloads/programs.ts";

const releaseKind = { apiVersion: "helm.fluxcd.io/v1", kind: "HelmRelease" };
const component = "helm-operator";
/** What a small chart takes, in milliseconds. */
const installing = 5_000;
const notInstalled = "sandbox: the chart is not installed";

export const behaviour: Behaviour = {
  name: component,
  reconcile: (cluster, { type, object }) => {
    const own = object.apiVersion === releaseKind.apiVersion && object.kind === releaseKind.kind;
    if (type === "deleted" || !(own || object.kind === "Deployment")) return;
    if (!running(cluster, object)) return;
    for (const release of own ? [object] : cluster.list(releaseKind)) {
      if (isDone(release)) continue;
      cluster.pace.after(installing, () => {
        const current = cluster.get(nameOf(release));
        if (current && !isDone(current) && running(cluster, current)) succeed(cluster, current);
      });
    }
  },
};

const isOperator = (container: Json): boolean =>
  argumentOf(container, "--charts-sync-interval") !== undefined ||
  /(^|\/)helm-operator[:@]/.test(textOf(at(container, "image")) ?? "");

/** Whether one runs that looks at this object's namespace. */
const running = (cluster: ClusterApi, { metadata }: KubernetesObject): boolean =>
  programsIn(cluster, isOperator).some(({ workload, container }) => {
    const only = argumentOf(container, "--allow-namespace") ?? metadata.namespace;
    return only === metadata.namespace && containerRunning(cluster, workload);
  });

const isDone = (release: KubernetesObject): boolean =>
  at(release, "status", "observedGeneration") === release.metadata.generation &&
  at(release, "status", "phase") === "Succeeded";

/** As the operator names a release: namespace, target namespace where there is one, name. */
const releaseName = ({ metadata, ...release }: KubernetesObject): string =>
  textOf(at(release, "spec", "releaseName")) ??
  [metadata.namespace, textOf(at(release, "spec", "targetNamespace")), metadata.name]
    .filter((part) => part !== undefined)
    .join("-");

const succeed = (cluster: ClusterApi, release: KubernetesObject): void => {
  const now = timeText(cluster.pace.now());
  const chart = at(release, "spec", "chart");
  const revision = textOf(at(chart, "version")) ?? textOf(at(chart, "ref")) ?? "master";
  const condition = (before: readonly JsonObject[], type: string, reason: string): JsonObject => {
    const known = before.find((item) => item.type === type);
    const since = known?.status === "True" ? (known.lastTransitionTime ?? now) : now;
    const message = notInstalled;
    return { type, status: "True", reason, message, lastUpdateTime: now, lastTransitionTime: since };
  };
  cluster.setStatus(
    nameOf(release),
    (status) => {
      const before = objectsOf(status.conditions);
      return {
        ...status,
        conditions: [
          condition(before, "ChartFetched", "ChartFetched"),
          condition(before, "Deployed", "Deployed"),
          condition(before, "Released", "Succeeded"),
        ],
        lastAttemptedRevision: revision,
        observedGeneration: release.metadata.generation,
        phase: "Succeeded",
        releaseName: releaseName(release),
        releaseStatus: "deployed",
        revision,
      };
    },
    component,
  );
  cluster.emitEvent(release, "Normal", "ReleaseSynced", notInstalled, component);
};
