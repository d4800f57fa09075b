/**
 * OpenAPI v3, as far as clients use it: that every kind takes `fieldValidation` and `fieldManager` on PATCH (then
 * Helm and kubectl leave validation to the server), and the fields of each type for `kubectl explain`.
 */
import { createHash } from "node:crypto";
import { type JsonObject, objectOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import { types } from "../kinds/types.generated.ts";
import { groupsOf } from "./discovery.ts";

const pathOf = (group: string, version: string): string =>
  group ? `apis/${group}/${version}` : `api/${version}`;

/** `/openapi/v3`: where the document of each group version is. The hash lets clients keep it. */
export const openApiIndex = (kinds: readonly Kind[]): JsonObject => ({
  paths: Object.fromEntries(
    groupsOf(kinds).flatMap(({ name, versions }) =>
      versions.map((version) => {
        const path = pathOf(name, version);
        const names = kinds.filter((kind) => kind.group === name && kind.version === version);
        const text = JSON.stringify(names.map((kind) => [kind.kind, kind.custom?.schema]));
        const hash = createHash("sha256").update(text).digest("hex").toUpperCase();
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
      }),
    ),
  ),
});

const reference = (type: string): JsonObject => ({ $ref: `#/components/schemas/${type}` });

const schemaOfText = (text: string): JsonObject => {
  const item = /^\[(.*)\]$/.exec(text)?.[1];
  if (item !== undefined) return { type: "array", items: schemaOfText(item) };
  const value = /^\{(.*)\}$/.exec(text)?.[1];
  if (value !== undefined) return { type: "object", additionalProperties: schemaOfText(value) };
  switch (text) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { type: text };
    case "IntOrString":
      return { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" };
    case "any":
      return { "x-kubernetes-preserve-unknown-fields": true };
    default:
      return { allOf: [reference(text)] };
  }
};

const collect = (text: string, found: Set<string>): void => {
  const type = text.replace(/[[\]{}]/g, "");
  const fields = types[type];
  if (!fields || found.has(type)) return;
  found.add(type);
  for (const below of Object.values(fields)) collect(below, found);
};

const schemaOfType = (type: string): JsonObject => ({
  type: "object",
  properties: Object.fromEntries(
    Object.entries(types[type] ?? {}).map(([name, text]) => [name, schemaOfText(text)]),
  ),
});

const operation = (kind: Kind, action: string, contents: readonly string[]): JsonObject => ({
  "x-kubernetes-action": action,
  "x-kubernetes-group-version-kind": { group: kind.group, version: kind.version, kind: kind.kind },
  parameters: ["dryRun", "fieldManager", "fieldValidation", ...(action === "patch" ? ["force"] : [])].map(
    (name) => ({
      name,
      in: "query",
      schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
    }),
  ),
  requestBody: {
    content: Object.fromEntries(contents.map((content) => [content, { schema: { type: "object" } }])),
  },
  responses: { "200": { description: "OK" } },
});

/** `/openapi/v3/apis/apps/v1`. Strategic merge is left out of the contents: kubectl has the built-in keys itself. */
export const openApiDocument = (
  kinds: readonly Kind[],
  group: string,
  version: string,
): JsonObject | undefined => {
  const own = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (own.length === 0) return undefined;
  const schemas: JsonObject = {};
  const used = new Set<string>(["V1ObjectMeta"]);
  const paths: JsonObject = {};
  for (const kind of own) {
    const base = `/${pathOf(group, version)}/${kind.namespaced ? "namespaces/{namespace}/" : ""}${kind.plural}`;
    paths[base] = { post: operation(kind, "post", ["*/*"]) };
    paths[`${base}/{name}`] = {
      put: operation(kind, "put", ["*/*"]),
      patch: operation(kind, "patch", [
        "application/apply-patch+yaml",
        "application/json-patch+json",
        "application/merge-patch+json",
      ]),
    };
    const own = kind.custom
      ? customSchema(kind)
      : kind.type
        ? schemaOfType(kind.type)
        : { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    if (kind.type) collect(kind.type, used);
    schemas[kind.type ?? kind.kind] = {
      ...own,
      "x-kubernetes-group-version-kind": [{ group, version, kind: kind.kind }],
    };
  }
  for (const type of used) schemas[type] ??= schemaOfType(type);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths,
    components: { schemas },
  };
};

const customSchema = (kind: Kind): JsonObject => {
  const schema = kind.custom?.schema ?? {};
  return {
    ...schema,
    properties: {
      ...objectOf(schema.properties),
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { allOf: [reference("V1ObjectMeta")] },
    },
  };
};
