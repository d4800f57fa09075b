/** Takes a request apart: what it is about, how it wants the answer, and its body. */
import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { decodeProtobuf, startsAsProtobuf } from "../protobuf/decode.ts";
import { jsonError } from "./json-error.ts";

/** `/apis/apps/v1/namespaces/web/deployments/site/status`, in its parts. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** `undefined` for paths that are not about objects (`/version`, `/apis/apps/v1`). */
export const parseResourcePath = (path: string): ResourcePath | undefined => {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  const [group, version, ...below] = root === "api" ? ["", ...rest] : root === "apis" ? rest : [];
  if (group === undefined || version === undefined || below.length === 0) return undefined;
  const scoped = below[0] === "namespaces" && below.length > 2 && !namespaceSubresources.has(below[2] ?? "");
  const [plural = "", name, subresource] = scoped ? below.slice(2) : below;
  return { group, version, namespace: scoped ? below[1] : undefined, plural, name, subresource };
};

const namespaceSubresources = new Set(["status", "finalize"]);

const limit = 3 * 1024 * 1024;

export const readBytes = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > limit) throw new ApiError("BadRequest", `Request entity too large: limit is ${limit}`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const parseJson = (text: string): Json => JSON.parse(text);

const bodyTypes =
  "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf";

/** The start of a body, as messages quote it. */
const start = (text: string): string => {
  const length = 30;
  const more = text.length > length ? " ..." : "";
  const part = text.slice(0, length);
  return text.startsWith("{") ? `${part}${more}` : `${Buffer.from(part).toString("hex")}${more}`;
};

const unrecognized = (text: string, kind: string, reason: string): ApiError =>
  new ApiError(
    "BadRequest",
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${reason} (${start(text)})`,
  );

const parseObject = (text: string, kind: string): Json => {
  try {
    const value = parseJson(text);
    if (typeof value === "object" && !Array.isArray(value)) return value;
    throw unrecognized(
      text,
      kind,
      `json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw unrecognized(text, kind, jsonError(text) ?? String(error));
  }
};

const parseProtobuf = (bytes: Buffer, kind: string): Json => {
  if (startsAsProtobuf(bytes)) return decodeProtobuf(bytes);
  throw new ApiError(
    "BadRequest",
    `the object provided is unrecognized (must be of type ${kind}): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (${start(bytes.toString("latin1"))})`,
  );
};

const parseYaml = (text: string): Json => {
  try {
    const value: unknown = parse(text);
    return parseJson(JSON.stringify(value ?? null));
  } catch (error) {
    throw new ApiError(
      "BadRequest",
      `error decoding YAML: ${error instanceof Error ? error.message : error}`,
    );
  }
};

/** JSON where it can be, since it is read much faster. */
const parseAny = (text: string): Json => {
  try {
    return parseJson(text);
  } catch {
    return parseYaml(text);
  }
};

const parsePatch = (text: string, prefix: string): Json => {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ApiError("BadRequest", `${prefix}${jsonError(text) ?? error}`);
  }
};

/** The media type alone; JSON where the client names none. */
export const mediaType = (contentType: string | undefined): string =>
  contentType?.split(";")[0]?.trim() || "application/json";

/** Decodes the body of a write by its content type; an empty one is `undefined`. `kind`: what it should be, for messages. */
export const decodeBody = (
  bytes: Buffer,
  method: string,
  contentType: string,
  kind: string,
): Json | undefined => {
  const text = (): string => bytes.toString("utf8");
  if (method === "PATCH") {
    if (contentType === "application/apply-patch+yaml") return parseAny(text());
    if (contentType === "application/strategic-merge-patch+json") return parsePatch(text(), "");
    return contentType.endsWith("-patch+json") ? parsePatch(text(), "error decoding patch: ") : undefined;
  }
  if (bytes.length === 0 || method === "GET" || method === "HEAD") return undefined;
  switch (contentType) {
    case "application/json":
      return parseObject(text(), kind);
    case "application/yaml":
      return parseAny(text());
    case "application/vnd.kubernetes.protobuf":
      return parseProtobuf(bytes, kind);
    default:
      throw new ApiError("UnsupportedMediaType", bodyTypes);
  }
};

/** The body of a write: none, or `null`, is an object without anything. */
export const objectBody = (body: Json | undefined): JsonObject => {
  if (isObject(body)) return body;
  return {};
};
