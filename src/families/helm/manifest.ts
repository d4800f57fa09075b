/** The objects of a Helm manifest, read as Helm reads them: YAML 1.1 scalars, and numbers that stay numbers. Pure. */
import { parse, type Tags } from "yaml";
import { z } from "zod";
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    // Templates write numbers and booleans into annotations, which the API server would refuse; Helm does not mind.
    labels: z.record(z.string(), z.string()).optional().catch(undefined),
    annotations: z.record(z.string(), z.string()).optional().catch(undefined),
  }),
});

const listSchema = z.looseObject({ kind: z.string().endsWith("List"), items: z.array(z.unknown()) });

/**
 * Every object of the manifest, members of Lists included. What is no object is left out. With `kinds` only documents
 * that may hold one of them are parsed: the CRDs of cert-manager alone are a megabyte, a third of a second.
 */
export const manifestObjects = (
  manifest: string,
  kinds?: ReadonlySet<string>,
): readonly KubernetesObject[] => {
  const wanted = kinds && new RegExp(`kind["']?:\\s*["']?(${[...kinds, "\\w*List"].join("|")})\\b`);
  const objects = manifest
    .split(/^---(?:[ \t].*)?$/m)
    .filter((text) => !wanted || wanted.test(text))
    .flatMap((text) => objectsIn(parse(text, options)));
  return kinds ? objects.filter(({ kind }) => kinds.has(kind)) : objects;
};

const options = {
  version: "1.1",
  // `20:30` and dates are texts to Kubernetes: its YAML goes through JSON.
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && tag.format !== "TIME"),
    ),
  uniqueKeys: false,
  strict: false,
  logLevel: "silent",
} as const;

const objectsIn = (value: unknown): readonly KubernetesObject[] => {
  const list = listSchema.safeParse(value);
  if (list.success) return list.data.items.flatMap(objectsIn);
  const object = objectSchema.safeParse(value);
  return object.success ? [object.data] : [];
};

/** `Deployment nginx-controller`; the namespace is named where it is not the release's. */
export const objectTitle = (object: KubernetesObject, namespace: string): string => {
  const other = object.metadata.namespace !== undefined && object.metadata.namespace !== namespace;
  return `${object.kind} ${other ? `${object.metadata.namespace}/` : ""}${object.metadata.name}`;
};
