/** What a list or a watch may ask for: fields that a kind can be selected by, versions, and what fits together. */
import { ApiError, type Cause, invalid } from "../api-error.ts";
import type { Kind } from "../kinds/kind.ts";
import { fieldNames } from "../selectors.ts";
import { forbidden, oneOf } from "../validation/causes.ts";

/** By kind, the fields besides name and namespace (`registry/*` and `apis/*` of the server). */
const selectable: Readonly<Record<string, readonly string[]>> = {
  "v1 Pod": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "v1 Secret": ["type"],
  "v1 Namespace": ["status.phase"],
  "v1 Node": ["spec.unschedulable"],
  "v1 Service": ["spec.clusterIP", "spec.type"],
  "v1 Event": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "events.k8s.io/v1 Event": ["reason", "reportingController", "type", "regarding.kind", "regarding.name"],
  "apps/v1 ReplicaSet": ["status.replicas"],
  "batch/v1 Job": ["status.successful"],
};

const checkFields = (kind: Kind, selector: string | undefined): void => {
  const more = selectable[`${kind.apiVersion} ${kind.kind}`];
  const known = ["metadata.name", "metadata.namespace", ...(more ?? [])];
  const unknown = fieldNames(selector).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ApiError(
    "BadRequest",
    kind.custom || more
      ? `field label not supported: ${unknown}`
      : `"${unknown}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
};

const match = "resourceVersionMatch";

const matchCauses = (query: URLSearchParams, watches: boolean): Cause[] => {
  const wanted = query.get(match) ?? undefined;
  const initial = query.get("sendInitialEvents") !== null;
  if (watches) {
    if (initial && wanted === undefined)
      return [forbidden(match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")];
    return [
      ...(wanted !== undefined && !initial
        ? [
            forbidden(
              match,
              "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
            ),
          ]
        : []),
      ...oneOf(match, wanted, ["NotOlderThan"]),
    ];
  }
  return [
    ...(wanted !== undefined && !query.get("resourceVersion")
      ? [forbidden(match, "resourceVersionMatch is forbidden unless resourceVersion is provided")]
      : []),
    ...oneOf(match, wanted, ["Exact", "NotOlderThan"]),
  ];
};

/** Refuses a query that the kind, or the server, can't answer. */
export const checkListOptions = (kind: Kind, query: URLSearchParams, watches: boolean): void => {
  const causes = matchCauses(query, watches);
  if (causes.length > 0) throw invalid("ListOptions", "meta.k8s.io", "", causes);
  checkFields(kind, query.get("fieldSelector") ?? undefined);
  const version = query.get("resourceVersion") ?? "";
  if (/^\d*$/.test(version)) return;
  const quoted = JSON.stringify(version);
  const text = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
  throw watches
    ? new ApiError("Unknown", text)
    : new ApiError("BadRequest", `invalid resource version: ${text}`);
};
