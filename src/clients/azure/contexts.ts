/**
 * The Azure SDK's clients by resource provider: clusters and pools by `@azure/arm-containerservice`, addresses by
 * `@azure/arm-network`, everything else by `@azure/arm-resources`. Each is loaded when a path first needs it.
 */
import type { ContainerServiceContext } from "@azure/arm-containerservice/api";
import type { NetworkManagementContext } from "@azure/arm-network/api";
import type { ResourceManagementContext } from "@azure/arm-resources/api";
import type { Login } from "./login.ts";

/** What all of the SDK's clients have in common: a pipeline that takes any path. */
export type Carrier = Pick<ResourceManagementContext, "pathUnchecked">;

export interface Contexts {
  readonly containerService: () => Promise<ContainerServiceContext>;
  readonly network: () => Promise<NetworkManagementContext>;
  readonly resources: () => Promise<ResourceManagementContext>;
}

/**
 * @param maxRetries tries that the SDK adds by itself within a second or two; 0 for writes, whose first answer may
 * have been lost after it took effect: only a look at the resource can tell, and that is the runner's to take.
 */
export const openContexts = (
  { cloud, credential, transport, renewal }: Login,
  subscription: string,
  maxRetries: number,
): Contexts => {
  const options = {
    ...transport,
    endpoint: cloud.endpoint,
    credentials: { scopes: [cloud.scope] },
    userAgentOptions: { userAgentPrefix: "aks-provision" },
    additionalPolicies: [{ policy: renewal, position: "perRetry" as const }],
    retryOptions: { maxRetries, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 },
  };
  return {
    containerService: once(async () => {
      const { createContainerService } = await import("@azure/arm-containerservice/api");
      return createContainerService(credential, subscription, options);
    }),
    network: once(async () => {
      const { createNetworkManagement } = await import("@azure/arm-network/api");
      return createNetworkManagement(credential, subscription, options);
    }),
    resources: once(async () => {
      const { createResourceManagement } = await import("@azure/arm-resources/api");
      return createResourceManagement(credential, subscription, options);
    }),
  };
};

/** The client for a path: that of the provider named last in it, `…/clusters/x/providers/Microsoft.Y/…` being Y's. */
export const carrierOf = (contexts: Contexts, path: string): Promise<Carrier> => {
  const provider = [...path.matchAll(/\/providers\/([^/?]+)/gi)].at(-1)?.[1]?.toLowerCase();
  switch (provider) {
    case "microsoft.containerservice":
      return contexts.containerService();
    case "microsoft.network":
      return contexts.network();
    default:
      return contexts.resources();
  }
};

const once = <T>(open: () => Promise<T>): (() => Promise<T>) => {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
};
