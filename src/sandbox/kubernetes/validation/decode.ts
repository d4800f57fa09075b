/**
 * Reads a body as one of the built-in types, as the server's decoder does: unknown fields are dropped and named, a
 * value of the wrong type is refused, nulls and omitted zero values go.
 */
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { types } from "../kinds/types.generated.ts";
import { emptyKept, emptyListKept, zeroDropped } from "./omitted.ts";
import { isQuantity } from "./quantities.ts";

export interface Decoded {
  readonly object: JsonObject;
  /** Paths of fields that the type does not have: `spec.replica`. */
  readonly unknown: readonly string[];
}

interface Walk {
  readonly kind: Kind;
  readonly unknown: string[];
}

/** Integers of 64 bits; all others have 32. */
const long = new Set([
  "activeDeadlineSeconds",
  "deletionGracePeriodSeconds",
  "expirationSeconds",
  "fsGroup",
  "generation",
  "observedGeneration",
  "runAsGroup",
  "runAsUser",
  "terminationGracePeriodSeconds",
  "tolerationSeconds",
]);

const refuse = (walk: Walk, reason: string): ApiError =>
  new ApiError(
    "BadRequest",
    `${walk.kind.kind} in version "${walk.kind.version}" cannot be handled as a ${walk.kind.kind}: ${reason}`,
  );

/** `struct`: the type that has the field; Go names it, and the path without places in lists. */
const mismatch = (walk: Walk, struct: string, path: string, value: Json, type: string) => {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  const field = `${goName(struct)}.${path.replaceAll(/\[\d+\]/g, "")}`;
  return refuse(walk, `json: cannot unmarshal ${found} into Go struct field ${field} of type ${type}`);
};

/** `V1PodSpec` as Go has it. */
const goName = (type: string): string => type.replace(/^.*?V\d+/, "");

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
    const decoded = decodeValue(walk, item, text, field, type);
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

const decodeValue = (walk: Walk, value: Json, type: string, path: string, struct: string): Json => {
  const item = /^\[(.*)\]$/.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(value)) throw mismatch(walk, struct, path, value, `[]${item.replace(/^V\d/, "v1.")}`);
    return value.map((entry, index) =>
      entry === null ? entry : decodeValue(walk, entry, item, `${path}[${index}]`, struct),
    );
  }
  const entryType = /^\{(.*)\}$/.exec(type)?.[1];
  if (entryType !== undefined) {
    if (!isObject(value)) throw mismatch(walk, struct, path, value, `map[string]${entryType}`);
    const decoded: JsonObject = {};
    for (const [name, entry] of Object.entries(value)) {
      if (entry === null || entry === undefined) {
        if (entryType === "string") decoded[name] = "";
        continue;
      }
      const loose = isQuantity(path) && typeof entry === "number";
      decoded[name] = loose ? String(entry) : decodeValue(walk, entry, entryType, path, struct);
    }
    return decoded;
  }
  switch (type) {
    case "string":
      if (typeof value === "number" && isQuantity(path)) return String(value);
      if (typeof value !== "string") throw mismatch(walk, struct, path, value, "string");
      checkText(walk, value, path);
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isInteger(value))
        throw mismatch(walk, struct, path, value, long.has(path.split(".").at(-1) ?? "") ? "int64" : "int32");
      return value;
    case "number":
      if (typeof value !== "number") throw mismatch(walk, struct, path, value, "float64");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw mismatch(walk, struct, path, value, "bool");
      return value;
    case "IntOrString":
      if (typeof value !== "number" && typeof value !== "string")
        throw mismatch(walk, struct, path, value, "intstr.IntOrString");
      return value;
    case "any":
      return value;
    default:
      if (!isObject(value)) throw mismatch(walk, struct, path, value, type.replace(/^V\d/, "v1."));
      return decodeStruct(walk, value, type, path);
  }
};

const quantity = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Texts that the server reads further: amounts, and the data of Secrets. */
const checkText = (walk: Walk, value: string, path: string): void => {
  if (isQuantity(path) && !quantity.test(value)) {
    throw refuse(
      walk,
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  const encoded = (walk.kind.kind === "Secret" && path === "data") || path === "binaryData";
  const wrong = encoded ? wrongBase64(value) : undefined;
  if (wrong !== undefined) throw refuse(walk, `illegal base64 data at input byte ${wrong}`);
};

/** Where a text stops being base64, as Go counts it. */
const wrongBase64 = (value: string): number | undefined => {
  const text = value.replaceAll(/[\r\n]/g, "");
  const strange = text.replace(/={1,2}$/, "").search(/[^A-Za-z0-9+/]/);
  if (strange >= 0) return strange;
  return text.length % 4 === 0 ? undefined : Math.floor(text.length / 4) * 4;
};
