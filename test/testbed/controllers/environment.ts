/** A container's environment and arguments as the kubelet makes them: references read, `$(NAME)` replaced. */
import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";

type Variables = Readonly<Record<string, string>>;

/**
 * `$(NAME)` becomes the variable's value, `$$(NAME)` the text `$(NAME)`; a name that nobody knows stays as it is.
 * Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export const expand = (text: string, variables: Variables): string =>
  text.replace(
    /\$(\$)|\$\(([-._A-Za-z0-9]+)\)/g,
    (whole, dollar: string | undefined, name: string | undefined) =>
      dollar === undefined ? (name === undefined ? whole : (variables[name] ?? whole)) : "$",
  );

const field = (pod: V1Pod, path: string): string | undefined => {
  switch (path) {
    case "metadata.name":
      return pod.metadata?.name;
    case "metadata.namespace":
      return pod.metadata?.namespace;
    case "metadata.uid":
      return pod.metadata?.uid;
    case "spec.nodeName":
      return pod.spec?.nodeName;
    case "spec.serviceAccountName":
      return pod.spec?.serviceAccountName;
    case "status.podIP":
      return pod.status?.podIP;
    default:
      return undefined;
  }
};

/** Undefined for what is optional and absent; throws for what the kubelet would wait for. */
const referenced = async (cluster: Cluster, pod: V1Pod, variable: V1EnvVar): Promise<string | undefined> => {
  const namespace = pod.metadata?.namespace ?? "default";
  const { secretKeyRef, configMapKeyRef, fieldRef } = variable.valueFrom ?? {};
  if (fieldRef !== undefined) return field(pod, fieldRef.fieldPath);
  const reference = secretKeyRef ?? configMapKeyRef;
  if (reference === undefined) return undefined;
  const source = secretKeyRef === undefined ? "ConfigMap" : "Secret";
  const read = secretKeyRef === undefined ? cluster.configMap : cluster.secret;
  const value = (await read(namespace, reference.name ?? ""))?.[reference.key];
  if (value === undefined && !reference.optional) {
    throw new Error(`${source} ${namespace}/${reference.name} has no key ${reference.key} yet`);
  }
  return value?.toString("utf8");
};

/** Later variables may name earlier ones. */
export const environmentOf = async (
  cluster: Cluster,
  pod: V1Pod,
  container: V1Container,
): Promise<Variables> => {
  const variables: Record<string, string> = {};
  for (const variable of container.env ?? []) {
    const value =
      variable.valueFrom === undefined
        ? expand(variable.value ?? "", variables)
        : await referenced(cluster, pod, variable);
    if (value !== undefined) variables[variable.name] = value;
  }
  return variables;
};
