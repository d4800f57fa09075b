/**
 * What an applied configuration may hold: it is read as a typed value before it is merged, and refused where a field
 * is not declared or a value has another type (`typed/validate.go` of structured-merge-diff).
 */
import { isObject, type Json, type JsonObject, objectOf, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { types } from "../kinds/types.generated.ts";
import { isQuantity } from "../validation/quantities.ts";
import { elementText } from "./field-set.ts";
import { childShape, deduced, resolve, type Shape } from "./shape.ts";
import { elementOf } from "./typed.ts";

type Declared =
  | { readonly kind: "string" | "numeric" | "boolean" | "scalar" | "anything" }
  | { readonly kind: "list"; readonly items: () => Declared }
  | {
      readonly kind: "map";
      readonly field: (name: string) => Declared | undefined;
    };

const anything: Declared = { kind: "anything" };

/** A text of types.generated.ts; `field` is what has it, as `V1PodSpec.overhead`. */
const ofType = (text: string, field: string): Declared => {
  const item = /^\[(.*)\]$/.exec(text)?.[1];
  if (item !== undefined) return { kind: "list", items: () => ofType(item, field) };
  const entry = /^\{(.*)\}$/.exec(text)?.[1];
  if (entry !== undefined) return { kind: "map", field: () => ofType(entry, field) };
  switch (text) {
    case "string":
      return { kind: isQuantity(field) ? "scalar" : "string" };
    case "integer":
    case "number":
      return { kind: "numeric" };
    case "boolean":
      return { kind: "boolean" };
    case "IntOrString":
      return { kind: "scalar" };
    case "any":
      return anything;
  }
  const fields = types[text] ?? {};
  return {
    kind: "map",
    field: (name) => {
      const type = fields[name];
      return type === undefined ? undefined : ofType(type, `${text}.${name}`);
    },
  };
};

const ofSchema = (given: Json | undefined): Declared => {
  const schema = objectOf(given);
  if (schema["x-kubernetes-int-or-string"] === true) return { kind: "scalar" };
  switch (textOf(schema.type)) {
    case "string":
      return { kind: "string" };
    case "integer":
    case "number":
      return { kind: "numeric" };
    case "boolean":
      return { kind: "boolean" };
    case "array":
      return { kind: "list", items: () => ofSchema(schema.items) };
    case "object":
      return schema["x-kubernetes-embedded-resource"] === true ? anything : ofProperties(schema);
    default:
      return anything;
  }
};

const ofProperties = (schema: JsonObject): Declared => {
  const properties = objectOf(schema.properties);
  const more = schema.additionalProperties;
  const open = more === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  const rest = isObject(more) ? ofSchema(more) : open ? anything : undefined;
  return {
    kind: "map",
    field: (name) => (properties[name] === undefined ? rest : ofSchema(properties[name])),
  };
};

const ofKind = (kind: Kind): Declared => {
  if (kind.type !== undefined) return ofType(kind.type, "");
  const content = ofProperties(kind.custom?.schema ?? {});
  const common: Readonly<Record<string, Declared>> = {
    apiVersion: { kind: "string" },
    kind: { kind: "string" },
    metadata: ofType("V1ObjectMeta", "metadata"),
  };
  return {
    kind: "map",
    field: (name) => common[name] ?? (content.kind === "map" ? content.field(name) : undefined),
  };
};

/** As Go's `%T` names what JSON was read into. */
const goType = (value: Json): string => {
  if (Array.isArray(value)) return "[]interface {}";
  if (isObject(value)) return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
};

/** As Go's `%v` prints what JSON was read into. */
const goText = (value: Json | undefined): string => {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return value === null || value === undefined ? "<nil>" : String(value);
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(" ")}]`;
};

/** `.spec.replicas: expected numeric (int or float), got string`; empty when all is as declared. */
export const typedErrors = (kind: Kind, config: JsonObject): readonly string[] =>
  errorsOf(config, ofKind(kind), kind.shape, "");

const errorsOf = (value: Json, declared: Declared, given: Shape, path: string): string[] => {
  if (value === null) return [];
  const wrong = (message: string) => [`${path}: ${message}`];
  switch (declared.kind) {
    case "anything":
      return [];
    case "numeric":
      return typeof value === "number" ? [] : wrong(`expected numeric (int or float), got ${goType(value)}`);
    case "boolean":
      return typeof value === "boolean" ? [] : wrong(`expected boolean, got &{${goText(value)}}`);
    case "string": {
      const text = isObject(value) || Array.isArray(value) ? `${goType(value)}{...}` : String(value);
      return typeof value === "string"
        ? []
        : wrong(`expected string, got &value.valueUnstructured{Value:${text}}`);
    }
    case "scalar":
      return typeof value === "object" ? wrong(`expected any scalar, got &{${goText(value)}}`) : [];
    case "list":
      return Array.isArray(value)
        ? errorsOfItems(value, declared.items(), given, path)
        : wrong(`expected list, got &{${goText(value)}}`);
    case "map":
      if (!isObject(value)) return wrong(`expected map, got &{${goText(value)}}`);
      return Object.entries(value).flatMap(([name, item]) => {
        const field = declared.field(name);
        const below = `${path}.${name}`;
        if (!field) return [`${below}: field not declared in schema`];
        return errorsOf(item ?? null, field, childShape(given, `f:${name}`), below);
      });
  }
};

const errorsOfItems = (list: readonly Json[], declared: Declared, given: Shape, path: string): string[] => {
  const shape = resolve(given, [...list]);
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const keyed = (shape.kind === "list" && isObject(item)) || shape.kind === "set";
    const element = keyed ? elementText(elementOf(shape, item)) : `[${index}]`;
    const twice = seen.has(element) ? [`${path}: duplicate entries for key ${element}`] : [];
    seen.add(element);
    const below: Shape = shape.kind === "list" ? shape.items : deduced;
    return [...twice, ...errorsOf(item, declared, below, `${path}${element}`)];
  });
};
