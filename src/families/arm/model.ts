/** ARM resources as plain JSON, and reading and writing them by path. Pure: writing copies. */
import { z } from "zod";
import type { Json, JsonObject } from "../../clients/azure/client.ts";

/** An object of an answer's body. All in it was read as JSON, so nothing deeper needs a look. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object is expected",
);

/** An ARM resource on the wire: what they all have, and the rest as it is. */
export type Model = JsonObject;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !isList(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** `at(model, "properties.sku.name")`; undefined where any part of the way is missing. */
export const at = (model: Json | undefined, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((value, key) => {
    if (isObject(value)) return value[key];
    return isList(value) ? value[Number(key)] : undefined;
  }, model);

export const textAt = (model: Json | undefined, path: string): string | undefined => {
  const value = at(model, path);
  return typeof value === "string" ? value : undefined;
};

export const listAt = (model: Json | undefined, path: string): readonly Json[] => {
  const value = at(model, path);
  return isList(value) ? value : [];
};

/** A copy with the value at the path; missing objects on the way are made, `undefined` removes. */
export const withValue = (model: Model, path: string, value: Json | undefined): Model => {
  const [key = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    const { [key]: _, ...others } = model;
    return value === undefined ? others : { ...others, [key]: value };
  }
  const child = model[key];
  return { ...model, [key]: withValue(isObject(child) ? child : {}, rest.join("."), value) };
};

/** An object of texts, such as tags and labels. */
export const textsAt = (model: Json | undefined, path: string): Readonly<Record<string, string>> => {
  const value = at(model, path);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])),
  );
};

/** A copy without the values at the paths. */
export const without = (model: Model, paths: readonly string[]): Model =>
  paths.reduce(
    (kept, path) => (at(kept, path) === undefined ? kept : withValue(kept, path, undefined)),
    model,
  );
