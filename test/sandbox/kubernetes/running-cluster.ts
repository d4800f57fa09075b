/** A cluster of the sandbox behind plain HTTP, with time in the test's hands, for the tests of this folder. */
import { createServer } from "node:http";
import type { Behaviour } from "../../../src/sandbox/kubernetes/behaviour.ts";
import type { ClusterApi } from "../../../src/sandbox/kubernetes/cluster-api.ts";
import { type Json, type JsonObject, objectOf } from "../../../src/sandbox/kubernetes/json.ts";
import { clusterPath } from "../../../src/sandbox/kubernetes/kubeconfig.ts";
import { createKubernetesService, type KubernetesService } from "../../../src/sandbox/kubernetes/service.ts";
import { emptyKubernetesState, type KubernetesState } from "../../../src/sandbox/kubernetes/state.ts";
import type { ClusterSettings, NodePool, World } from "../../../src/sandbox/world.ts";

export const clusterKey =
  "/subscriptions/s1/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/clu";

export const systemPool: NodePool = {
  name: "system",
  count: 2,
  size: "Standard_D2s_v5",
  mode: "System",
  zones: ["1", "2", "3"],
};

export const settingsOf = (changes: Partial<ClusterSettings> = {}): ClusterSettings => ({
  key: clusterKey,
  name: "clu",
  version: "1.35.4",
  location: "westeurope",
  nodeResourceGroup: "MC_rg_clu_westeurope",
  principalId: "principal",
  pools: [systemPool],
  ...changes,
});

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly text: string;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly contentType?: string;
  readonly accept?: string;
  readonly token?: string;
  readonly userAgent?: string;
}

export interface RunningCluster extends AsyncDisposable {
  readonly service: KubernetesService;
  readonly api: ClusterApi;
  readonly state: KubernetesState;
  readonly url: string;
  readonly token: string;
  /** One request below the cluster's path. Objects are sent as JSON. */
  call(method: string, path: string, body?: Json | Uint8Array, options?: CallOptions): Promise<Answer>;
  /** Server-side apply. */
  apply(path: string, object: JsonObject, query?: string): Promise<Answer>;
  /** Lets everything happen that is planned, however late; moves the clock. */
  settle(): Promise<void>;
  /** The stored object, or `{}`. */
  read(path: string): Promise<JsonObject>;
}

const noWorld = (): never => {
  throw new Error("this test's cluster has no cloud around it");
};

/** `behaviours`: none by default, so that only the API server acts. */
export const runCluster = async (
  behaviours: readonly Behaviour[] = [],
  state: KubernetesState = emptyKubernetesState(),
  settings: ClusterSettings = settingsOf(),
): Promise<RunningCluster> => {
  let now = Date.parse("2026-11-24T06:00:00Z");
  let planned: { readonly at: number; readonly action: () => void }[] = [];
  let url = "";
  const world: World = {
    pace: {
      now: () => now,
      after: (milliseconds, action) => {
        const entry = { at: now + milliseconds, action };
        planned.push(entry);
        return () => {
          planned = planned.filter((other) => other !== entry);
        };
      },
    },
    url: () => url,
    authority: () => "-----BEGIN CERTIFICATE-----\n",
    arm: {
      publicIp: () => undefined,
      publicIpByAddress: () => undefined,
      attach: noWorld,
      hasRole: () => true,
      makePublicIp: noWorld,
    },
    cloudflare: { request: noWorld, resolve: noWorld },
    directory: { application: () => undefined, clientOf: () => undefined },
    kubernetes: { ensure: noWorld, remove: noWorld, kubeconfig: noWorld },
  };
  const service = createKubernetesService(world, { state, changed: () => undefined }, behaviours);
  world.kubernetes = service.world;
  const server = createServer((request, response) => {
    void service.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  service.world.ensure(settings);
  const api = service.cluster(settings.key);
  if (!api) throw new Error("the cluster did not start");
  const token = /token: "([0-9a-f]+)"/.exec(service.world.kubeconfig(settings.key, "admin"))?.[1] ?? "";

  const call: RunningCluster["call"] = async (method, path, body, options = {}) => {
    const response = await fetch(`${url}${clusterPath(settings.key)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.token ?? token}`,
        accept: options.accept ?? "application/json",
        "user-agent": options.userAgent ?? "test/1.0",
        ...(body === undefined ? {} : { "content-type": options.contentType ?? "application/json" }),
      },
      ...(body === undefined
        ? {}
        : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const parsed: Json = isJson && text !== "" ? JSON.parse(text) : {};
    return { status: response.status, body: objectOf(parsed), text, headers: response.headers };
  };
  return {
    service,
    api,
    state,
    url,
    token,
    call,
    apply: (path, object, query = "fieldManager=test") =>
      call("PATCH", `${path}?${query}`, object, { contentType: "application/apply-patch+yaml" }),
    read: async (path) => (await call("GET", path)).body,
    settle: async () => {
      for (let round = 0; round < 1000; round++) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        const next = planned.sort((a, b) => a.at - b.at).shift();
        if (!next) return;
        now = Math.max(now, next.at);
        next.action();
      }
      throw new Error("the cluster never comes to rest");
    },
    [Symbol.asyncDispose]: async () => {
      await service.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** A Deployment as people write it. */
export const deployment = (name: string, changes: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [{ name: "web", image: "nginx:1.27", ports: [{ name: "http", containerPort: 80 }] }],
      },
    },
    ...changes,
  },
});

/** A definition of `widgets.example.test` with the given spec schema. */
export const widgetDefinition = (spec: JsonObject, version: JsonObject = {}): JsonObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.test" },
  spec: {
    group: "example.test",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec, status: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        },
        ...version,
      },
    ],
  },
});
