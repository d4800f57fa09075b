/**
 * Answers HTTP01 challenges in the place of nginx and of cert-manager's solver pod: it follows the Ingress of the host
 * and path, its class, its Service and the Service's pod, and says what that pod was told to say. A stand-in.
 */
import { CoreV1Api, KubeConfig, NetworkingV1Api, type V1Ingress } from "@kubernetes/client-node";
import type { Site } from "./proxy.ts";

const serviceOf = (ingress: V1Ingress, host: string, path: string): string | undefined =>
  (ingress.spec?.rules ?? [])
    .filter((rule) => rule.host === host)
    .flatMap((rule) => rule.http?.paths ?? [])
    .find((one) => one.path === path)?.backend.service?.name;

/** cert-manager's solvers still name their class by annotation where the issuer says `class`. */
const classOf = ({ metadata, spec }: V1Ingress): string | undefined =>
  spec?.ingressClassName ?? metadata?.annotations?.["kubernetes.io/ingress.class"];

export const solver = (kubeconfig: string): Site => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const networking = config.makeApiClient(NetworkingV1Api);
  const core = config.makeApiClient(CoreV1Api);

  const keyFor = async (host: string, path: string): Promise<string | undefined> => {
    const classes = (await networking.listIngressClass()).items.map(({ metadata }) => metadata?.name);
    for (const ingress of (await networking.listIngressForAllNamespaces()).items) {
      const name = serviceOf(ingress, host, path);
      const namespace = ingress.metadata?.namespace;
      if (name === undefined || namespace === undefined || !classes.includes(classOf(ingress))) continue;
      const service = await core.readNamespacedService({ namespace, name });
      const labelSelector = Object.entries(service.spec?.selector ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      for (const pod of (await core.listNamespacedPod({ namespace, labelSelector })).items) {
        const words = pod.spec?.containers.flatMap(({ args }) => args ?? []) ?? [];
        const key = words.find((word) => word.startsWith("--key="));
        if (key !== undefined) return key.slice("--key=".length);
      }
    }
    return undefined;
  };
  return async (request, response) => {
    // A proxy is asked with the whole URL, a server with the path.
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const key = await keyFor(url.hostname, url.pathname);
    if (key === undefined) response.writeHead(404).end(`nothing answers ${url.hostname}${url.pathname}\n`);
    else response.writeHead(200, { "content-type": "text/plain" }).end(key);
  };
};
