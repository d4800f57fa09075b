/** A sandbox in this process for one test: instant, in a folder of its own, with a Kubernetes that only takes notes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainerServiceContext, createContainerService } from "@azure/arm-containerservice/api";
import { NetworkManagementClient } from "@azure/arm-network";
import { createResourceManagement, type ResourceManagementContext } from "@azure/arm-resources/api";
import { ClientSecretCredential } from "@azure/identity";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import type { ClusterSettings, KubernetesWorld } from "../../src/sandbox/world.ts";

/** A Kubernetes that remembers what ARM told it. */
export const notingKubernetes = (): KubernetesWorld & { readonly clusters: Map<string, ClusterSettings> } => {
  const clusters = new Map<string, ClusterSettings>();
  return {
    clusters,
    ensure: (cluster) => {
      clusters.set(cluster.key, cluster);
    },
    remove: (key) => {
      clusters.delete(key);
    },
    kubeconfig: (key, user) =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: `https://127.0.0.1/clusters/${key}` } }],
        users: [{ name: user, user: { token: "t" } }],
        contexts: [{ name: "c", context: { cluster: "c", user } }],
        "current-context": "c",
      }),
  };
};

/** A folder that is gone after the test. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export const openSandbox = async (options: Partial<SandboxOptions> = {}): Promise<Sandbox> => {
  const directory = options.directory ?? (await temporaryFolder());
  const sandbox = await startSandbox({ kubernetes: { world: notingKubernetes() }, ...options, directory });
  onTestFinished(() => sandbox.stop());
  return sandbox;
};

/** One call without an SDK, over the sandbox's certificate. */
export const requestSandbox = async (
  sandbox: Sandbox,
  method: string,
  path: string,
  options: Omit<RequestInit, "method" | "dispatcher"> = {},
): Promise<Response> => {
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  onTestFinished(() => dispatcher.destroy());
  return fetch(`${sandbox.url}${path}`, { ...options, method, dispatcher });
};

export interface Azure {
  readonly credential: ClientSecretCredential;
  readonly network: NetworkManagementClient;
  readonly containers: ContainerServiceContext;
  readonly resources: ResourceManagementContext;
  /** One call of ARM without an SDK. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** The real SDKs, pointed at the sandbox as `provision` points them. */
export const openAzure = (sandbox: Sandbox): Azure => {
  const environment = sandbox.environment();
  const tlsOptions = { ca: sandbox.authority };
  const credential = new ClientSecretCredential(
    environment.AZURE_TENANT_ID ?? "",
    environment.AZURE_CLIENT_ID ?? "",
    environment.AZURE_CLIENT_SECRET ?? "",
    { authorityHost: sandbox.url, disableInstanceDiscovery: true, tlsOptions },
  );
  const options = {
    endpoint: sandbox.url,
    credentials: { scopes: ["https://management.azure.com/.default"] },
    tlsOptions,
    retryOptions: { maxRetries: 0 },
  };
  const subscription = environment.AZURE_SUBSCRIPTION_ID ?? "";
  return {
    credential,
    network: new NetworkManagementClient(credential, subscription, options),
    containers: createContainerService(credential, subscription, options),
    resources: createResourceManagement(credential, subscription, options),
    async request(method, path, body, headers = {}) {
      const token = await credential.getToken("https://management.azure.com/.default");
      return requestSandbox(sandbox, method, path, {
        headers: { authorization: `Bearer ${token.token}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
};
