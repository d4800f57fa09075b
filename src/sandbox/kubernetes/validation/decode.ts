/**
 * Reads a body as one of the built-in types, as the server's decoder does: unknown fields are dropped and named, a
 * value of the wrong type is refused, nulls and omitted zero values go.
 */
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { types } from "../kinds/types.generated.ts";
import { emptyKept, emptyListKept, zeroDropped } from "./omitted.ts";

export interface Decoded {
  readonly object: JsonObject;
  /** Paths of fields that the type does not have: `spec.replica`. */
  readonly unknown: readonly string[];
}

interface Walk {
  readonly kind: Kind;
  readonly unknown: string[];
}

/** Fields of resource quantities, which may be written as numbers. */
const quantities =
  /(^|\.)(limits|requests|capacity|allocatable|hard|used|overhead|default|defaultRequest|max|min|maxLimitRequestRatio|sizeLimit|divisor|allocatedResources|averageValue|value)$/;

const mismatch = (walk: Walk, path: string, value: Json, type: string) => {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return new ApiError(
    "BadRequest",
    `${walk.kind.kind} in version "${walk.kind.version}" cannot be handled as a ${walk.kind.kind}: json: cannot unmarshal ${found} into Go struct field ${walk.kind.kind}.${path} of type ${type}`,
  );
};

/** Decodes a whole object; `kind.type` must be set. */
export const decodeBuiltIn = (kind: Kind, body: JsonObject): Decoded => {
  const walk: Walk = { kind, unknown: [] };
  return { object: decodeStruct(walk, body, kind.type ?? "", ""), unknown: walk.unknown };
};

/** Decodes `metadata`, which every kind has. */
export const decodeMetadata = (kind: Kind, metadata: JsonObject): Decoded => {
  const walk: Walk = { kind, unknown: [] };
  return { object: decodeStruct(walk, metadata, "V1ObjectMeta", "metadata"), unknown: walk.unknown };
};

const decodeStruct = (walk: Walk, value: JsonObject, type: string, path: string): JsonObject => {
  const fields = types[type] ?? {};
  const object: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const field = path ? `${path}.${name}` : name;
    const text = fields[name];
    if (text === undefined) {
      walk.unknown.push(field);
      continue;
    }
    if (item === undefined || item === null) continue;
    const decoded = decodeValue(walk, item, text, field);
    if (!isOmitted(name, decoded, text)) object[name] = decoded;
  }
  return object;
};

const isOmitted = (name: string, value: Json, type: string): boolean => {
  if (value === 0 || value === false) return zeroDropped.has(name);
  if (value === "") return !emptyKept.has(name) || (name === "value" && type === "string");
  if (Array.isArray(value)) return value.length === 0 && !emptyListKept.has(name);
  return type.startsWith("{") && isObject(value) && Object.keys(value).length === 0;
};

const decodeValue = (walk: Walk, value: Json, type: string, path: string): Json => {
  const item = /^\[(.*)\]$/.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(value)) throw mismatch(walk, path, value, `[]${item.replace(/^V\d/, "v1.")}`);
    return value.map((entry, index) =>
      entry === null ? entry : decodeValue(walk, entry, item, `${path}[${index}]`),
    );
  }
  const entryType = /^\{(.*)\}$/.exec(type)?.[1];
  if (entryType !== undefined) {
    if (!isObject(value)) throw mismatch(walk, path, value, `map[string]${entryType}`);
    const decoded: JsonObject = {};
    for (const [name, entry] of Object.entries(value)) {
      if (entry === null || entry === undefined) {
        if (entryType === "string") decoded[name] = "";
        continue;
      }
      const loose = quantities.test(path) && typeof entry === "number";
      decoded[name] = loose ? String(entry) : decodeValue(walk, entry, entryType, path);
    }
    return decoded;
  }
  switch (type) {
    case "string":
      if (typeof value === "number" && quantities.test(path)) return String(value);
      if (typeof value !== "string") throw mismatch(walk, path, value, "string");
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value)) throw mismatch(walk, path, value, "int32");
      return value;
    case "number":
      if (typeof value !== "number") throw mismatch(walk, path, value, "float64");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw mismatch(walk, path, value, "bool");
      return value;
    case "IntOrString":
      if (typeof value !== "number" && typeof value !== "string")
        throw mismatch(walk, path, value, "intstr.IntOrString");
      return value;
    case "any":
      return value;
    default:
      if (!isObject(value)) throw mismatch(walk, path, value, type.replace(/^V\d/, "v1."));
      return decodeStruct(walk, value, type, path);
  }
};
