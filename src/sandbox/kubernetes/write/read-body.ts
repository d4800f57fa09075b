/** Reads the body of a write as an object of its kind: type and names checked, unknown fields dealt with. */
import { ApiError } from "../api-error.ts";
import { prune } from "../crd/prune.ts";
import { type JsonObject, objectOf, textOf } from "../json.ts";
import { builtInKinds } from "../kinds/built-in.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject, Metadata } from "../object.ts";
import { typedErrors } from "../ssa/declared.ts";
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

/** Built-in bodies may leave their type out; another one is refused in the words of the server's decoder. */
const checkType = (kind: Kind, body: JsonObject): void => {
  if (kind.custom) {
    checkCustomType(kind, body);
    return;
  }
  const name = textOf(body.kind) || kind.kind;
  const apiVersion = textOf(body.apiVersion) || kind.apiVersion;
  if (name === kind.kind && apiVersion === kind.apiVersion) return;
  const version = apiVersion.split("/").at(-1) ?? "";
  const known = builtInKinds.some((other) => other.kind === name && other.apiVersion === apiVersion);
  const internal = kind.group === "" ? "core" : kind.group.split(".")[0];
  const reason = known
    ? `converting (${version}.${name}) to (${internal}.${kind.kind}): unknown conversion`
    : `no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  throw new ApiError(
    "BadRequest",
    `${name} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${reason}`,
  );
};

const checkCustomType = (kind: Kind, body: JsonObject): void => {
  if (!body.kind) {
    const text = JSON.stringify(body);
    throw new ApiError(
      "BadRequest",
      `the object provided is unrecognized (must be of type ${kind.kind}): Object 'Kind' is missing in '${text}' (${text})`,
    );
  }
  if (body.apiVersion !== kind.apiVersion) {
    throw new ApiError(
      "BadRequest",
      `the API version in the data (${textOf(body.apiVersion) ?? ""}) does not match the expected API version (${kind.apiVersion})`,
    );
  }
  if (body.kind !== kind.kind) {
    throw new ApiError(
      "BadRequest",
      `${String(body.kind)} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: no kind ${JSON.stringify(body.kind)} is registered for version ${JSON.stringify(kind.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
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

/**
 * An applied configuration is refused where it is not of its type, whatever `fieldValidation` says. The object is named
 * as it names itself, hence without a namespace where only the URL has one.
 */
export const checkDeclared = (kind: Kind, config: JsonObject): void => {
  const [version = "", group = ""] = (textOf(config.apiVersion) ?? "").split("/").reverse();
  const type = `${group}/${version}, Kind=${textOf(config.kind) ?? ""}`;
  if (config.apiVersion !== kind.apiVersion || config.kind !== kind.kind) {
    throw new ApiError("BadRequest", `invalid object type: ${type}`);
  }
  const errors = typedErrors(kind, config);
  if (errors.length === 0) return;
  const { namespace, name } = objectOf(config.metadata);
  const text = errors.length === 1 ? errors[0] : ["errors:", ...errors.map((line) => `  ${line}`)].join("\n");
  throw new ApiError(
    "Unknown",
    `failed to create typed patch object (${textOf(namespace) ?? ""}/${textOf(name) ?? ""}; ${type}): ${text}`,
  );
};
