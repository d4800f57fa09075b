/**
 * Admission webhooks. The sandbox calls none; what it models is whether they answer: one that matches and whose
 * Service has nobody behind it fails the request, or not, as its failure policy says.
 */
import { ApiError } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { at, isObject, type JsonObject, listOf, numberOf, objectsOf, textOf, textsOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { matchesSelector } from "../selectors.ts";
import type { WriteOptions } from "../write/options.ts";

const group = "admissionregistration.k8s.io";

/** Throws the 500 of a webhook that does not answer. `before` is missing on create, `after` on delete. */
export const admit = (
  cluster: Cluster,
  kind: Kind,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
  options: WriteOptions,
): void => {
  // Webhooks never see their own configurations.
  if (kind.group === group) return;
  const object = after ?? before;
  if (!object) return;
  const operation = !after ? "DELETE" : before ? "UPDATE" : "CREATE";
  const resource = options.subresource ? `${kind.plural}/${options.subresource}` : kind.plural;
  for (const plural of ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]) {
    for (const configuration of cluster.objects.list(`${group}/${plural}`)) {
      for (const webhook of objectsOf(configuration.webhooks)) {
        if (!matches(cluster, webhook, kind, resource, operation, object)) continue;
        const service = at(webhook, "clientConfig", "service");
        if (!isObject(service)) continue;
        const namespace = textOf(service.namespace) ?? "";
        const name = textOf(service.name) ?? "";
        if (cluster.webhookReady(namespace, name) || webhook.failurePolicy === "Ignore") continue;
        throw unreachable(cluster, webhook, service, namespace, name);
      }
    }
  }
};

const includes = (list: JsonObject[string], value: string): boolean => {
  const items = listOf(list);
  return items.includes("*") || items.includes(value);
};

const matches = (
  cluster: Cluster,
  webhook: JsonObject,
  kind: Kind,
  resource: string,
  operation: string,
  object: KubernetesObject,
): boolean => {
  const rule = objectsOf(webhook.rules).some(
    (item) =>
      includes(item.operations, operation) &&
      includes(item.apiGroups, kind.group) &&
      includes(item.apiVersions, kind.version) &&
      (listOf(item.resources).includes("*/*") ||
        (includes(item.resources, resource) &&
          (!resource.includes("/") || listOf(item.resources).includes(resource))) ||
        listOf(item.resources).includes(`${kind.plural}/*`)) &&
      (item.scope === undefined || item.scope === "*" || (item.scope === "Namespaced") === kind.namespaced),
  );
  if (!rule || !matchesSelector(webhook.objectSelector, textsOf(object.metadata.labels))) return false;
  const namespace = kind.namespaced
    ? cluster.objects.get("/namespaces", undefined, object.metadata.namespace ?? "")
    : kind.kind === "Namespace"
      ? object
      : undefined;
  return !namespace || matchesSelector(webhook.namespaceSelector, textsOf(namespace.metadata.labels));
};

const unreachable = (
  cluster: Cluster,
  webhook: JsonObject,
  service: JsonObject,
  namespace: string,
  name: string,
): ApiError => {
  const path = textOf(service.path) ?? "/";
  const port = numberOf(service.port) ?? 443;
  const timeout = numberOf(webhook.timeoutSeconds) ?? 10;
  const url = `https://${name}.${namespace}.svc:${port}${path}?timeout=${timeout}s`;
  const known = cluster.objects.get("/services", namespace, name) !== undefined;
  const reason = known
    ? `no endpoints available for service ${JSON.stringify(name)}`
    : `service ${JSON.stringify(name)} not found`;
  const message = `failed calling webhook ${JSON.stringify(textOf(webhook.name) ?? "")}: failed to call webhook: Post ${JSON.stringify(url)}: ${reason}`;
  return new ApiError("InternalError", `Internal error occurred: ${message}`, {
    causes: [{ reason: "", message }],
  });
};
