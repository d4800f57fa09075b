/** From the fields of a step to the changes of a plan: each field is evaluated and compared by itself. Pure. */
import type { Value } from "../language/value.ts";
import { Secret } from "../step/secret.ts";
import type { Datum, Field } from "../step/step.ts";
import type { PlannedChange } from "./plan.ts";
import { shown, waitedFor } from "./show.ts";
import { attempt } from "./view.ts";

export interface Comparison {
  readonly changes: readonly PlannedChange[];
  /** Reasons of `refuse` fields that would change. */
  readonly refusals: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * `exists` tells a thing that is there from one that is to be made: only the first has settings to keep, so an
 * `undefined` desired value leaves the setting alone, and one that is unknown may yet turn out the same.
 */
export const compareFields = (fields: readonly Field[], exists: boolean): Comparison => {
  const changes: PlannedChange[] = [];
  const refusals: { path: string; reason: string }[] = [];
  for (const field of fields) {
    const desired = attempt(field.desired);
    const before = shown(exists ? field.actual : undefined);
    if (!desired.known) {
      changes.push({
        path: field.path,
        before,
        after: { kind: "unknown", after: waitedFor(desired.origins) },
        effect: "update",
      });
      continue;
    }
    if (desired.value === undefined) continue;
    if (exists && (field.same ?? equal)(desired.value, field.actual)) continue;
    changes.push({
      path: field.path,
      before,
      after: shown(asValue(desired.value)),
      effect: exists ? field.effect : "update",
    });
    if (exists && field.effect === "refuse") {
      refusals.push({ path: field.path, reason: field.reason ?? `${field.path} can't be changed` });
    }
  }
  return { changes, refusals };
};

const asValue = (datum: Datum): Value => datum;

/** Deep equality of plain data; secrets by their text, in memory; a missing property equals `undefined`. */
export const equal = (a: Datum | undefined, b: Datum | undefined): boolean => {
  if (a === b) return true;
  if (a instanceof Secret || b instanceof Secret)
    return a instanceof Secret && b instanceof Secret && a.equals(b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    return isList(a) && isList(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]));
};

const isList = (value: Datum): value is readonly Datum[] => Array.isArray(value);
