/** The verbs of a KubernetesClient as REST calls, for any kind that the API serves. */
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import type { KindName, KubernetesClient, KubernetesObject, ObjectName } from "./client.ts";
import { discovery, groupPath, type ServedKind } from "./discovery.ts";
import type { Call, Transport } from "./transport.ts";

/** Who our fields belong to in `managedFields`. */
export const fieldManager = "provision";

/** Objects asked for at once. */
const pageSize = 500;

const metadataSchema = z.looseObject({
  name: z.string().default(""),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  deletionTimestamp: z.string().optional(),
  finalizers: z.array(z.string()).optional(),
  ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string() })).optional(),
});

const objectSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: metadataSchema });

const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  items: z.array(z.looseObject({ metadata: metadataSchema })).nullish(),
});

const parseObject = (text: string): KubernetesObject => objectSchema.parse(JSON.parse(text));

/** `Service web/nginx`, `ClusterIssuer letsencrypt`: how messages name an object. */
export const nameOf = ({ kind, namespace, name }: ObjectName): string =>
  `${kind} ${namespace ? `${namespace}/` : ""}${name}`;

const nameIn = (object: KubernetesObject): ObjectName => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  namespace: object.metadata.namespace,
});

const isAbsent = (error: unknown): boolean => error instanceof Failure && error.kind === "not-found";

const collectionPath = (served: ServedKind, namespace: string | undefined): string => {
  const inside = served.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(served.apiVersion)}${inside}/${served.plural}`;
};

const objectPath = (served: ServedKind, { namespace, name }: ObjectName): string =>
  `${collectionPath(served, namespace ?? "default")}/${encodeURIComponent(name)}`;

const dryRunOf = (dryRun: boolean | undefined): string | undefined => (dryRun === true ? "All" : undefined);

export const restClient = (transport: Transport): KubernetesClient => {
  const kinds = discovery(transport);

  const served = async (name: KindName, resource: string): Promise<ServedKind> => {
    const found = await kinds.find(name);
    if (found) return found;
    throw new Failure({
      kind: "not-found",
      code: "KindNotServed",
      message: `the cluster does not serve ${name.kind} (${name.apiVersion})`,
      resource,
      hint: "Its CustomResourceDefinition is missing, or serves another version.",
    });
  };

  const write = async (
    object: KubernetesObject,
    call: (kind: ServedKind, name: ObjectName) => Omit<Call, "resource" | "body">,
  ): Promise<KubernetesObject> => {
    const name = nameIn(object);
    const resource = nameOf(name);
    const kind = await served(object, resource);
    return parseObject(await transport.send({ ...call(kind, name), body: object, resource }));
  };

  const get: KubernetesClient["get"] = async (name) => {
    const kind = await kinds.find(name);
    if (!kind) return undefined;
    try {
      return parseObject(
        await transport.send({ method: "GET", path: objectPath(kind, name), resource: nameOf(name) }),
      );
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  const listPages = async (
    kind: ServedKind,
    options: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<readonly KubernetesObject[]> => {
    const objects: KubernetesObject[] = [];
    let next: string | undefined;
    do {
      const text = await transport.send({
        method: "GET",
        path: collectionPath(kind, options.namespace),
        query: {
          labelSelector: options.labelSelector,
          fieldSelector: options.fieldSelector,
          limit: String(pageSize),
          continue: next,
        },
        resource: `every ${kind.kind}`,
      });
      const page = listSchema.parse(JSON.parse(text));
      // Items of a list carry neither; whoever reads them expects whole objects.
      for (const item of page.items ?? [])
        objects.push({ ...item, apiVersion: kind.apiVersion, kind: kind.kind });
      next = page.metadata?.continue || undefined;
    } while (next !== undefined);
    return objects;
  };

  const list: KubernetesClient["list"] = async (name, options = {}) => {
    const kind = await kinds.find(name);
    if (!kind) return [];
    try {
      return await listPages(kind, options);
    } catch (error) {
      if (isAbsent(error)) return [];
      // The list grew too old between two pages (410): from the start, once.
      if (error instanceof Failure && error.code === "Expired") return await listPages(kind, options);
      throw error;
    }
  };

  const remove: KubernetesClient["delete"] = async (name, options = {}) => {
    const kind = await kinds.find(name);
    if (!kind) return;
    try {
      await transport.send({
        method: "DELETE",
        path: objectPath(kind, name),
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          propagationPolicy: options.propagation ?? "Background",
          ...((options.uid ?? options.resourceVersion) !== undefined && {
            preconditions: { uid: options.uid, resourceVersion: options.resourceVersion },
          }),
        },
        resource: nameOf(name),
      });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  };

  const logs: KubernetesClient["logs"] = async (namespace, pod, options = {}) => {
    try {
      const text = await transport.send({
        method: "GET",
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
        query: { container: options.container, tailLines: String(options.tail ?? 20) },
        resource: `log of Pod ${namespace}/${pod}`,
      });
      return text.split("\n").filter((line) => line !== "");
    } catch (error) {
      // 404: gone. 400: its container has not started, so there is nothing to read.
      if (isAbsent(error) || (error instanceof Failure && error.kind === "rejected")) return [];
      throw error;
    }
  };

  return {
    get,
    list,
    apply: (object, options = {}) =>
      write(object, (kind, name) => ({
        method: "PATCH",
        path: objectPath(kind, name),
        contentType: "application/apply-patch+yaml",
        query: {
          fieldManager,
          fieldValidation: "Strict",
          force: options.force === true ? "true" : undefined,
          dryRun: dryRunOf(options.dryRun),
        },
      })),
    create: (object, options = {}) =>
      write(object, (kind, { namespace }) => ({
        method: "POST",
        path: collectionPath(kind, namespace ?? "default"),
        query: { fieldManager, fieldValidation: "Strict", dryRun: dryRunOf(options.dryRun) },
      })),
    replace: (object) =>
      write(object, (kind, name) => ({
        method: "PUT",
        path: objectPath(kind, name),
        query: { fieldManager },
      })),
    patch: async (name, patch, options = {}) => {
      const resource = nameOf(name);
      const path = objectPath(await served(name, resource), name);
      return parseObject(
        await transport.send({
          method: "PATCH",
          path: options.subresource ? `${path}/${options.subresource}` : path,
          contentType: "application/merge-patch+json",
          query: { fieldManager },
          body: patch,
          resource,
        }),
      );
    },
    delete: remove,
    serves: async (name) => (await kinds.find(name)) !== undefined,
    kinds: async () =>
      (await kinds.all())
        .filter((kind) => kind.verbs.includes("list"))
        .map(({ apiVersion, kind, namespaced }) => ({ apiVersion, kind, namespaced })),
    logs,
    version: async () => {
      const text = await transport.send({ method: "GET", path: "/version", resource: "the API's version" });
      return z.looseObject({ gitVersion: z.string() }).parse(JSON.parse(text)).gitVersion;
    },
    kubeconfig: async () => (await transport.login()).kubeconfig,
  };
};
