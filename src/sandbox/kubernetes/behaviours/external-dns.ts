/**
 * External DNS with Cloudflare, played from its Deployment's own arguments and Secret while its pod is ready: so a
 * wrong token, filter, source or policy shows as it would.
 */
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { endpointsOf } from "../external-dns/endpoints.ts";
import { type Settings, settingsOf } from "../external-dns/settings.ts";
import { synchronize } from "../external-dns/synchronize.ts";
import { at, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { containerRunning, programsIn } from "../workloads/programs.ts";

const kinds = new Set(["Ingress", "Service", "Deployment", "Secret"]);

/** It looks on events at most this often, and again at each interval; real time keeps an instant sandbox calm. */
const debounce = { modelled: 1_000, least: 50 };
const leastInterval = 250;

/** Deployments with a look planned, by cluster and uid. */
const planned = new Set<string>();

const plan = (cluster: ClusterApi, workload: KubernetesObject, modelled: number, least: number): void => {
  const key = `${cluster.key} ${workload.metadata.uid}`;
  if (planned.has(key)) return;
  planned.add(key);
  cluster.pace.after(
    modelled,
    () => {
      planned.delete(key);
      const current = cluster.get(nameOf(workload));
      if (current && current.metadata.uid === workload.metadata.uid) look(cluster, current);
    },
    least,
  );
};

const isExternalDns = (container: Parameters<Parameters<typeof programsIn>[1]>[0]): boolean =>
  (textOf(at(container, "image")) ?? "").includes("/external-dns");

const look = (cluster: ClusterApi, workload: KubernetesObject): void => {
  const program = programsIn(cluster, isExternalDns).find(
    (found) => found.workload.metadata.uid === workload.metadata.uid,
  );
  if (!program || !containerRunning(cluster, workload)) return;
  const settings = settingsOf(cluster, workload, program.container);
  const say = (line: string) => log(cluster, workload, line);
  const failed = synchronize(cluster.world.cloudflare, settings, endpointsOf(cluster, settings), say);
  // The real one gives up on an error of login and is started again by the kubelet; the others wait for the interval.
  plan(cluster, workload, failed ? 10_000 : interval(settings), leastInterval);
};

const interval = ({ interval: text }: Settings): number => {
  const [, number = "1", unit = "m"] = /^(\d+)(s|m|h)/.exec(text) ?? [];
  return Number(number) * (unit === "s" ? 1_000 : unit === "m" ? 60_000 : 3_600_000);
};

/** The last line of each pod, so that a line that only repeats is not written again. */
const lastLines = new Map<string, string>();

const log = (cluster: ClusterApi, workload: KubernetesObject, line: string): void => {
  const { namespace = "default", name } = workload.metadata;
  const labels = Object.entries(at(workload, "spec", "selector", "matchLabels") ?? {});
  for (const pod of cluster.list({ apiVersion: "v1", kind: "Pod" }, { namespace })) {
    if (!labels.every(([key, value]) => pod.metadata.labels?.[key] === value)) continue;
    const key = `${cluster.key} ${pod.metadata.uid} ${name}`;
    if (lastLines.get(key) === line) continue;
    lastLines.set(key, line);
    cluster.log(namespace, pod.metadata.name, `time="${new Date(cluster.pace.now()).toISOString()}" ${line}`);
  }
};

export const behaviour: Behaviour = {
  name: "external-dns",
  reconcile: (cluster, { object }) => {
    if (!kinds.has(object.kind)) return;
    for (const { workload } of programsIn(cluster, isExternalDns)) {
      if (containerRunning(cluster, workload)) plan(cluster, workload, debounce.modelled, debounce.least);
    }
  },
};
