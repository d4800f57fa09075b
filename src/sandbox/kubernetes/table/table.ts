/** Objects as a meta.k8s.io/v1 Table, which kubectl asks for to print. */
import { type Json, type JsonObject, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { ageText } from "../time.ts";
import { type Column, columns } from "./columns.ts";
import { jsonPath } from "./json-path.ts";

const ageOf = (time: Json | undefined, now: number): string => {
  const start = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(start) ? "<unknown>" : ageText(now - start);
};

const customColumns = (kind: Kind, now: number): Column[] | undefined => {
  const own = kind.custom?.columns ?? [];
  if (own.length === 0) return undefined;
  return own.map((entry) => {
    const path = textOf(entry.jsonPath) ?? "";
    return {
      name: textOf(entry.name) ?? "",
      type: entry.type === "integer" ? "integer" : "string",
      priority: entry.priority ? 1 : 0,
      value: (object) => {
        const value = jsonPath(object, path) ?? null;
        if (entry.type === "date") return ageOf(value, now);
        return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
      },
    };
  });
};

/** `now`: milliseconds since the epoch. */
export const tableOf = (
  kind: Kind,
  objects: readonly KubernetesObject[],
  now: number,
  metadata: JsonObject,
  included: IncludedObject,
): JsonObject => {
  const age: Column = {
    name: kind.kind === "CustomResourceDefinition" ? "Created At" : "Age",
    type: "string",
    priority: 0,
    value: ({ metadata: { creationTimestamp } }) =>
      kind.kind === "CustomResourceDefinition" ? (creationTimestamp ?? null) : ageOf(creationTimestamp, now),
  };
  const name: Column = { name: "Name", type: "string", priority: 0, value: (object) => object.metadata.name };
  const shown = kind.kind === "Event" ? columns.Event?.map((entry) => lastSeen(entry, now)) : undefined;
  const all = shown ?? [name, ...(customColumns(kind, now) ?? [...(columns[kind.kind] ?? []), age])];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: all.map((entry) => ({
      name: entry.name,
      type: entry.type,
      format: entry.name === "Name" ? "name" : "",
      description: "",
      priority: entry.priority,
    })),
    rows: objects.map((object) => ({
      cells: all.map((entry) => entry.value(object)),
      object: rowObject(object, included),
    })),
  };
};

/** What a row holds besides its cells, as the query's `includeObject` has it. */
export type IncludedObject = "None" | "Metadata" | "Object";

const rowObject = (object: KubernetesObject, included: IncludedObject): Json => {
  if (included === "None") return null;
  if (included === "Object") return object;
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
};

const lastSeen = (entry: Column, now: number): Column =>
  entry.name === "Last Seen" ? { ...entry, value: (event) => ageOf(entry.value(event), now) } : entry;
