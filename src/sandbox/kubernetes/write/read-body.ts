/** Reads the body of a write as an object of its kind: type and names checked, unknown fields dealt with. */
import { ApiError } from "../api-error.ts";
import { prune } from "../crd/prune.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject, Metadata } from "../object.ts";
import { decodeBuiltIn, decodeMetadata } from "../validation/decode.ts";
import type { WriteOptions } from "./options.ts";

/** An object with metadata for certain; the name may still be missing. */
export const asObject = (value: JsonObject, kind: Kind): KubernetesObject => {
  const metadata: Metadata = {
    ...objectOf(value.metadata),
    name: textOf(objectOf(value.metadata).name) ?? "",
  };
  return { ...value, apiVersion: kind.apiVersion, kind: kind.kind, metadata };
};

/** Refuses bodies of another kind, wrong types, and with `Strict` unknown fields, as a 400. */
export const readBody = (kind: Kind, body: JsonObject, options: WriteOptions): KubernetesObject => {
  checkType(kind, body);
  const decoded = kind.type ? decodeBuiltIn(kind, body) : readCustom(kind, body);
  report(kind, decoded.unknown, options);
  return asObject(decoded.object, kind);
};

const checkType = (kind: Kind, body: JsonObject): void => {
  if (body.kind !== undefined && body.kind !== "" && body.kind !== kind.kind) {
    throw new ApiError(
      "BadRequest",
      `${String(body.kind)} in version "${kind.version}" cannot be handled as a ${kind.kind}: the object provided is unrecognized (must be of type ${kind.kind})`,
    );
  }
  if (body.apiVersion !== undefined && body.apiVersion !== "" && body.apiVersion !== kind.apiVersion) {
    throw new ApiError(
      "BadRequest",
      `the API version in the data (${String(body.apiVersion)}) does not match the expected API version (${kind.apiVersion})`,
    );
  }
};

const readCustom = (kind: Kind, body: JsonObject) => {
  const metadata = decodeMetadata(kind, objectOf(body.metadata));
  const pruned = prune({ ...body, metadata: metadata.object }, kind.custom?.schema ?? {});
  return { object: pruned.object, unknown: [...metadata.unknown, ...pruned.unknown] };
};

const report = (kind: Kind, unknown: readonly string[], options: WriteOptions): void => {
  if (unknown.length === 0 || options.validation === "Ignore") return;
  const messages = unknown.map((path) => `unknown field "${path}"`);
  if (options.validation === "Warn") {
    for (const message of messages) options.warn(message);
    return;
  }
  throw new ApiError(
    "BadRequest",
    `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${messages.join(", ")}`,
  );
};

/** An applied configuration may not have fields that the type lacks, whatever `fieldValidation` says. */
export const checkDeclared = (kind: Kind, body: JsonObject, name: string): void => {
  checkType(kind, body);
  const decoded = kind.type ? decodeBuiltIn(kind, body) : readCustom(kind, body);
  const [first] = decoded.unknown;
  if (first === undefined) return;
  throw new ApiError(
    "InternalError",
    `failed to create typed patch object (${name}; ${kind.apiVersion}, Kind=${kind.kind}): .${first}: field not declared in schema`,
  );
};
