/**
 * Operations of the SDK's own, where an answer's model is all that is wanted: a cluster's credentials, the versions
 * that a region offers, whether a DNS label is free. Resources themselves are read and written as wire JSON.
 */
import type { ManagedClustersListClusterAdminCredentialsOptionalParams as OperationOptions } from "@azure/arm-containerservice/api/managedClusters";
import type { Contexts } from "./contexts.ts";
import { type ErrorAnswer, failureOfAnswer, failureOfThrown } from "./errors.ts";

/** A minor version of Kubernetes that AKS has in a region. */
export interface OfferedVersion {
  /** As in `1.35`. */
  readonly minor: string;
  /** As in `1.35.4`. */
  readonly patches: readonly string[];
  readonly preview: boolean;
}

export interface TypedOperations {
  /**
   * The kubeconfig that AKS hands out for a cluster's administrator or user.
   * @param id ARM id of the cluster.
   */
  clusterKubeconfig(id: string, user: "Admin" | "User", signal: AbortSignal): Promise<string>;
  /** What AKS offers in a region. */
  kubernetesVersions(location: string, signal: AbortSignal): Promise<readonly OfferedVersion[]>;
  /** Whether `<label>.<location>.cloudapp.azure.com` is free. */
  dnsLabelFree(location: string, label: string, signal: AbortSignal): Promise<boolean>;
}

export const typedOperations = (contexts: Contexts): TypedOperations => ({
  clusterKubeconfig: async (id, user, signal) => {
    const [, subscriptionId = "", , group = ""] = id.split("/").slice(1);
    const context = { ...(await contexts.containerService()), subscriptionId };
    const { listClusterAdminCredentials, listClusterUserCredentials } = await import(
      "@azure/arm-containerservice/api/managedClusters"
    );
    const name = id.split("/").at(-1) ?? "";
    const { kubeconfigs } = await answered(id, signal, (options) =>
      user === "Admin"
        ? listClusterAdminCredentials(context, group, name, options)
        : listClusterUserCredentials(context, group, name, { ...options, format: "exec" }),
    );
    return Buffer.from(kubeconfigs?.[0]?.value ?? []).toString("utf8");
  },
  kubernetesVersions: async (location, signal) => {
    const context = await contexts.containerService();
    const { listKubernetesVersions } = await import("@azure/arm-containerservice/api/managedClusters");
    const { values } = await answered(location, signal, (options) =>
      listKubernetesVersions(context, location, options),
    );
    return (values ?? []).flatMap(({ version, patchVersions, isPreview }) =>
      version === undefined
        ? []
        : [{ minor: version, patches: Object.keys(patchVersions ?? {}), preview: isPreview ?? false }],
    );
  },
  dnsLabelFree: async (location, label, signal) => {
    const context = await contexts.network();
    const { checkDnsNameAvailability } = await import("@azure/arm-network/api");
    const { available } = await answered(location, signal, (options) =>
      checkDnsNameAvailability(context, location, label, options),
    );
    return available ?? false;
  },
});

/** Runs an operation; its refusal becomes a Failure with everything that the answer says, headers too. */
const answered = async <T>(
  resource: string,
  signal: AbortSignal,
  operation: (options: OperationOptions) => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted();
  let answer: ErrorAnswer | undefined;
  try {
    return await operation({
      abortSignal: signal,
      onResponse: ({ status, headers, parsedBody }) => {
        answer = { status, headers: headers.toJSON(), body: parsedBody };
      },
    });
  } catch (error) {
    if (answer !== undefined && answer.status >= 400) throw failureOfAnswer(answer, resource);
    throw failureOfThrown(error, resource);
  }
};
