/** The sandbox's Kubernetes: many clusters behind one service, each below its own path. */
import { randomBytes } from "node:crypto";
import type { ClusterSettings, KubernetesWorld, Service, Store, World } from "../world.ts";
import { createClusterApi } from "./api.ts";
import type { Behaviour } from "./behaviour.ts";
import { behaviours as registered } from "./behaviours.generated.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterApi, RecordedWrite } from "./cluster-api.ts";
import { type Controllers, createControllers } from "./controllers.ts";
import { createDefinitionCleaner, createDefinitionController } from "./crd/lifecycle.ts";
import { createGarbageCollector } from "./garbage.ts";
import { handleRequest } from "./http/handle.ts";
import { at, objectsOf } from "./json.ts";
import { createKinds } from "./kinds/registry.ts";
import { clusterPath, kubeconfigText, splitPath } from "./kubeconfig.ts";
import { createNamespaceController } from "./namespaces.ts";
import { reconcileNodes } from "./nodes.ts";
import { createObjects } from "./objects.ts";
import type { ClusterState, KubernetesState } from "./state.ts";

export interface KubernetesService extends Service {
  readonly world: KubernetesWorld;
  /** A cluster's API in process; `undefined` where there is none of that key. */
  cluster(key: string): ClusterApi | undefined;
  /** Writes over HTTP by cluster key, for the control path. */
  writes(): Readonly<Record<string, readonly RecordedWrite[]>>;
  /** What behaviours threw, by cluster key. */
  faults(): Readonly<Record<string, readonly string[]>>;
}

interface Running {
  readonly cluster: Cluster;
  readonly api: ClusterApi;
  readonly controllers: Controllers;
  readonly writes: RecordedWrite[];
  /** Ends open watches. */
  readonly abort: AbortController;
}

const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** `behaviours`: what plays in the clusters besides the API server; every file of behaviours/ unless told otherwise. */
export const createKubernetesService = (
  world: World,
  store: Store<KubernetesState>,
  behaviours: readonly Behaviour[] = registered,
): KubernetesService => {
  const running = new Map<string, Running>();

  const start = (state: ClusterState): Running => {
    const objects = createObjects(state, () => store.changed());
    const controllers = createControllers(objects, world.pace);
    const writes: RecordedWrite[] = [];
    const cluster: Cluster = {
      state,
      objects,
      kinds: createKinds(objects),
      pace: controllers.pace,
      changed: () => store.changed(),
      webhookReady: (namespace, service) => {
        for (const behaviour of behaviours) {
          const answer = behaviour.webhook?.(api, { namespace, name: service });
          if (answer !== undefined) return answer;
        }
        return hasReadyEndpoint(cluster, namespace, service);
      },
    };
    const api = createClusterApi(cluster, world, controllers.watch, writes);
    controllers.start(api, [
      createNamespaceController(cluster),
      createGarbageCollector(cluster),
      createDefinitionController(cluster),
      createDefinitionCleaner(cluster),
      ...behaviours,
    ]);
    const made: Running = { cluster, api, controllers, writes, abort: new AbortController() };
    running.set(state.settings.key, made);
    return made;
  };

  const stop = (key: string) => {
    const found = running.get(key);
    found?.abort.abort();
    found?.controllers.close();
    running.delete(key);
  };

  const ensure = (settings: ClusterSettings) => {
    let state = store.state.clusters[settings.key];
    const known = running.get(settings.key);
    if (!state) {
      state = newState(settings);
      store.state.clusters[settings.key] = state;
    }
    state.settings = settings;
    store.changed();
    const { api } = known ?? start(state);
    for (const name of namespaces) {
      if (!api.get({ apiVersion: "v1", kind: "Namespace", name })) {
        api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "kube-apiserver");
      }
    }
    makeApiService(api);
    reconcileNodes(api);
  };

  for (const state of Object.values(store.state.clusters)) start(state);

  return {
    name: "kubernetes",
    matches: (path) => splitPath(path) !== undefined,
    handle: async (request, response) => {
      const path = splitPath((request.url ?? "/").split("?")[0] ?? "/");
      const found = path && running.get(path.key);
      if (!path || !found) {
        response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
        return;
      }
      await handleRequest(
        found.cluster,
        found.api,
        request,
        response,
        path.rest,
        found.writes,
        found.abort.signal,
      );
    },
    close: async () => {
      for (const key of [...running.keys()]) stop(key);
    },
    cluster: (key) => running.get(key)?.api,
    writes: () => Object.fromEntries([...running].map(([key, { writes }]) => [key, writes])),
    faults: () => Object.fromEntries([...running].map(([key, { controllers }]) => [key, controllers.faults])),
    world: {
      ensure,
      remove: (key) => {
        stop(key);
        delete store.state.clusters[key];
        store.changed();
      },
      kubeconfig: (key, user) => {
        const state = store.state.clusters[key];
        if (!state) throw new Error(`there is no cluster ${key}`);
        const account = user === "admin" ? "clusterAdmin" : "clusterUser";
        const token = Object.entries(state.tokens).find(([, name]) => name === account)?.[0] ?? "";
        const server = `${world.url()}${clusterPath(key)}`;
        const authority = server.startsWith("https:") ? world.authority() : "";
        return kubeconfigText({ name: state.settings.name, user: account, server, authority, token });
      },
    },
  };
};

const newState = (settings: ClusterSettings): ClusterState => ({
  settings,
  tokens: {
    [randomBytes(32).toString("hex")]: "clusterAdmin",
    [randomBytes(32).toString("hex")]: "clusterUser",
  },
  revision: 1,
  objects: {},
  logs: {},
});

/** The Service through which pods reach the API server. */
const makeApiService = (api: ClusterApi): void => {
  const metadata = {
    name: "kubernetes",
    namespace: "default",
    labels: { component: "apiserver", provider: "kubernetes" },
  };
  if (api.get({ apiVersion: "v1", kind: "Service", name: "kubernetes", namespace: "default" })) return;
  const ports = [{ name: "https", port: 443, protocol: "TCP", targetPort: 443 }];
  api.create(
    { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "10.0.0.1", ports } },
    "kube-apiserver",
  );
};

const hasReadyEndpoint = (cluster: Cluster, namespace: string, service: string): boolean =>
  cluster.objects
    .list("discovery.k8s.io/endpointslices", namespace)
    .some(
      (slice) =>
        slice.metadata.labels?.["kubernetes.io/service-name"] === service &&
        objectsOf(slice.endpoints).some((endpoint) => at(endpoint, "conditions", "ready") !== false),
    );
