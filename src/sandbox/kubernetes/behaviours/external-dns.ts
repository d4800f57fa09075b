/**
 * External DNS with Cloudflare, played from the arguments, the environment and the Secrets of its pods: while such a
 * pod runs, it keeps the records of the zones at what Ingresses and Services ask for, and crashes where the real one
 * does. Modelled on v0.21.
 */
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { crash, recover } from "../external-dns/container.ts";
import { openLog } from "../external-dns/log.ts";
import { isExternalDns, optionsOf, tokenOf } from "../external-dns/options.ts";
import { runOnce } from "../external-dns/round.ts";
import { at, type JsonObject, objectsOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";

/** What one started container remembers until it ends: the kubelet gives it its environment only once. */
interface Process {
  token: string | undefined;
  running: boolean;
  /** Whether a change begins a run (`--events`), or the next interval is waited for. */
  onEvents: boolean;
  /** How often in a row it ended with an error. */
  crashes: number;
  /** Whether the run that is planned is one for a change, which others join. */
  soon: boolean;
  /** Calls off the run that is planned. */
  cancel: (() => void) | undefined;
}

/** Changes that come together are one run. */
const debounce = { modelled: 1000, least: 50 };
/** Real time between two runs at any pace, in milliseconds. */
const leastInterval = 2000;
/** The kubelet's back-off, in milliseconds. */
const backOff = { first: 10_000, most: 300_000, least: 250 };

const kinds = ["Ingress", "Service", "Deployment", "Secret", "Pod"];

const processes = new WeakMap<ClusterApi, Map<string, Process>>();

export const behaviour: Behaviour = {
  name: "external-dns",
  reconcile: (cluster, { object, type }) => {
    if (!kinds.includes(object.kind)) return;
    const known = processes.get(cluster) ?? new Map<string, Process>();
    processes.set(cluster, known);
    if (object.kind === "Pod") {
      const uid = object.metadata.uid ?? "";
      if (type === "deleted") stop(known, uid);
      else if (!known.has(uid)) begin(cluster, known, object);
      return;
    }
    for (const [uid, process] of known) {
      // One that waits to be started again sees nothing; a new Secret spares whoever corrected it the rest of the wait.
      const begins = process.running ? process.onEvents : object.kind === "Secret";
      if (!process.soon && begins) planSoon(cluster, known, uid);
    }
  },
};

const stop = (known: Map<string, Process>, uid: string): void => {
  known.get(uid)?.cancel?.();
  known.delete(uid);
};

const containerOf = (pod: KubernetesObject): JsonObject | undefined =>
  objectsOf(at(pod, "spec", "containers")).find((container) => isExternalDns(container));

/** A pod's container has been started by the kubelet, whether or not it has ended since. */
const started = (pod: KubernetesObject): boolean =>
  at(pod, "status", "phase") === "Running" && pod.metadata.deletionTimestamp === undefined;

const begin = (cluster: ClusterApi, known: Map<string, Process>, pod: KubernetesObject): void => {
  if (!containerOf(pod) || !started(pod)) return;
  const uid = pod.metadata.uid ?? "";
  known.set(uid, {
    token: undefined,
    running: false,
    onEvents: false,
    crashes: 0,
    soon: false,
    cancel: undefined,
  });
  planSoon(cluster, known, uid);
};

const planSoon = (cluster: ClusterApi, known: Map<string, Process>, uid: string): void => {
  plan(cluster, known, uid, debounce.modelled, debounce.least);
  const process = known.get(uid);
  if (process) process.soon = true;
};

/** Plans the next run of a pod's process, instead of the one that is planned. */
const plan = (
  cluster: ClusterApi,
  known: Map<string, Process>,
  uid: string,
  modelled: number,
  least: number,
): void => {
  const process = known.get(uid);
  if (!process) return;
  process.cancel?.();
  process.cancel = cluster.pace.after(modelled, () => run(cluster, known, uid), least);
};

const run = (cluster: ClusterApi, known: Map<string, Process>, uid: string): void => {
  const process = known.get(uid);
  const pod = cluster.list({ apiVersion: "v1", kind: "Pod" }).find(({ metadata }) => metadata.uid === uid);
  const container = pod && containerOf(pod);
  if (!process || !pod || !container || !started(pod)) {
    stop(known, uid);
    return;
  }
  process.cancel = undefined;
  process.soon = false;
  const options = optionsOf(container);
  const name = textOf(container.name) ?? "";
  const namespace = pod.metadata.namespace ?? "";
  const log = openLog(
    (line) => cluster.log(namespace, pod.metadata.name, line, name),
    () => cluster.pace.now(),
    options.debug,
  );
  if (!process.running) {
    process.token = tokenOf(cluster, pod, container);
    log.line("info", "Instantiating new Kubernetes client");
    log.line("info", "Using inCluster-config based on serviceaccount-token");
    log.line("info", "Created Kubernetes client https://10.0.0.1:443");
  }
  const outcome = runOnce(cluster, process.token, options, log);
  process.running = outcome.fatal === undefined;
  process.onEvents = options.onEvents;
  if (process.running) {
    process.crashes = 0;
    recover(cluster, pod, name);
    plan(cluster, known, uid, options.interval, leastInterval);
    return;
  }
  const wait = Math.min(backOff.most, backOff.first * 2 ** process.crashes);
  process.crashes += 1;
  crash(cluster, pod, name);
  plan(cluster, known, uid, wait, backOff.least * Math.min(8, process.crashes));
};
