/** A cluster with External DNS beside the sandbox's own Cloudflare, with time in the test's hands. */
import { z } from "zod";
import { createCloudflareService } from "../../../../src/sandbox/cloudflare/service.ts";
import { type CloudflareState, initialCloudflareState } from "../../../../src/sandbox/cloudflare/state.ts";
import type { Behaviour } from "../../../../src/sandbox/kubernetes/behaviour.ts";
import { behaviour as externalDns } from "../../../../src/sandbox/kubernetes/behaviours/external-dns.ts";
import { behaviour as workloads } from "../../../../src/sandbox/kubernetes/behaviours/workloads.ts";
import type { ClusterApi } from "../../../../src/sandbox/kubernetes/cluster-api.ts";
import { at, type Json, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import type { KubernetesObject } from "../../../../src/sandbox/kubernetes/object.ts";
import { createKubernetesService } from "../../../../src/sandbox/kubernetes/service.ts";
import { emptyKubernetesState } from "../../../../src/sandbox/kubernetes/state.ts";
import type { AdjustablePace } from "../../../../src/sandbox/pace.ts";
import type { World } from "../../../../src/sandbox/world.ts";
import { clusterKey, settingsOf } from "../running-cluster.ts";

export const goodToken = "good-token";

export interface DnsWorld extends AsyncDisposable {
  readonly api: ClusterApi;
  readonly cloudflare: CloudflareState;
  /** Calls of External DNS: `POST /zones/…/dns_records/batch`, ids left out, with the body. */
  readonly calls: { readonly call: string; readonly body: unknown }[];
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
  /** `A www.example.com 20.0.0.1`, sorted. */
  records(): readonly string[];
  /** Lines in the logs of its pods, without the time. */
  logs(): readonly string[];
  pods(): readonly KubernetesObject[];
}

const missing = (): never => {
  throw new Error("this test's cluster has no Azure around it");
};

export const openDnsWorld = async (
  behaviours: readonly Behaviour[] = [workloads, externalDns],
): Promise<DnsWorld> => {
  let now = Date.parse("2026-11-24T06:00:00Z");
  let planned: { readonly at: number; readonly action: () => void }[] = [];
  const pace: AdjustablePace = {
    name: "instant",
    now: () => now,
    after: (milliseconds, action, least = 0) => {
      const entry = { at: now + Math.max(milliseconds, least), action };
      planned.push(entry);
      return () => {
        planned = planned.filter((other) => other !== entry);
      };
    },
    scaled: () => 0,
    set: () => undefined,
    close: () => undefined,
  };
  const cloudflareState = initialCloudflareState(goodToken, now);
  const service = createCloudflareService(
    { state: cloudflareState, changed: () => undefined },
    pace,
    () => false,
  );
  const calls: DnsWorld["calls"] = [];
  const world: World = {
    pace,
    url: () => "https://127.0.0.1:1",
    authority: () => "",
    arm: {
      publicIp: missing,
      publicIpByAddress: missing,
      attach: missing,
      hasRole: missing,
      makePublicIp: missing,
    },
    cloudflare: {
      ...service.world,
      request: (token, method, path, body) => {
        calls.push({ call: `${method} ${path.replaceAll(/[0-9a-f]{32}/g, "ID")}`, body });
        return service.world.request(token, method, path, body);
      },
    },
    directory: { application: () => undefined, clientOf: () => undefined },
    kubernetes: { ensure: missing, remove: missing, kubeconfig: missing },
  };
  const kubernetes = createKubernetesService(
    world,
    { state: emptyKubernetesState(), changed: () => undefined },
    behaviours,
  );
  kubernetes.world.ensure(settingsOf());
  const api = kubernetes.cluster(clusterKey);
  if (!api) throw new Error("the cluster did not start");
  const pods = () => api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: "dns" });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    api,
    cloudflare: cloudflareState,
    calls,
    pods,
    pass: async (seconds) => {
      const end = now + seconds * 1000;
      for (;;) {
        await turn();
        const next = planned.sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        planned = planned.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = end;
    },
    records: () =>
      cloudflareState.records.map(({ type, name, content }) => `${type} ${name} ${content}`).sort(),
    logs: () =>
      pods().flatMap((pod) =>
        api.logs("dns", pod.metadata.name).map((line) => line.replace(/^time="[^"]+" /, "")),
      ),
    [Symbol.asyncDispose]: () => kubernetes.close(),
  };
};

/** External DNS as its chart installs it, with its Secret. `args`: more of its command line. */
export const install = (api: ClusterApi, args: readonly string[] = [], token = goodToken): void => {
  api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "dns" } });
  api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } });
  setToken(api, token);
  const labels = { "app.kubernetes.io/instance": "external-dns" };
  const secretKeyRef = { name: "external-dns-cloudflare", key: "token" };
  api.create({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "external-dns", namespace: "dns" },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "external-dns",
              image: "registry.k8s.io/external-dns/external-dns:v0.21.0",
              env: [{ name: "CF_API_TOKEN", valueFrom: { secretKeyRef } }],
              args: [
                "--interval=1m",
                ...(args.includes("--events=false") ? [] : ["--events"]),
                "--source=ingress",
                "--source=service",
                "--registry=txt",
                "--txt-owner-id=clu1",
                "--provider=cloudflare",
                ...(args.some((word) => word.startsWith("--domain-filter"))
                  ? []
                  : ["--domain-filter=example.com"]),
                ...(args.some((word) => word.startsWith("--policy")) ? [] : ["--policy=sync"]),
                ...args.filter((word) => word !== "--events=false"),
              ],
            },
          ],
        },
      },
    },
  });
};

export const setToken = (api: ClusterApi, token: string): void => {
  api.apply(
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "external-dns-cloudflare", namespace: "dns" },
      data: { token: Buffer.from(token).toString("base64") },
    },
    { manager: "test" },
  );
};

/** An Ingress of `web` for a host, whose controller has published addresses. */
export const publish = (
  api: ClusterApi,
  host: string,
  addresses: readonly string[],
  annotations: Record<string, string> = {},
): void => {
  const name = host.split(".")[0] ?? "";
  const backend = { service: { name: "web", port: { number: 80 } } };
  const place = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: "web", name };
  api.apply(
    {
      apiVersion: place.apiVersion,
      kind: place.kind,
      metadata: { name, namespace: "web", annotations },
      spec: { rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
    },
    { manager: "test" },
  );
  const ingress: Json = addresses.map((ip) => ({ ip }));
  api.setStatus(place, (status) => ({ ...status, loadBalancer: { ingress } }));
};

export const unpublish = (api: ClusterApi, name: string): void =>
  api.delete({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", namespace: "web", name });

/** What its TXT record says. */
export const heritage = (resource: string, owner = "clu1"): string =>
  `"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=${resource}"`;

/** The state that `kubectl get pods` shows of the container of the first pod. */
export const shown = (world: DnsWorld) => {
  const [pod] = world.pods();
  const [status] = objectsOf(at(pod, "status", "containerStatuses"));
  const waiting = z.object({ reason: z.string() }).safeParse(at(status, "state", "waiting"));
  return {
    ready: status?.ready,
    reason: waiting.data?.reason,
    restarts: status?.restartCount,
    deployment:
      at(
        world.api.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: "dns", name: "external-dns" }),
        "status",
        "readyReplicas",
      ) ?? 0,
  };
};

/** A record that somebody else made. */
export const foreign = (world: DnsWorld, type: string, name: string, content: string): void => {
  world.cloudflare.records.push({
    id: `${world.cloudflare.records.length}`.padStart(32, "f"),
    zone: "example.com",
    name,
    type,
    content,
    ttl: 1,
    proxied: false,
    comment: null,
    tags: [],
    createdAt: 0,
    modifiedAt: 0,
  });
};
