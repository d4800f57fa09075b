/** kube-proxy's part: a Service's ClusterIP leads to the host processes of the pods that it selects. */
import type { V1Deployment, V1Service } from "@kubernetes/client-node";
import { type Forwarder, startForwarder } from "../forwarder.ts";

/** A workload that runs, and where its container ports are on loopback. */
export interface Backend {
  readonly deployment: V1Deployment;
  readonly listens: ReadonlyMap<number, number>;
}

const selects = (service: V1Service, { deployment }: Backend): boolean => {
  const { metadata, spec } = deployment.spec?.template ?? {};
  const selector = Object.entries(service.spec?.selector ?? {});
  return (
    spec !== undefined &&
    selector.length > 0 &&
    service.metadata?.namespace === deployment.metadata?.namespace &&
    selector.every(([key, value]) => metadata?.labels?.[key] === value)
  );
};

/** A target port is a number, or the name of a port of one of the pod's containers. */
const containerPort = ({ deployment }: Backend, target: number | string): number | undefined => {
  if (typeof target === "number") return target;
  const containers = deployment.spec?.template.spec?.containers ?? [];
  return containers.flatMap(({ ports }) => ports ?? []).find(({ name }) => name === target)?.containerPort;
};

/** `127.96.3.4:443` to the port on loopback. */
export const routesOf = (
  services: readonly V1Service[],
  backends: readonly Backend[],
): ReadonlyMap<string, number> => {
  const routes = new Map<string, number>();
  for (const service of services) {
    const address = service.spec?.clusterIP;
    if (address === undefined || address === "None") continue;
    for (const backend of backends.filter((one) => selects(service, one))) {
      for (const { port, targetPort } of service.spec?.ports ?? []) {
        const inside = containerPort(backend, targetPort ?? port);
        const outside = inside === undefined ? undefined : backend.listens.get(inside);
        if (outside !== undefined) routes.set(`${address}:${port}`, outside);
      }
    }
  }
  return routes;
};

export interface Routing {
  /** Listens where it does not yet, and stops where nothing is to be reached any more. */
  set(routes: ReadonlyMap<string, number>): Promise<void>;
  stop(): Promise<void>;
}

export const startRouting = (): Routing => {
  const open = new Map<string, { readonly port: number; readonly forwarder: Forwarder }>();
  const set = async (routes: ReadonlyMap<string, number>): Promise<void> => {
    for (const [from, { port, forwarder }] of open) {
      if (routes.get(from) === port) continue;
      open.delete(from);
      await forwarder.stop();
    }
    for (const [from, port] of routes) {
      if (open.has(from)) continue;
      const [address = "", listened = ""] = from.split(":");
      const to = { address: "127.0.0.1", port };
      const forwarder = await startForwarder({ address, port: Number(listened) }, to);
      open.set(from, { port, forwarder });
    }
  };
  return { set, stop: () => set(new Map()) };
};
