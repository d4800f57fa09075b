/** Whether a live value holds all of a wanted one, as the API server would see it. Pure. */
import { Secret } from "../../step/secret.ts";
import type { Datum } from "../../step/step.ts";
import { sameQuantity } from "./quantity.ts";

/** Where the API server keeps quantities; elsewhere `1000m` is a text like any other. */
const quantityPath =
  /(^|\.)(limits|requests|capacity|hard|default|defaultRequest|max|min|sizeLimit|storage|averageValue|divisor)(\.|$)/;

/** Dots and slashes of a key are set apart, as in `labels["app.kubernetes.io/name"]`. */
export const joinPath = (path: string, key: string): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${path}["${key}"]`;
  return path ? `${path}.${key}` : key;
};

/** Maps of free keys, in which an empty value is kept. */
const freeMap = /^(data|binaryData|metadata\.labels|metadata\.annotations)\b/;

/** Left out by the server where a field has its zero value. */
const isZero = (value: Datum | undefined): boolean => {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
  return typeof value === "object" && !(value instanceof Secret) && Object.values(value).every(isZero);
};

const isList = (value: object): value is readonly Datum[] => Array.isArray(value);

/** Whether what is there holds all that is wanted; it may hold more, which are defaults. */
export const covers = (actual: Datum | undefined, wanted: Datum | undefined, path: string): boolean => {
  if (wanted === undefined || wanted === null) return true;
  if (actual === undefined || actual === null) return !freeMap.test(path) && isZero(wanted);
  if (wanted instanceof Secret || actual instanceof Secret)
    return wanted instanceof Secret && actual instanceof Secret && wanted.equals(actual);
  if (typeof wanted !== "object" || typeof actual !== "object") {
    if (wanted === actual) return true;
    if (typeof wanted === "object" || typeof actual === "object") return false;
    if (typeof wanted === "boolean" || typeof actual === "boolean") return false;
    return quantityPath.test(path) && sameQuantity(wanted, actual);
  }
  if (isList(wanted) || isList(actual)) {
    if (!isList(wanted) || !isList(actual) || wanted.length !== actual.length) return false;
    return wanted.every((item, index) => covers(actual[index], item, path));
  }
  return Object.entries(wanted).every(([key, value]) => covers(actual[key], value, joinPath(path, key)));
};
