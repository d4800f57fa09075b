/** A request about objects with all that its verbs need, and what its query and headers ask for. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, invalid } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { ClusterApi, DeleteOptions } from "../cluster-api.ts";
import { toCoreEvent, toNewEvent } from "../events.ts";
import { at, type Json, type JsonObject, objectOf, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { oneOf, wrong } from "../validation/causes.ts";
import type { WriteOptions } from "../write/options.ts";
import type { ResourcePath } from "./request.ts";
import { formOf, inForm, sendJson } from "./respond.ts";

export interface RawRequest {
  readonly cluster: Cluster;
  readonly api: ClusterApi;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** Whom the token speaks for. */
  readonly user: string;
  /** Ends watches. */
  readonly signal: AbortSignal;
}

/** With the body decoded, which takes knowing its kind. */
export interface ResourceRequest extends RawRequest {
  readonly body: Json | undefined;
  /** Paths of fields that the body has twice. */
  readonly duplicates: readonly string[];
}

/** Events are stored as core/v1 and shown in the group that was asked. */
export const presenter =
  (kind: Kind) =>
  (object: KubernetesObject): KubernetesObject => {
    if (kind.group === "events.k8s.io") return toNewEvent(object);
    return object.apiVersion === kind.apiVersion ? object : { ...object, apiVersion: kind.apiVersion };
  };

const checkDuplicates = (
  { body, duplicates }: ResourceRequest,
  validation: string | null,
  warn: (message: string) => void,
): void => {
  if (duplicates.length === 0 || validation === "Ignore") return;
  const messages = duplicates.map((path) => `duplicate field "${path}"`);
  if (validation !== "Strict") {
    for (const message of messages) warn(message);
    return;
  }
  const kind = textOf(objectOf(body).kind) ?? "";
  const version = textOf(objectOf(body).apiVersion)?.split("/").at(-1) ?? "";
  throw new ApiError(
    "BadRequest",
    `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${messages.join(", ")}`,
  );
};

export const writeOptions = (context: ResourceRequest, isApply: boolean): WriteOptions => {
  const { query, request, response, path } = context;
  const manager = query.get("fieldManager") ?? "";
  if (isApply && manager === "") {
    throw new ApiError(
      "Invalid",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      {
        group: "meta.k8s.io",
        kind: "PatchOptions",
        causes: [
          {
            reason: "FieldValueRequired",
            field: "fieldManager",
            message: "Required value: is required for apply patch",
          },
        ],
      },
    );
  }
  const validation = query.get("fieldValidation");
  const warnings = [response.getHeader("warning") ?? []].flat().map(String);
  const warn = (message: string): void => {
    warnings.push(`299 - ${JSON.stringify(message)}`);
    response.setHeader("warning", warnings);
  };
  checkDuplicates(context, validation, warn);
  return {
    manager: manager || (request.headers["user-agent"] ?? "unknown").split("/")[0] || "unknown",
    dryRun: query.getAll("dryRun").includes("All"),
    validation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    subresource: path.subresource === "status" ? "status" : "",
    warn,
  };
};

export const send = (context: ResourceRequest, kind: Kind, code: number, object: KubernetesObject): void =>
  sendJson(
    context.response,
    code,
    inForm(kind, presenter(kind)(object), formOf(context.request), context.cluster.pace.now()),
  );

/** Bodies of events.k8s.io are stored as core events. */
export const incoming = (cluster: Cluster, kind: Kind, body: JsonObject): readonly [Kind, JsonObject] => {
  if (kind.group !== "events.k8s.io") return [kind, body];
  return [cluster.kinds.byName("v1", "Event") ?? kind, toCoreEvent(body, cluster.pace.now())];
};

export const isDryRun = ({ query, body }: ResourceRequest): boolean => {
  const inBody = objectOf(body).dryRun;
  return query.getAll("dryRun").includes("All") || (Array.isArray(inBody) && inBody.includes("All"));
};

const field = "propagationPolicy";

/** As the query and the body ask for; refuses policies that are none. */
export const deleteOptions = ({ query, body }: ResourceRequest): DeleteOptions => {
  const options = objectOf(body);
  const propagation = textOf(options.propagationPolicy) ?? query.get("propagationPolicy") ?? undefined;
  const causes =
    propagation !== undefined && options.orphanDependents !== undefined
      ? [wrong(field, propagation, "orphanDependents and deletionPropagation cannot be both set")]
      : oneOf(field, propagation, ["Foreground", "Background", "Orphan", "nil"]);
  if (causes.length > 0) throw invalid("DeleteOptions", "meta.k8s.io", "", causes);
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
