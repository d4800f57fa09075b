/** Requests about objects: the verbs of one kind and its subresources. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, notFound } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { ClusterApi, DeleteOptions } from "../cluster-api.ts";
import { toCoreEvent, toNewEvent } from "../events.ts";
import { at, copyOf, type Json, type JsonObject, numberOf, objectOf, textOf } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { jsonPatch, mergePatch } from "../patch/json-patch.ts";
import { strategicMerge } from "../patch/strategic.ts";
import { apply } from "../write/apply.ts";
import { remove } from "../write/delete.ts";
import type { WriteOptions } from "../write/options.ts";
import { checkNamespace, create, find, type Place, patch, replace } from "../write/write.ts";
import { listPage, selection } from "./list.ts";
import { objectBody, type ResourcePath } from "./request.ts";
import { formOf, inForm, listInForm, sendJson } from "./respond.ts";
import { requestToken, review } from "./reviews.ts";
import { scaleOf } from "./scale.ts";
import { watch } from "./watch.ts";

export interface ResourceRequest {
  readonly cluster: Cluster;
  readonly api: ClusterApi;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  /** Whom the token speaks for. */
  readonly user: string;
  /** Ends watches. */
  readonly signal: AbortSignal;
}

/** Events are stored as core/v1 and shown in the group that was asked. */
const presenter =
  (kind: Kind) =>
  (object: KubernetesObject): KubernetesObject => {
    if (kind.group === "events.k8s.io") return toNewEvent(object);
    return object.apiVersion === kind.apiVersion ? object : { ...object, apiVersion: kind.apiVersion };
  };

const writeOptions = (context: ResourceRequest, isApply: boolean): WriteOptions => {
  const { query, request, response, path } = context;
  const manager = query.get("fieldManager") ?? "";
  if (isApply && manager === "") {
    throw new ApiError(
      "Invalid",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const validation = query.get("fieldValidation");
  const warnings: string[] = [];
  return {
    manager: manager || (request.headers["user-agent"] ?? "unknown").split("/")[0] || "unknown",
    dryRun: query.getAll("dryRun").includes("All"),
    validation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    subresource: path.subresource === "status" ? "status" : "",
    warn: (message) => {
      warnings.push(`299 - ${JSON.stringify(message)}`);
      response.setHeader("warning", warnings);
    },
  };
};

export const handleResource = (context: ResourceRequest): void => {
  const { cluster, path } = context;
  const kind = cluster.kinds.byPath(path.group, path.version, path.plural);
  if (!kind)
    throw new ApiError("NotFound", "the server could not find the requested resource", {
      group: path.group,
      kind: path.plural,
    });
  if (kind.namespaced && path.name !== undefined && path.namespace === undefined) {
    throw new ApiError("NotFound", "the server could not find the requested resource");
  }
  if (path.name === undefined) handleCollection(context, kind);
  else
    handleObject(context, kind, { namespace: kind.namespaced ? path.namespace : undefined, name: path.name });
};

const send = (context: ResourceRequest, kind: Kind, code: number, object: KubernetesObject): void =>
  sendJson(
    context.response,
    code,
    inForm(kind, presenter(kind)(object), formOf(context.request), context.cluster.pace.now()),
  );

const handleCollection = (context: ResourceRequest, kind: Kind): void => {
  const { cluster, request, response, query, path } = context;
  const present = presenter(kind);
  switch (request.method) {
    case "GET": {
      if (query.get("watch") === "true" || query.get("watch") === "1") {
        startWatch(context, kind, query);
        return;
      }
      const page = listPage(cluster, kind, path.namespace, query, present);
      sendJson(
        response,
        200,
        listInForm(kind, page.items, page.metadata, formOf(request), cluster.pace.now()),
      );
      return;
    }
    case "POST": {
      const body = objectBody(context.body);
      if (kind.virtual) {
        sendJson(response, 201, review(cluster, kind, body, context.user));
        return;
      }
      const options = writeOptions(context, false);
      const [stored, content] = incoming(cluster, kind, body);
      if (kind.namespaced && path.namespace === undefined)
        throw new ApiError(
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource",
        );
      send(context, kind, 201, create(cluster, stored, path.namespace, content, options));
      return;
    }
    case "DELETE": {
      const options = deleteOptions(context);
      const dryRun = isDryRun(context);
      const items = cluster.objects.list(storageOf(kind), path.namespace).filter(selection(query, present));
      for (const item of items) {
        remove(
          cluster,
          kind,
          { namespace: item.metadata.namespace, name: item.metadata.name },
          options,
          dryRun,
        );
      }
      const metadata = { resourceVersion: String(cluster.objects.revision()) };
      sendJson(response, 200, listInForm(kind, items.map(present), metadata, "object", cluster.pace.now()));
      return;
    }
    default:
      throw new ApiError(
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
      );
  }
};

/** Bodies of events.k8s.io are stored as core events. */
const incoming = (cluster: Cluster, kind: Kind, body: JsonObject): readonly [Kind, JsonObject] => {
  if (kind.group !== "events.k8s.io") return [kind, body];
  return [cluster.kinds.byName("v1", "Event") ?? kind, toCoreEvent(body, cluster.pace.now())];
};

const startWatch = (context: ResourceRequest, kind: Kind, query: URLSearchParams): void => {
  const { cluster, request, response, path, signal } = context;
  const present = presenter(kind);
  const seconds = Number(query.get("timeoutSeconds") ?? "0");
  watch(
    cluster,
    {
      kind,
      namespace: path.namespace,
      selected: selection(query, present),
      form: formOf(request),
      resourceVersion: query.get("resourceVersion") ?? undefined,
      sendInitialEvents: query.get("sendInitialEvents") === "true",
      bookmarks: query.get("allowWatchBookmarks") === "true",
      timeout: (seconds > 0 ? seconds : 1800) * 1000,
      present,
    },
    response,
    signal,
  );
};

const handleObject = (context: ResourceRequest, kind: Kind, place: Place): void => {
  const { cluster, request, response, path } = context;
  switch (path.subresource) {
    case undefined:
    case "status":
      break;
    case "log":
      sendLog(context, place);
      return;
    case "scale":
      handleScale(context, kind, place);
      return;
    case "token":
      sendJson(
        response,
        201,
        requestToken(cluster, place.namespace ?? "", place.name, objectOf(context.body)),
      );
      return;
    case "finalize":
      break;
    default:
      throw new ApiError("NotFound", "the server could not find the requested resource");
  }
  if (path.subresource === "status" && !kind.status) {
    throw new ApiError("NotFound", "the server could not find the requested resource");
  }
  switch (request.method) {
    case "GET":
      send(context, kind, 200, find(cluster, kind, place));
      return;
    case "PUT": {
      const [stored, content] = incoming(cluster, kind, objectBody(context.body));
      send(context, kind, 200, replace(cluster, stored, place, content, writeOptions(context, false)));
      return;
    }
    case "PATCH":
      handlePatch(context, kind, place);
      return;
    case "DELETE":
      handleDelete(context, kind, place);
      return;
    default:
      throw new ApiError(
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
      );
  }
};

const handlePatch = (context: ResourceRequest, kind: Kind, place: Place): void => {
  const { cluster, request, query } = context;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim();
  const body = context.body ?? null;
  checkNamespace(cluster, kind, undefined, place.name);
  const change = (merge: (object: JsonObject) => Json) =>
    send(
      context,
      kind,
      200,
      patch(cluster, kind, place, (object) => objectOf(merge(object)), writeOptions(context, false)),
    );
  switch (type) {
    case "application/apply-patch+yaml": {
      const options = writeOptions(context, true);
      const done = apply(cluster, kind, place, objectBody(body), options, query.get("force") === "true");
      send(context, kind, done.created ? 201 : 200, done.object);
      return;
    }
    case "application/json-patch+json":
      change((object) => jsonPatch(object, body));
      return;
    case "application/merge-patch+json":
      change((object) => mergePatch(object, body));
      return;
    case "application/strategic-merge-patch+json": {
      const builtIn = kind.type;
      if (builtIn === undefined) {
        throw new ApiError(
          "UnsupportedMediaType",
          "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
        );
      }
      change((object) => strategicMerge(object, body, builtIn));
      return;
    }
    default:
      throw new ApiError(
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
      );
  }
};

const isDryRun = ({ query, body }: ResourceRequest): boolean => {
  const inBody = objectOf(body).dryRun;
  return query.getAll("dryRun").includes("All") || (Array.isArray(inBody) && inBody.includes("All"));
};

const deleteOptions = ({ query, body }: ResourceRequest): DeleteOptions => {
  const options = objectOf(body);
  const propagation = textOf(options.propagationPolicy) ?? query.get("propagationPolicy");
  return {
    propagation:
      propagation === "Foreground" || propagation === "Orphan" || propagation === "Background"
        ? propagation
        : options.orphanDependents === true
          ? "Orphan"
          : undefined,
    uid: textOf(at(options, "preconditions", "uid")),
    resourceVersion: textOf(at(options, "preconditions", "resourceVersion")),
  };
};

const handleDelete = (context: ResourceRequest, kind: Kind, place: Place): void => {
  const { cluster, response } = context;
  const { object, gone } = remove(cluster, kind, place, deleteOptions(context), isDryRun(context));
  if (!gone) {
    send(context, kind, 200, object);
    return;
  }
  sendJson(response, 200, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: place.name,
      group: kind.group || undefined,
      kind: kind.plural,
      uid: object.metadata.uid,
    },
  });
};

const handleScale = (context: ResourceRequest, kind: Kind, place: Place): void => {
  const { cluster, request, response } = context;
  const object = find(cluster, kind, place);
  if (request.method === "GET") {
    sendJson(response, 200, scaleOf(object));
    return;
  }
  const body =
    request.method === "PATCH"
      ? objectOf(mergePatch(copyOf(scaleOf(object)), context.body ?? {}))
      : objectBody(context.body);
  const replicas = numberOf(at(body, "spec", "replicas")) ?? 0;
  const options = { ...writeOptions(context, false), subresource: "" } as const;
  const stored = patch(
    cluster,
    kind,
    place,
    (current) => ({ ...current, spec: { ...objectOf(current.spec), replicas } }),
    options,
  );
  sendJson(response, 200, scaleOf(stored));
};

const sendLog = ({ api, cluster, query, response }: ResourceRequest, place: Place): void => {
  const namespace = place.namespace ?? "";
  if (!cluster.objects.get("/pods", namespace, place.name)) throw notFound("pods", "", place.name);
  const lines = api.logs(namespace, place.name, query.get("container") ?? undefined);
  const tail = query.get("tailLines");
  const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  response.writeHead(200, { "content-type": "text/plain" });
  response.end(shown.map((line) => `${line}\n`).join(""));
};
