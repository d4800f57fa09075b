/**
 * Definitions of kinds, which nobody removes lightly: with a definition go all objects of its kind, whoever made
 * them. One of ours goes when there is none; otherwise it stays, is nobody's from then on, and a notice says why.
 */
import type {
  KindName,
  KubernetesClient,
  KubernetesObject,
  ObjectName,
} from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { isEntries } from "./draft.ts";
import { withoutMarks } from "./marks.ts";
import { shownName } from "./object-id.ts";
import { belongsTo, removeObjects } from "./removal.ts";

export const crdKind = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
} as const satisfies KindName;

export const crdName = (name: string): ObjectName => ({ ...crdKind, name });

export const isCrd = ({ kind }: { readonly kind: string }): boolean => kind === crdKind.kind;

/** The kind that a definition, as written or as live, defines; empty where it is not complete. */
export const definedKinds = (crd: { readonly [field: string]: unknown }): readonly string[] => {
  const names = isEntries(crd.spec) ? crd.spec.names : undefined;
  return isEntries(names) && typeof names.kind === "string" ? [names.kind] : [];
};

/** The kind in every version that the definition has the API serve. */
export const servedKinds = (crd: KubernetesObject): readonly KindName[] => {
  const spec = isEntries(crd.spec) ? crd.spec : {};
  const versions = Array.isArray(spec.versions) ? spec.versions.filter(isEntries) : [];
  const served = versions.filter((version) => version.served === true);
  return served.flatMap(({ name }) =>
    definedKinds(crd).map((kind) => ({ apiVersion: `${spec.group}/${name}`, kind })),
  );
};

/** Every object of the kind, in all namespaces. */
export const objectsOfCrd = async (
  client: Pick<KubernetesClient, "list">,
  crd: KubernetesObject,
): Promise<readonly KubernetesObject[]> => {
  const [kind] = servedKinds(crd);
  return kind ? client.list(kind) : [];
};

/** `3 objects of its kind (Thing web/one and 2 more)`. */
export const shownObjects = (objects: readonly KubernetesObject[]): string => {
  const [first] = objects;
  if (!first) return "no object of its kind";
  const { apiVersion, kind, metadata } = first;
  const example = shownName({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
  const more = objects.length > 1 ? ` and ${objects.length - 1} more` : "";
  return `${objects.length} ${objects.length > 1 ? "objects" : "object"} of its kind (${example}${more})`;
};

/**
 * Removes these definitions as far as they carry the marks of `ref`: safe to repeat.
 * @throws Failure `busy` (P0705) while one is still there: ask again.
 */
export const removeCrds = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  names: readonly ObjectName[],
): Promise<void> => {
  const going: ObjectName[] = [];
  for (const name of names) {
    const crd = await client.get(name);
    if (!crd || !belongsTo(crd, ref, context.owner)) continue;
    // Once it is being deleted the API server makes no new objects, and removes those that are left.
    const left = crd.metadata.deletionTimestamp === undefined ? await objectsOfCrd(client, crd) : [];
    if (left.length === 0) going.push(name);
    else await leave(context, client, name, left);
  }
  await removeObjects(context, client, ref, going);
};

const leave = async (
  context: StepContext,
  client: KubernetesClient,
  name: ObjectName,
  objects: readonly KubernetesObject[],
): Promise<void> => {
  await context.fence();
  await client.patch(name, withoutMarks);
  context.report({
    kind: "notice",
    message: `${shownName(name)} stays: with it would go ${shownObjects(objects)}`,
  });
};
