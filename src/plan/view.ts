/**
 * The view of an input at plan time: plain data to the code that reads it, in which touching a hole defers just
 * that computation and says whose output it waits for. Pure.
 */
import { Hole, type Origin, type Value } from "../language/value.ts";
import { Secret } from "../step/secret.ts";

/** Thrown by a view where a hole is touched; caught by `attempt` and nowhere else. */
class Deferred extends Error {
  readonly origins: readonly Origin[];

  constructor(origins: readonly Origin[]) {
    super("an unknown value was touched outside of a plan");
    this.origins = origins;
  }
}

export type Attempt<Result> =
  | { readonly known: true; readonly value: Result }
  | { readonly known: false; readonly origins: readonly Origin[] };

/** Runs a computation over views; unknown where it touched a hole. Other errors pass through. */
export const attempt = <Result>(computation: () => Result): Attempt<Result> => {
  try {
    return { known: true, value: computation() };
  } catch (error) {
    if (error instanceof Deferred) return { known: false, origins: error.origins };
    throw error;
  }
};

/** The origins of every hole in a value; empty where all of it is known. */
export const originsIn = (value: Value | undefined): readonly Origin[] => {
  if (value instanceof Hole) return value.origins;
  if (!isContainer(value)) return [];
  return Object.values(value).flatMap((item) => [...originsIn(item)]);
};

type List = readonly Value[];
type Entries = { readonly [key: string]: Value | undefined };

const isContainer = (value: Value | undefined): value is List | Entries =>
  typeof value === "object" && value !== null && !(value instanceof Secret) && !(value instanceof Hole);

const isList = (value: List | Entries): value is List => Array.isArray(value);

/** What a step's functions get for their input. Parts without a hole are handed out as they are. */
export const view = (value: Value | undefined): unknown => {
  if (value instanceof Hole) throw new Deferred(value.origins);
  if (!isContainer(value) || originsIn(value).length === 0) return value;
  if (isList(value)) {
    return new Proxy(value, {
      get: (list, key, receiver) =>
        typeof key === "string" && /^\d+$/.test(key)
          ? view(list[Number(key)])
          : Reflect.get(list, key, receiver),
    });
  }
  return new Proxy(value, {
    get: (entries, key, receiver) =>
      typeof key === "string" && Object.hasOwn(entries, key)
        ? view(entries[key])
        : Reflect.get(entries, key, receiver),
  });
};
