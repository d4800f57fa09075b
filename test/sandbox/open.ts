/** A sandbox in this process for one test: instant, in a folder of its own, with a Kubernetes that only takes notes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainerServiceContext, createContainerService } from "@azure/arm-containerservice/api";
import { NetworkManagementClient } from "@azure/arm-network";
import { createResourceManagement, type ResourceManagementContext } from "@azure/arm-resources/api";
import { ClientAssertionCredential, ClientSecretCredential } from "@azure/identity";
import { Agent, fetch, type Headers, type RequestInit, type Response } from "undici";
import { onTestFinished } from "vitest";
import { z } from "zod";
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
  readonly credential: ClientSecretCredential | ClientAssertionCredential;
  readonly network: NetworkManagementClient;
  readonly containers: ContainerServiceContext;
  readonly resources: ResourceManagementContext;
  /** One call of ARM without an SDK, below the subscription; `api-version` is added. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }>;
  readonly subscription: string;
}

/** The real SDKs, pointed at the sandbox as `provision` points them. */
export const openAzure = (sandbox: Sandbox): Azure => {
  const { AZURE_CLIENT_ID: client = "", AZURE_CLIENT_SECRET: secret = "" } = sandbox.environment();
  return azureWith(sandbox, new ClientSecretCredential(tenantOf(sandbox), client, secret, loginTo(sandbox)));
};

/** The same, logged in as an application of the sandbox's directory by a CI job's token of this subject. */
export const openAzureAs = (sandbox: Sandbox, client: string, subject: string): Azure => {
  const assertion = async () => sandbox.control.assertion({ subject }).assertion;
  return azureWith(
    sandbox,
    new ClientAssertionCredential(tenantOf(sandbox), client, assertion, loginTo(sandbox)),
  );
};

const tenantOf = (sandbox: Sandbox): string => sandbox.environment().AZURE_TENANT_ID ?? "";

const loginTo = (sandbox: Sandbox) => ({
  authorityHost: sandbox.url,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: sandbox.authority },
});

const azureWith = (sandbox: Sandbox, credential: Azure["credential"]): Azure => {
  const environment = sandbox.environment();
  const tlsOptions = { ca: sandbox.authority };
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
    subscription,
    async request(method, path, body, headers = {}) {
      const token = await credential.getToken("https://management.azure.com/.default");
      const separator = path.includes("?") ? "&" : "?";
      const absolute = path.startsWith("//") ? path.slice(1) : `/subscriptions/${subscription}${path}`;
      const response = await requestSandbox(
        sandbox,
        method,
        `${absolute}${separator}api-version=2024-01-01`,
        {
          headers: { authorization: `Bearer ${token.token}`, "content-type": "application/json", ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
      );
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)),
      };
    },
  };
};

/** The code and status of a refusal. */
export const refusal = (reply: { status: number; body: Record<string, unknown> }): unknown => ({
  status: reply.status,
  code: z.object({ code: z.string() }).safeParse(reply.body.error).data?.code,
});

/** A cluster as ARM takes it. */
export const clusterBody = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  location: "westeurope",
  identity: { type: "SystemAssigned" },
  properties: {
    dnsPrefix: "clu",
    kubernetesVersion: "1.35",
    agentPoolProfiles: [{ name: "system", mode: "System", count: 2, vmSize: "Standard_D2s_v5" }],
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay" },
    ...over,
  },
});

export const clusterPath = "/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/clu";

/** Makes the group `rg` in West Europe. */
export const makeGroup = async (azure: Azure, name = "rg"): Promise<void> => {
  await azure.request("PUT", `/resourceGroups/${name}`, { location: "westeurope" });
};
