/** Validates a custom resource against its openAPIV3Schema; messages as the API server words them. */
import type { Cause } from "../api-error.ts";
import {
  canonicalText,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  sameJson,
  textOf,
} from "../json.ts";

const typeOf = (value: Json): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
};

const cause = (reason: string, field: string, message: string): Cause => ({ reason, field, message });
const wrong = (field: string, value: Json, detail: string): Cause =>
  cause("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${detail}`);
const bodyOf = (path: string): string => `${path} in body`;

/** Everything that is wrong with the value, one cause for each. */
export const validate = (value: Json, schema: JsonObject, path = ""): Cause[] => {
  if (value === null && schema.nullable === true) return [];
  const found = wrongType(value, schema, path);
  if (found) return [found];
  const causes: Cause[] = [...scalarCauses(value, schema, path), ...combined(value, schema, path)];
  if (Array.isArray(value)) {
    if (typeof schema.minItems === "number" && value.length < schema.minItems) {
      causes.push(wrong(path, value.length, `${bodyOf(path)} should have at least ${schema.minItems} items`));
    }
    if (typeof schema.maxItems === "number" && value.length > schema.maxItems) {
      causes.push(
        cause(
          "FieldValueTooMany",
          path,
          `Too many: ${value.length}: must have at most ${schema.maxItems} items`,
        ),
      );
    }
    const items = schema.items;
    if (isObject(items))
      causes.push(...value.flatMap((item, index) => validate(item, items, `${path}[${index}]`)));
    causes.push(...duplicateCauses(value, schema, path));
  }
  if (isObject(value)) causes.push(...objectCauses(value, schema, path));
  return causes;
};

/** Sets have each value once, maps each key. */
const duplicateCauses = (list: readonly Json[], schema: JsonObject, path: string): Cause[] => {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "set" && type !== "map") return [];
  const keys = listOf(schema["x-kubernetes-list-map-keys"]).map(String);
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const keyed: JsonObject = {};
    for (const key of keys) if (objectOf(item)[key] !== undefined) keyed[key] = objectOf(item)[key];
    const shown = canonicalText(type === "map" ? keyed : item);
    const twice = seen.has(shown);
    seen.add(shown);
    return twice ? [cause("FieldValueDuplicate", `${path}[${index}]`, `Duplicate value: ${shown}`)] : [];
  });
};

/** The root's `metadata` is the API server's own business, also where a definition lists it as required. */
const objectCauses = (value: JsonObject, schema: JsonObject, path: string): Cause[] => {
  const properties = objectOf(schema.properties);
  const below = (name: string) => (path ? `${path}.${name}` : name);
  const causes = listOf(schema.required).flatMap((name) =>
    typeof name === "string" && value[name] === undefined && below(name) !== "metadata"
      ? [cause("FieldValueRequired", below(name), "Required value")]
      : [],
  );
  for (const [name, item] of Object.entries(value)) {
    const property = properties[name] ?? schema.additionalProperties;
    if (item !== undefined && isObject(property)) causes.push(...validate(item, property, below(name)));
  }
  return causes;
};

const wrongType = (value: Json, schema: JsonObject, path: string): Cause | undefined => {
  const actual = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (actual === "integer" || actual === "string") return undefined;
    return cause(
      "FieldValueTypeInvalid",
      path,
      `Invalid value: ${JSON.stringify(actual)}: ${bodyOf(path)} must be of type integer,string: ${JSON.stringify(actual)}`,
    );
  }
  const wanted = textOf(schema.type);
  if (wanted === undefined || wanted === actual || (wanted === "number" && actual === "integer"))
    return undefined;
  return cause(
    "FieldValueTypeInvalid",
    path,
    `Invalid value: ${JSON.stringify(actual)}: ${bodyOf(path)} must be of type ${wanted}: ${JSON.stringify(actual)}`,
  );
};

const scalarCauses = (value: Json, schema: JsonObject, path: string): Cause[] => {
  const causes: Cause[] = [];
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => sameJson(item, value))) {
    const supported = schema.enum.map((item) => JSON.stringify(item)).join(", ");
    causes.push(
      cause(
        "FieldValueNotSupported",
        path,
        `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`,
      ),
    );
  }
  if (typeof value === "string") {
    const pattern = textOf(schema.pattern);
    if (pattern !== undefined && !matches(pattern, value)) {
      causes.push(wrong(path, value, `${bodyOf(path)} should match '${pattern}'`));
    }
    if (typeof schema.minLength === "number" && value.length < schema.minLength) {
      causes.push(wrong(path, value, `${bodyOf(path)} should be at least ${schema.minLength} chars long`));
    }
    if (typeof schema.maxLength === "number" && value.length > schema.maxLength) {
      causes.push(
        cause("FieldValueTooLong", path, `Too long: may not be more than ${schema.maxLength} bytes`),
      );
    }
  }
  if (typeof value === "number") {
    const { minimum, maximum } = schema;
    if (
      typeof minimum === "number" &&
      (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)
    ) {
      causes.push(
        wrong(
          path,
          value,
          `${bodyOf(path)} should be greater than ${schema.exclusiveMinimum === true ? "" : "or equal to "}${minimum}`,
        ),
      );
    }
    if (
      typeof maximum === "number" &&
      (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)
    ) {
      causes.push(
        wrong(
          path,
          value,
          `${bodyOf(path)} should be less than ${schema.exclusiveMaximum === true ? "" : "or equal to "}${maximum}`,
        ),
      );
    }
  }
  return causes;
};

/** Patterns are Go's (RE2); one that JavaScript cannot read is taken as matching. */
const matches = (pattern: string, value: string): boolean => {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    try {
      return new RegExp(pattern).test(value);
    } catch {
      return true;
    }
  }
};

/** allOf, anyOf, oneOf, not: inside them only values are validated. */
const combined = (value: Json, schema: JsonObject, path: string): Cause[] => {
  const fits = (option: JsonObject) => validate(value, option, path).length === 0;
  const causes = objectsOf(schema.allOf).flatMap((option) => validate(value, option, path));
  const any = objectsOf(schema.anyOf);
  if (any.length > 0 && !any.some(fits)) {
    causes.push(wrong(path, value, `${bodyOf(path)} must validate at least one schema (anyOf)`));
  }
  const one = objectsOf(schema.oneOf);
  if (one.length > 0 && one.filter(fits).length !== 1) {
    causes.push(wrong(path, value, `${bodyOf(path)} must validate one and only one schema (oneOf)`));
  }
  if (isObject(schema.not) && fits(schema.not)) {
    causes.push(wrong(path, value, `${bodyOf(path)} must not validate the schema (not)`));
  }
  return causes;
};
