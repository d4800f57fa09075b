/** Events: one object in two groups of the API, and how repeated ones are counted. */

import { createHash } from "node:crypto";
import type { ClusterApi } from "./cluster-api.ts";
import { at, type JsonObject, numberOf, objectOf, textOf } from "./json.ts";
import type { KubernetesObject } from "./object.ts";
import { microTimeText, timeText } from "./time.ts";

/** Writes an Event about an object, or counts up the same one. */
export const emitEvent = (
  api: ClusterApi,
  object: KubernetesObject,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
  component: string,
): void => {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const identity = [object.kind, uid, type, reason, message, component].join("\n");
  const place = {
    apiVersion: "v1",
    kind: "Event",
    namespace: namespace ?? "default",
    name: `${name}.${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`,
  };
  if (!api.get({ apiVersion: "v1", kind: "Namespace", name: place.namespace })) return;
  const now = timeText(api.pace.now());
  const known = api.get(place);
  if (known) {
    api.update({ ...known, count: (numberOf(known.count) ?? 1) + 1, lastTimestamp: now }, component);
    return;
  }
  const namespaceDoc = api.get({ apiVersion: "v1", kind: "Namespace", name: place.namespace });
  if (namespaceDoc?.metadata.deletionTimestamp !== undefined) return;
  api.create(
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: place.name, namespace: place.namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        namespace,
        uid,
        resourceVersion,
      },
      type,
      reason,
      message,
      source: { component },
      reportingComponent: component,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
    },
    component,
  );
};

/** A stored (core) Event as events.k8s.io/v1 shows it. */
export const toNewEvent = (event: KubernetesObject): KubernetesObject => {
  const {
    involvedObject,
    message,
    source,
    count,
    firstTimestamp,
    lastTimestamp,
    reportingComponent,
    reportingInstance,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: "events.k8s.io/v1",
    regarding: involvedObject,
    note: message,
    deprecatedSource: source,
    deprecatedCount: count,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    reportingController: reportingComponent,
    reportingInstance,
  };
};

/** An events.k8s.io/v1 body as it is stored. `now`: milliseconds since the epoch. */
export const toCoreEvent = (body: JsonObject, now: number): JsonObject => {
  const {
    regarding,
    note,
    deprecatedSource,
    deprecatedCount,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    reportingController,
    ...rest
  } = body;
  return {
    ...rest,
    apiVersion: "v1",
    involvedObject: objectOf(regarding),
    message: note,
    source: deprecatedSource ?? { component: textOf(reportingController) ?? "" },
    count: deprecatedCount ?? at(body, "series", "count"),
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    eventTime: textOf(body.eventTime) ?? microTimeText(now),
    reportingComponent: reportingController,
  };
};
