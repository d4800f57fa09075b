/** What is refused in the metadata of any object: its name, labels, annotations, finalizers, owners. */
import type { Cause } from "../api-error.ts";
import { textsOf } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Metadata } from "../object.ts";
import { required, wrong, wrongs } from "./causes.ts";
import { formatErrors, qualifiedNameErrors } from "./formats.ts";

/** Kinds whose names are single labels. */
const formatOfName = (kind: Kind) => {
  if (kind.group !== "") return "subdomain";
  if (kind.kind === "Service") return "serviceName";
  return kind.kind === "Namespace" ? "label" : "subdomain";
};

export const nameCauses = (kind: Kind, name: string): Cause[] => {
  const field = "metadata.name";
  if (name === "") return [required(field, "name or generateName is required")];
  // RBAC allows every path segment.
  if (kind.group === "rbac.authorization.k8s.io") return [];
  return wrongs(field, name, formatErrors(formatOfName(kind), name));
};

/** Finalizers without a domain that the server knows. */
const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

export const labelsCauses = (field: string, labels: Readonly<Record<string, string>>): Cause[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...wrongs(field, key, qualifiedNameErrors(key)),
    ...wrongs(field, value, formatErrors("labelValue", value)),
  ]);

export const metadataCauses = (metadata: Metadata): Cause[] => [
  ...labelsCauses("metadata.labels", textsOf(metadata.labels)),
  ...Object.keys(metadata.annotations ?? {}).flatMap((key) =>
    wrongs("metadata.annotations", key, qualifiedNameErrors(key.toLowerCase())),
  ),
  ...(metadata.ownerReferences ?? []).flatMap(({ uid, name, kind, apiVersion }) =>
    Object.entries({ apiVersion, kind, name, uid })
      .filter(([, value]) => !value)
      .map(([key, value]) => wrong(`metadata.ownerReferences.${key}`, value ?? "", "must not be empty")),
  ),
  ...(metadata.finalizers ?? []).flatMap((finalizer, index) => {
    const errors = qualifiedNameErrors(finalizer);
    if (errors.length > 0) return wrongs("metadata.finalizers", finalizer, errors);
    return finalizer.includes("/") || standardFinalizers.has(finalizer)
      ? []
      : [
          wrong(
            `metadata.finalizers[${index}]`,
            finalizer,
            "name is neither a standard finalizer name nor is it fully qualified",
          ),
        ];
  }),
];
