/** The kinds that a CustomResourceDefinition adds to its cluster, one for each served version. */
import { at, type JsonObject, listOf, objectOf, objectsOf, textOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KubernetesObject } from "../object.ts";
import { shapeOfCustom } from "./shape.ts";

const texts = (value: JsonObject[string]): string[] => listOf(value).flatMap((item) => textOf(item) ?? []);

export const isEstablished = (definition: KubernetesObject): boolean =>
  objectsOf(at(definition, "status", "conditions")).some(
    (condition) => condition.type === "Established" && condition.status === "True",
  );

/** None until the definition is established. */
export const kindsOf = (definition: KubernetesObject): Kind[] => {
  if (!isEstablished(definition)) return [];
  const spec = objectOf(definition.spec);
  const names = objectOf(spec.names);
  const group = textOf(spec.group) ?? "";
  const kind = textOf(names.kind) ?? "";
  return objectsOf(spec.versions)
    .filter((version) => version.served === true)
    .map((version) => {
      const name = textOf(version.name) ?? "";
      const schema = objectOf(at(version, "schema", "openAPIV3Schema"));
      const subresources = objectOf(version.subresources);
      return {
        group,
        version: name,
        apiVersion: `${group}/${name}`,
        kind,
        listKind: textOf(names.listKind) ?? `${kind}List`,
        plural: textOf(names.plural) ?? "",
        singular: textOf(names.singular) ?? kind.toLowerCase(),
        shortNames: texts(names.shortNames),
        categories: texts(names.categories),
        namespaced: spec.scope === "Namespaced",
        status: subresources.status !== undefined,
        scale: subresources.scale !== undefined,
        generation: true,
        shape: shapeOfCustom(schema),
        custom: {
          schema,
          columns: objectsOf(version.additionalPrinterColumns),
          storage: version.storage === true,
        },
      };
    });
};
