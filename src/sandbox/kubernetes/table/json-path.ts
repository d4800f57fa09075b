/** The JSON paths of `additionalPrinterColumns`: `.status.conditions[?(@.type=="Ready")].status`, `.spec.a[0]`. */
import { isObject, type Json, type JsonObject } from "../json.ts";

const step =
  /^(?:\.([A-Za-z0-9_$-]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*)\]|\[\?\(@\.([A-Za-z0-9_.-]+)\s*==\s*["']([^"']*)["']\)\]|\.)/;

/** The first value that the path leads to. Paths that are not understood lead nowhere. */
export const jsonPath = (object: JsonObject, path: string): Json | undefined => {
  let rest = path.replaceAll("\\.", "\u0000").trim();
  let values: Json[] = [object];
  while (rest !== "") {
    const found = step.exec(rest);
    if (!found) return undefined;
    rest = rest.slice(found[0].length);
    const [, field, quoted, index, key, wanted] = found;
    const name = (field ?? quoted)?.replaceAll("\u0000", ".");
    values = values.flatMap((value): Json[] => {
      if (name !== undefined) return isObject(value) ? present(value[name]) : [];
      if (!Array.isArray(value)) return index === undefined && key === undefined ? [value] : [];
      if (key !== undefined) return value.filter((item) => isObject(item) && String(item[key]) === wanted);
      return index === "*" ? value : index === undefined ? [value] : present(value[Number(index)]);
    });
  }
  return values[0];
};

const present = (value: Json | undefined): Json[] => (value === undefined ? [] : [value]);
