/**
 * The way from kubectl's apply on the client to that on the server: what the annotation of the one says counts as
 * kubectl's own in the other, and is kept up to date by it (`lastappliedmanager.go`, `lastappliedupdater.go`).
 */
import { canonicalText, isObject, type Json, type JsonObject, objectOf, textOf } from "../json.ts";
import { difference, emptySet, type FieldSet, pathsOf } from "./field-set.ts";
import type { Shape } from "./shape.ts";
import { compare, fieldsOf } from "./typed.ts";
import type { FieldConflict } from "./update.ts";

/** Nobody else's apply looks at the annotation. */
const manager = "kubectl";
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

const annotated = (object: JsonObject): string | undefined =>
  textOf(objectOf(objectOf(object.metadata).annotations)[annotation]) || undefined;

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Fields that were applied by the client and are still as they were applied. */
const kept = (live: JsonObject, shape: Shape): FieldSet => {
  const last = parsed(annotated(live) ?? "");
  if (!last || last.apiVersion !== live.apiVersion) return emptySet;
  const { added, modified, removed } = compare(last, live, shape);
  return [added, modified, removed].reduce(difference, fieldsOf(last, shape));
};

/** The conflicts that stay when kubectl goes on with what it applied itself; all of them for anybody else. */
export const foreignConflicts = (
  conflicts: readonly FieldConflict[],
  live: JsonObject,
  shape: Shape,
  writer: string,
): readonly FieldConflict[] => {
  if (writer !== manager || conflicts.length === 0) return conflicts;
  const own = new Set(pathsOf(kept(live, shape)));
  return conflicts.filter(({ path }) => !own.has(path));
};

/** The object with the annotation as kubectl would write it now, where it has one. */
export const withLastApplied = (object: JsonObject, config: JsonObject, writer: string): JsonObject => {
  if (writer !== manager || annotated(object) === undefined) return object;
  const { annotations: given, ...rest } = objectOf(config.metadata);
  const { [annotation]: _last, ...annotations } = objectOf(given);
  const metadata = Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest;
  const text = `${canonicalText({ ...config, metadata })}\n`;
  const own = objectOf(object.metadata);
  return {
    ...object,
    metadata: { ...own, annotations: { ...objectOf(own.annotations), [annotation]: text } },
  };
};
