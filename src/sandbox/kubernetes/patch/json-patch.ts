/** JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386). */
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject, listOf, objectOf, sameJson, textOf } from "../json.ts";

const segmentsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** The server keeps the reason to itself. */
const refuse = () =>
  new ApiError("Invalid", "the server rejected our request due to an error in our request", {});

const valueAt = (document: Json, path: readonly string[]): Json | undefined => {
  let current: Json | undefined = document;
  for (const part of path) {
    if (Array.isArray(current)) current = current[Number(part)];
    else if (isObject(current)) current = current[part];
    else return undefined;
  }
  return current;
};

/** The document with what `change` makes of the container that holds the path's last part. */
const edit = (
  document: Json,
  path: readonly string[],
  change: (container: Json[] | JsonObject, last: string) => void,
): Json => {
  const copy = structuredClone(document);
  const last = path.at(-1);
  const container = valueAt(copy, path.slice(0, -1));
  if (last === undefined || !(Array.isArray(container) || isObject(container))) {
    throw refuse();
  }
  change(container, last);
  return copy;
};

const add = (document: Json, path: readonly string[], value: Json): Json =>
  path.length === 0
    ? value
    : edit(document, path, (container, last) => {
        if (!Array.isArray(container)) container[last] = value;
        else if (last === "-") container.push(value);
        else container.splice(Number(last), 0, value);
      });

const remove = (document: Json, path: readonly string[]): Json =>
  edit(document, path, (container, last) => {
    const missing = Array.isArray(container)
      ? Number(last) >= container.length
      : container[last] === undefined;
    if (missing) throw refuse();
    if (Array.isArray(container)) container.splice(Number(last), 1);
    else delete container[last];
  });

/** Carries out the operations in order; a failing `test` or a missing path refuses the whole patch (422). */
export const jsonPatch = (document: JsonObject, patch: Json): JsonObject => {
  let current: Json = document;
  for (const operation of listOf(patch).map(objectOf)) {
    const path = segmentsOf(textOf(operation.path) ?? "");
    const from = segmentsOf(textOf(operation.from) ?? "");
    const value = operation.value ?? null;
    switch (operation.op) {
      case "add":
        current = add(current, path, value);
        break;
      case "remove":
        current = remove(current, path);
        break;
      case "replace":
        current = add(path.length === 0 ? current : remove(current, path), path, value);
        break;
      case "test":
        if (!sameJson(valueAt(current, path), value)) {
          throw refuse();
        }
        break;
      case "move":
        current = add(remove(current, from), path, valueAt(current, from) ?? null);
        break;
      case "copy":
        current = add(current, path, valueAt(current, from) ?? null);
        break;
      default:
        throw new ApiError("BadRequest", `unknown operation ${JSON.stringify(operation.op)} in JSON patch`);
    }
  }
  return objectOf(current);
};

/** Objects merge, `null` removes, everything else replaces. */
export const mergePatch = (document: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = { ...objectOf(document) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = mergePatch(merged[key], value);
  }
  return merged;
};
