/** Takes a request apart: what it is about, how it wants the answer, and its body. */
import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { decodeProtobuf } from "../protobuf/decode.ts";

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

/** JSON or YAML; JSON where it can be, since it is read much faster. */
const parseText = (text: string): Json => {
  try {
    return parseJson(text);
  } catch {
    try {
      const value: unknown = parse(text);
      return parseJson(JSON.stringify(value ?? null));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ApiError("BadRequest", `error decoding: ${reason}`);
    }
  }
};

/** Decodes a body by its content type; an empty one is `undefined`. */
export const decodeBody = (bytes: Buffer, contentType: string): Json | undefined => {
  if (bytes.length === 0) return undefined;
  const type = contentType.split(";")[0]?.trim() ?? "";
  if (type === "application/vnd.kubernetes.protobuf") return decodeProtobuf(bytes);
  if (type.endsWith("cbor")) {
    throw new ApiError(
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    );
  }
  return parseText(bytes.toString("utf8"));
};

/** The body of a write, which must be an object. */
export const objectBody = (body: Json | undefined): JsonObject => {
  if (isObject(body)) return body;
  throw new ApiError("BadRequest", "Object 'Kind' is missing in body");
};
