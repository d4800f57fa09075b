/** Verbs of one object: patch in its four forms, delete, scale, log. */
import { ApiError, notFound } from "../api-error.ts";
import { at, copyOf, type Json, type JsonObject, numberOf, objectOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { jsonPatch, mergePatch } from "../patch/json-patch.ts";
import { strategicMerge } from "../patch/strategic.ts";
import { apply } from "../write/apply.ts";
import { remove } from "../write/delete.ts";
import { find, type Place, patch } from "../write/write.ts";
import { deleteOptions, isDryRun, type ResourceRequest, send, writeOptions } from "./context.ts";
import { mediaType, objectBody } from "./request.ts";
import { sendJson } from "./respond.ts";
import { scaleOf } from "./scale.ts";

export const handlePatch = (context: ResourceRequest, kind: Kind, place: Place): void => {
  const { cluster, request, query } = context;
  const type = mediaType(request.headers["content-type"]);
  const body = context.body ?? null;
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
      if (builtIn === undefined) throw unknownPatch(kind);
      change((object) => strategicMerge(object, body, builtIn));
      return;
    }
    default:
      throw unknownPatch(kind);
  }
};

const unknownPatch = (kind: Kind): ApiError =>
  kind.custom
    ? new ApiError(
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      )
    : new ApiError("UnsupportedMediaType", "415: Unsupported Media Type", {});

export const handleDelete = (context: ResourceRequest, kind: Kind, place: Place): void => {
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

export const handleScale = (context: ResourceRequest, kind: Kind, place: Place): void => {
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

export const sendLog = ({ api, cluster, query, response }: ResourceRequest, place: Place): void => {
  const namespace = place.namespace ?? "";
  if (!cluster.objects.get("/pods", namespace, place.name)) throw notFound("pods", "", place.name);
  const lines = api.logs(namespace, place.name, query.get("container") ?? undefined);
  const tail = query.get("tailLines");
  const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
  response.writeHead(200, { "content-type": "text/plain" });
  response.end(shown.map((line) => `${line}\n`).join(""));
};
