/** What is refused in a CustomResourceDefinition. */
import type { Cause } from "../api-error.ts";
import { at, isObject, type JsonObject, objectOf, objectsOf, sameJson, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { forbidden, oneOf, required, wrong } from "../validation/causes.ts";
import { validate } from "./validate.ts";

export const definitionCauses = (
  definition: KubernetesObject,
  before: KubernetesObject | undefined,
): Cause[] => {
  const spec = objectOf(definition.spec);
  const names = objectOf(spec.names);
  const causes: Cause[] = [];
  if (!spec.group) causes.push(required("spec.group"));
  for (const field of ["plural", "kind"]) if (!names[field]) causes.push(required(`spec.names.${field}`));
  causes.push(
    ...(spec.scope === undefined
      ? [required("spec.scope")]
      : oneOf("spec.scope", spec.scope, ["Cluster", "Namespaced"])),
  );
  const name = `${textOf(names.plural)}.${textOf(spec.group)}`;
  if (causes.length === 0 && definition.metadata.name !== name) {
    causes.push(wrong("metadata.name", definition.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  causes.push(...versionCauses(spec), ...changeCauses(before, spec), ...protectedCauses(definition, before));
  return causes;
};

const versionCauses = (spec: JsonObject): Cause[] => {
  const versions = objectsOf(spec.versions);
  if (versions.length === 0) {
    return [
      wrong("spec.versions", [], "must have exactly one version marked as storage version"),
      wrong("status.storedVersions", null, "must have at least one stored version"),
    ];
  }
  const schemas = versions.map((version) => at(version, "schema", "openAPIV3Schema"));
  // Where all versions have the same schema, the server reads it as one of the whole definition.
  const shared = schemas.every((schema) => isObject(schema) && sameJson(schema, schemas[0]));
  const causes = schemas.flatMap((schema, index) => {
    if (shared && index > 0) return [];
    const below = `${shared ? "spec.validation" : `spec.versions[${index}].schema`}.openAPIV3Schema`;
    if (!isObject(schema)) return [required(below)];
    if (schema.type !== "object") return [required(`${below}.type`, "must not be empty at the root")];
    return structuralCauses(schema, below);
  });
  if (versions.filter((version) => version.storage === true).length !== 1) {
    causes.push(
      wrong(
        "spec.versions",
        versions.map((version) => version.name ?? ""),
        "must have exactly one version marked as storage version",
      ),
    );
  }
  return causes;
};

/** Structural schemas name the type of every value and say nothing about types inside allOf, anyOf, oneOf, not. */
const structuralCauses = (schema: JsonObject, path: string): Cause[] => {
  const causes: Cause[] = [];
  const open =
    schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (!schema.type && !open)
    causes.push(required(`${path}.type`, "must not be empty for specified object fields"));
  if (schema.type === "array" && !isObject(schema.items))
    causes.push(required(`${path}.items`, "must be specified"));
  if (isObject(schema.properties) && isObject(schema.additionalProperties)) {
    causes.push({
      reason: "FieldValueForbidden",
      field: `${path}.additionalProperties`,
      message: "Forbidden: additionalProperties and properties are mutual exclusive",
    });
  }
  causes.push(...junctorCauses(schema, path), ...defaultCauses(schema, path));
  for (const [name, property] of Object.entries(objectOf(schema.properties))) {
    if (isObject(property)) causes.push(...structuralCauses(property, `${path}.properties[${name}]`));
  }
  if (isObject(schema.items)) causes.push(...structuralCauses(schema.items, `${path}.items`));
  if (isObject(schema.additionalProperties)) {
    causes.push(...structuralCauses(schema.additionalProperties, `${path}.additionalProperties`));
  }
  return causes;
};

/** Inside allOf, anyOf, oneOf and not, values are validated, and types are not told again. */
const junctorCauses = (schema: JsonObject, path: string): Cause[] => {
  // The one exception: a number or a text, as the API itself writes it.
  if (schema["x-kubernetes-int-or-string"] === true) return [];
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((name) =>
    objectsOf(schema[name]).map((part, index) => ({ part, field: `${path}.${name}[${index}]` })),
  );
  if (isObject(schema.not)) parts.push({ part: schema.not, field: `${path}.not` });
  return parts.flatMap(({ part, field }) =>
    part.type === undefined ? [] : [forbidden(`${field}.type`, "must be empty to be structural")],
  );
};

const defaultCauses = (schema: JsonObject, path: string): Cause[] =>
  schema.default === undefined
    ? []
    : validate(schema.default, schema).map((found) => ({ ...found, field: `${path}.default${found.field}` }));

const changeCauses = (before: KubernetesObject | undefined, spec: JsonObject): Cause[] => {
  if (!before) return [];
  const old = objectOf(before.spec);
  const causes = ["group", "scope"]
    .filter((field) => !sameJson(old[field], spec[field]))
    .map((field) => wrong(`spec.${field}`, spec[field], "field is immutable"));
  const names = objectsOf(spec.versions).map((version) => version.name);
  const stored = at(before, "status", "storedVersions");
  for (const version of Array.isArray(stored) ? stored : []) {
    if (!names.includes(version)) {
      causes.push(
        wrong(
          "status.storedVersions[0]",
          version,
          "missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions".replaceAll(
            "v1",
            String(version),
          ),
        ),
      );
    }
  }
  return causes;
};

/** Groups below k8s.io and kubernetes.io need an approval. */
const protectedCauses = (definition: KubernetesObject, before: KubernetesObject | undefined): Cause[] => {
  const group = textOf(at(definition, "spec", "group")) ?? "";
  const annotation = "api-approved.kubernetes.io";
  if (before || !/(^|\.)(k8s|kubernetes)\.io$/.test(group) || definition.metadata.annotations?.[annotation])
    return [];
  return [
    required(
      `metadata.annotations[${annotation}]`,
      'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ),
  ];
};
