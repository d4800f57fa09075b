/** How values are shown in a plan: plain JSON, with secrets and holes said by name. Pure. */
import { Hole, type Origin, type Value } from "../language/value.ts";
import { Secret } from "../step/secret.ts";
import type { Json, Shown } from "./plan.ts";

/** What a hole waits for, as ids a person knows: steps by id, secrets as `secrets.<name>`. Sorted, each once. */
export const waitedFor = (origins: readonly Origin[]): readonly string[] =>
  [
    ...new Set(origins.map((origin) => (origin.kind === "step" ? origin.step : `secrets.${origin.name}`))),
  ].sort();

export const shown = (value: Value | undefined): Shown => {
  if (value === undefined) return { kind: "nothing" };
  if (value instanceof Secret) return { kind: "secret" };
  if (value instanceof Hole) {
    return value.secret ? { kind: "secret" } : { kind: "unknown", after: waitedFor(value.origins) };
  }
  return { kind: "value", value: json(value) };
};

/** Inside a larger value, a secret reads `(secret)` and a hole `(known after x)`. */
const json = (value: Value | undefined): Json => {
  if (value === undefined) return null;
  if (value instanceof Secret) return "(secret)";
  if (value instanceof Hole)
    return value.secret ? "(secret)" : `(known after ${waitedFor(value.origins).join(", ")})`;
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(json);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, json(item)]),
  );
};

const isList = (value: object): value is readonly Value[] => Array.isArray(value);
