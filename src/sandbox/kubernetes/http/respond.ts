/** Writes answers: objects and lists in the form that the client accepts, errors as Status objects or plain text. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, NoPage } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { type IncludedObject, tableOf } from "../table/table.ts";

export const sendJson = (
  response: ServerResponse,
  code: number,
  body: JsonObject,
  contentType = "application/json",
): void => {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(code, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  response.end(text);
};

export const sendError = (response: ServerResponse, error: unknown): void => {
  if (error instanceof NoPage) {
    response.writeHead(404, {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
    response.end(`${error.message}\n`);
    return;
  }
  const known = error instanceof ApiError ? error : undefined;
  const status =
    known ??
    new ApiError(
      "InternalError",
      `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
    );
  if (status.reason === "Unauthorized") response.setHeader("www-authenticate", 'Bearer realm="kubernetes"');
  sendJson(response, status.code, status.status);
};

export type Form = "object" | "metadata" | { readonly table: IncludedObject };

/** The first of the accepted forms that is known here. */
export const formOf = (request: IncomingMessage): Form => {
  for (const option of (request.headers.accept ?? "").split(",")) {
    if (/;\s*as=Table/.test(option)) return { table: includedObject(request) };
    if (/;\s*as=PartialObjectMetadata(List)?/.test(option)) return "metadata";
    if (/^\s*(application\/json|\*\/\*|application\/\*)/.test(option)) return "object";
  }
  return "object";
};

const includedObject = (request: IncomingMessage): IncludedObject => {
  const wanted = new URLSearchParams((request.url ?? "").split("?")[1]).get("includeObject");
  return wanted === "None" || wanted === "Object" ? wanted : "Metadata";
};

const metadataOnly = ({ metadata }: KubernetesObject): JsonObject => ({
  apiVersion: "meta.k8s.io/v1",
  kind: "PartialObjectMetadata",
  metadata,
});

/** One object in a form. `now`: milliseconds since the epoch, for ages in tables. */
export const inForm = (kind: Kind, object: KubernetesObject, form: Form, now: number): JsonObject => {
  switch (form) {
    case "object":
      return object;
    case "metadata":
      return metadataOnly(object);
    default:
      return tableOf(kind, [object], now, { resourceVersion: object.metadata.resourceVersion }, form.table);
  }
};

/** A list in a form; its items go without type in tables only. */
export const listInForm = (
  kind: Kind,
  objects: readonly KubernetesObject[],
  metadata: JsonObject,
  form: Form,
  now: number,
): JsonObject => {
  switch (form) {
    case "object":
      return {
        kind: kind.listKind,
        apiVersion: kind.apiVersion,
        metadata,
        items: objects.map((object) => (kind.custom ? object : withoutType(object))),
      };
    case "metadata":
      return {
        kind: "PartialObjectMetadataList",
        apiVersion: "meta.k8s.io/v1",
        metadata,
        items: objects.length > 0 ? objects.map(metadataOnly) : null,
      };
    default:
      return tableOf(kind, objects, now, metadata, form.table);
  }
};

/** Items of a built-in list do not repeat their type. */
const withoutType = ({ apiVersion: _version, kind: _kind, ...rest }: KubernetesObject): JsonObject => rest;
