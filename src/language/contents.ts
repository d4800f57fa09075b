/** Looking into values: the holes and secrets in them, and the plain data that is left without. */
import { Secret } from "../step/secret.ts";
import type { Known } from "./functions/function.ts";
import { Hole, type Origin, type Value } from "./value.ts";

export interface Contents {
  readonly holes: readonly Hole[];
  readonly secrets: readonly Secret[];
}

/** Every hole and secret in a value, however deep. */
export const contentsOf = (values: readonly Value[]): Contents => {
  const holes: Hole[] = [];
  const secrets: Secret[] = [];
  const visit = (value: Value | undefined): void => {
    if (value === null || typeof value !== "object") return;
    if (value instanceof Hole) holes.push(value);
    else if (value instanceof Secret) secrets.push(value);
    else if (isList(value)) value.forEach(visit);
    else Object.values(value).forEach(visit);
  };
  values.forEach(visit);
  return { holes, secrets };
};

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** One hole for several: it waits for all that they wait for, and is a secret where anything in it is. */
export const mergeHoles = (holes: readonly Hole[], secret: boolean): Hole => {
  const origins = new Map<string, Origin>();
  for (const hole of holes)
    for (const origin of hole.origins)
      origins.set(
        origin.kind === "step" ? `step ${origin.step} ${origin.output}` : `secret ${origin.name}`,
        origin,
      );
  return new Hole([...origins.values()], secret || holes.some((hole) => hole.secret));
};

/** The value with the text of each secret in its place. What is made of it must become a secret again. */
export const reveal = (value: Value): Known => {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Secret) return value.reveal();
  if (value instanceof Hole) throw new TypeError("a hole has no value");
  if (isList(value)) return value.map(reveal);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [[key, reveal(entry)]])),
  );
};

/** A secret made from others; it says where all of them come from. Of several lines not each is secret by itself. */
export const secretFrom = (text: string, secrets: readonly Secret[]): Secret =>
  new Secret(text, [...new Set(secrets.map((secret) => secret.origin))].join(", "), [
    ...(text.includes("\n") ? [] : [text]),
    ...secrets.flatMap((secret) => secret.revealParts()),
  ]);
