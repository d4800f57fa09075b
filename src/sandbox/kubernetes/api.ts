/** The ClusterApi of one cluster: the write functions and the storage, called in process. */

import type { World } from "../world.ts";
import { ApiError } from "./api-error.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterApi, RecordedWrite } from "./cluster-api.ts";
import { emitEvent } from "./events.ts";
import { type Json, type JsonObject, objectOf, objectsOf } from "./json.ts";
import { type Kind, storageOf } from "./kinds/kind.ts";
import type { KindName, KubernetesObject, ObjectName } from "./object.ts";
import { mergePatch } from "./patch/json-patch.ts";
import { labelSelector } from "./selectors.ts";
import { apply } from "./write/apply.ts";
import { remove } from "./write/delete.ts";
import { inProcess } from "./write/options.ts";
import { create, patch, replace } from "./write/write.ts";

/** Lines kept of one container's log. */
const logLines = 500;

export const createClusterApi = (
  cluster: Cluster,
  world: World,
  watch: ClusterApi["watch"],
  writes: readonly RecordedWrite[],
): ClusterApi => {
  const kindOf = ({ apiVersion, kind }: KindName): Kind => {
    const found = cluster.kinds.byName(apiVersion, kind);
    if (!found) throw new ApiError("NotFound", `no matches for kind "${kind}" in version "${apiVersion}"`);
    return found;
  };
  const placeOf = (kind: Kind, { namespace, name }: ObjectName) => ({
    namespace: kind.namespaced ? namespace : undefined,
    name,
  });
  const logKey = (namespace: string, pod: string, container: string) => `${namespace}/${pod}/${container}`;
  const firstContainer = (namespace: string, pod: string): string => {
    const spec = objectOf(cluster.objects.get("/pods", namespace, pod)?.spec);
    const [container] = objectsOf(spec.containers);
    return typeof container?.name === "string" ? container.name : "";
  };
  const writeStatus = (object: KubernetesObject, manager: string): KubernetesObject => {
    const kind = kindOf(object);
    const body: JsonObject = { ...object, metadata: { ...object.metadata, managedFields: [] } };
    const place = placeOf(kind, { ...object, ...object.metadata });
    return replace(cluster, kind, place, body, inProcess(manager, kind.status ? "status" : ""), false);
  };

  const api: ClusterApi = {
    key: cluster.state.settings.key,
    get settings() {
      return cluster.state.settings;
    },
    world,
    pace: cluster.pace,
    get: (name) => {
      const kind = cluster.kinds.byName(name.apiVersion, name.kind);
      if (!kind) return undefined;
      const found = cluster.objects.get(
        storageOf(kind),
        kind.namespaced ? name.namespace : undefined,
        name.name,
      );
      return found && found.apiVersion !== kind.apiVersion
        ? { ...found, apiVersion: kind.apiVersion }
        : found;
    },
    list: (name, options = {}) => {
      const kind = cluster.kinds.byName(name.apiVersion, name.kind);
      if (!kind) return [];
      const selected = labelSelector(options.labelSelector);
      return cluster.objects
        .list(storageOf(kind), options.namespace)
        .filter((object) => selected(object.metadata.labels ?? {}))
        .map((object) =>
          object.apiVersion === kind.apiVersion ? object : { ...object, apiVersion: kind.apiVersion },
        );
    },
    create: (object, manager = "sandbox") =>
      create(cluster, kindOf(object), object.metadata.namespace, object, inProcess(manager)),
    update: (object, manager = "sandbox") => {
      const kind = kindOf(object);
      return replace(
        cluster,
        kind,
        placeOf(kind, { ...object, ...object.metadata }),
        object,
        inProcess(manager),
        false,
      );
    },
    updateStatus: (object, manager = "sandbox") => writeStatus(object, manager),
    setStatus: (name, change, manager = "sandbox") => {
      const object = api.get(name);
      if (!object) return undefined;
      return writeStatus({ ...object, status: change(objectOf(object.status), object) }, manager);
    },
    apply: (object, { manager, subresource }) => {
      const kind = kindOf(object);
      const place = placeOf(kind, { ...object, ...object.metadata, name: object.metadata.name ?? "" });
      return apply(cluster, kind, place, object, inProcess(manager, subresource), true).object;
    },
    patch: (name, change: Json, manager = "sandbox") => {
      const kind = kindOf(name);
      return patch(
        cluster,
        kind,
        placeOf(kind, name),
        (object) => objectOf(mergePatch(object, change)),
        inProcess(manager),
      );
    },
    delete: (name, options = {}) => {
      const kind = cluster.kinds.byName(name.apiVersion, name.kind);
      if (!kind) return;
      const place = placeOf(kind, name);
      if (cluster.objects.get(storageOf(kind), place.namespace, place.name))
        remove(cluster, kind, place, options);
    },
    watch,
    emitEvent: (object, type, reason, message, component = "sandbox") =>
      emitEvent(api, object, type, reason, message, component),
    log: (namespace, pod, line, container = firstContainer(namespace, pod)) => {
      const key = logKey(namespace, pod, container);
      const lines = cluster.state.logs[key] ?? [];
      cluster.state.logs[key] = [...lines, line].slice(-logLines);
      cluster.changed();
    },
    logs: (namespace, pod, container = firstContainer(namespace, pod)) =>
      cluster.state.logs[logKey(namespace, pod, container)] ?? [],
    webhookReady: cluster.webhookReady,
    writes: () => writes,
  };
  return api;
};
