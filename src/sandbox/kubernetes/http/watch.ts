/** Watches: one JSON event a line, from a resource version on. */
import type { ServerResponse } from "node:http";
import { ApiError } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { JsonObject } from "../json.ts";
import { type Kind, storageOf } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import type { Entry } from "../objects.ts";
import { type Form, inForm } from "./respond.ts";

export interface WatchRequest {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly selected: (object: KubernetesObject) => boolean;
  readonly form: Form;
  /** As in the query; absent and "0" mean: whatever there is now, then changes. */
  readonly resourceVersion: string | undefined;
  readonly sendInitialEvents: boolean;
  readonly bookmarks: boolean;
  /** Ends the watch, in milliseconds. */
  readonly timeout: number;
  readonly present: (object: KubernetesObject) => KubernetesObject;
}

const initialEventsEnd = "k8s.io/initial-events-end";

const atVersion = (object: KubernetesObject, revision: number): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** Streams until the client leaves, the time is up or the cluster goes. */
export const watch = (
  cluster: Cluster,
  request: WatchRequest,
  response: ServerResponse,
  signal: AbortSignal,
): void => {
  const { kind, namespace, selected } = request;
  const storage = storageOf(kind);
  const version = request.resourceVersion ?? "";
  const start = version === "" || version === "0" || request.sendInitialEvents ? undefined : Number(version);

  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
  response.flushHeaders();
  const send = (type: string, object: JsonObject) => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const known = start === undefined || start >= cluster.kinds.servedSince(storage);
  const past = start === undefined ? [] : known ? cluster.objects.since(start) : undefined;
  if (!past) {
    send(
      "ERROR",
      new ApiError("Expired", `too old resource version: ${version} (${cluster.objects.revision()})`).status,
    );
    response.end();
    return;
  }
  const show = (object: KubernetesObject) =>
    inForm(kind, request.present(object), request.form, cluster.pace.now());
  const inPlace = (object: KubernetesObject) =>
    namespace === undefined || object.metadata.namespace === namespace;
  const tell = (entry: Entry) => {
    if (entry.storage !== storage || !inPlace(entry.object)) return;
    const now = entry.type !== "deleted" && selected(entry.object);
    const before = entry.previous !== undefined && selected(entry.previous);
    if (now) send(before ? "MODIFIED" : "ADDED", show(entry.object));
    // What is gone, or no longer fits the selector, is told as it was before.
    else if (before && entry.previous) send("DELETED", show(atVersion(entry.previous, entry.revision)));
  };
  if (start === undefined) {
    for (const object of cluster.objects.list(storage, namespace))
      if (selected(object)) send("ADDED", show(object));
  }
  for (const entry of past) tell(entry);
  const bookmark = (annotations?: JsonObject) => {
    const metadata = {
      resourceVersion: String(cluster.objects.revision()),
      ...(annotations ? { annotations } : {}),
    };
    send("BOOKMARK", { kind: kind.kind, apiVersion: kind.apiVersion, metadata });
  };
  if (request.sendInitialEvents) bookmark({ [initialEventsEnd]: "true" });

  const stopListening = cluster.objects.listen(tell);
  const timer = setTimeout(() => {
    if (request.bookmarks) bookmark();
    end();
  }, request.timeout);
  timer.unref();
  const end = () => {
    clearTimeout(timer);
    stopListening();
    signal.removeEventListener("abort", end);
    response.end();
  };
  signal.addEventListener("abort", end);
  response.on("close", end);
};
