/** What the launcher asks the cluster, by the official client and under a user of its own. */
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  type V1Deployment,
  type V1Pod,
  type V1Service,
} from "@kubernetes/client-node";

export interface Cluster {
  deployments(): Promise<readonly V1Deployment[]>;
  services(): Promise<readonly V1Service[]>;
  /** Those of a namespace with all of the labels. */
  pods(namespace: string, labels: Readonly<Record<string, string>>): Promise<readonly V1Pod[]>;
  /** Contents by key; undefined where there is no such Secret. */
  secret(namespace: string, name: string): Promise<Readonly<Record<string, Buffer>> | undefined>;
  configMap(namespace: string, name: string): Promise<Readonly<Record<string, Buffer>> | undefined>;
  /** A token of a ServiceAccount, good for a day. */
  token(namespace: string, serviceAccount: string): Promise<string>;
  readonly server: string;
  /** PEM. */
  readonly authority: string;
}

const buffers = (
  texts: Readonly<Record<string, string>> | undefined,
  encoding: "base64" | "utf8",
): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(Object.entries(texts ?? {}).map(([key, text]) => [key, Buffer.from(text, encoding)]));

/** Undefined where the API server answers 404. */
const present = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === 404) return undefined;
    throw error;
  }
};

const day = 86_400;

export const openCluster = (kubeconfig: string): Cluster => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const current = config.getCurrentCluster();
  if (current === null) throw new Error(`${kubeconfig} names no cluster`);
  return {
    deployments: async () => (await apps.listDeploymentForAllNamespaces()).items,
    services: async () => (await core.listServiceForAllNamespaces()).items,
    pods: async (namespace, labels) => {
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      return (await core.listNamespacedPod({ namespace, labelSelector })).items;
    },
    secret: async (namespace, name) => {
      const found = await present(core.readNamespacedSecret({ namespace, name }));
      return found && buffers(found.data, "base64");
    },
    configMap: async (namespace, name) => {
      const found = await present(core.readNamespacedConfigMap({ namespace, name }));
      return found && { ...buffers(found.data, "utf8"), ...buffers(found.binaryData, "base64") };
    },
    token: async (namespace, name) => {
      const body = { spec: { audiences: [], expirationSeconds: day } };
      const answer = await core.createNamespacedServiceAccountToken({ namespace, name, body });
      const token = answer.status?.token;
      if (token === undefined) throw new Error(`no token for ${namespace}/${name}`);
      return token;
    },
    server: current.server,
    authority: Buffer.from(current.caData ?? "", "base64").toString("utf8"),
  };
};
