/** Requests about objects: the verbs of one kind and its subresources. */
import { ApiError, NoPage, noMethod, noResource, notFound } from "../api-error.ts";
import { objectOf } from "../json.ts";
import { builtInKinds } from "../kinds/built-in.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import { remove } from "../write/delete.ts";
import { create, find, type Place, replace } from "../write/write.ts";
import {
  deleteOptions,
  incoming,
  isDryRun,
  presenter,
  type RawRequest,
  type ResourceRequest,
  send,
  writeOptions,
} from "./context.ts";
import { duplicateFields } from "./duplicates.ts";
import { listPage, selection } from "./list.ts";
import { checkListOptions } from "./list-options.ts";
import { handleDelete, handlePatch, handleScale, sendLog } from "./object-verbs.ts";
import { decodeBody, mediaType, objectBody } from "./request.ts";
import { formOf, listInForm, sendJson } from "./respond.ts";
import { requestToken, review } from "./reviews.ts";
import { watch } from "./watch.ts";

/** What is said where nothing is served: built-in groups answer for themselves, all others have no page. */
export const nothingAt = (group: string): Error =>
  builtInKinds.some((kind) => kind.group === group) ? noResource() : new NoPage();

const endpointsWarning = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

export const handleResource = (raw: RawRequest): void => {
  const { cluster, path, request, bytes } = raw;
  const kind = cluster.kinds.byPath(path.group, path.version, path.plural);
  const misplaced =
    kind && (path.namespace === undefined ? kind.namespaced && path.name !== undefined : !kind.namespaced);
  if (!kind || misplaced) throw nothingAt(path.group);
  const method = request.method ?? "GET";
  const type = mediaType(request.headers["content-type"]);
  const context: ResourceRequest = {
    ...raw,
    body: decodeBody(bytes, method, type, kind.kind),
    duplicates: method === "GET" ? [] : duplicateFields(bytes.toString("utf8")),
  };
  if (kind.group === "" && kind.kind === "Endpoints") {
    raw.response.setHeader("warning", `299 - ${JSON.stringify(endpointsWarning)}`);
  }
  if (path.name === undefined) handleCollection(context, kind);
  else handleObject(context, kind, { namespace: path.namespace, name: path.name });
};

const handleCollection = (context: ResourceRequest, kind: Kind): void => {
  const { cluster, request, response, query, path } = context;
  const present = presenter(kind);
  switch (request.method) {
    case "GET": {
      const watches = query.get("watch") === "true" || query.get("watch") === "1";
      checkListOptions(kind, query, watches);
      if (watches) {
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
      if (kind.namespaced && path.namespace === undefined) throw kind.custom ? new NoPage() : noMethod();
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
      throw request.method === "PUT" && kind.custom
        ? new ApiError("BadRequest", "name must be provided")
        : noMethod();
  }
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
      throw notServed(kind, place);
  }
  if (path.subresource === "status" && !kind.status) throw notServed(kind, place);
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
      throw noMethod();
  }
};

/** A subresource that the kind does not have. */
const notServed = (kind: Kind, { name }: Place): ApiError =>
  kind.custom ? notFound(kind.plural, kind.group, name) : noResource();
