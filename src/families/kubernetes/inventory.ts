/**
 * What a set of objects is made of, kept in the cluster in a ConfigMap of its own: so that one look finds all of
 * them (not one list for each kind), what is no longer named can be removed, and the files that they came from are
 * known again. It is written before the objects with all that will be touched, and after them with what is left: a
 * run that is killed in between forgets nothing.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { marksOf, withMarks } from "./marks.ts";
import { objectId } from "./object-id.ts";

export interface Inventory {
  readonly objects: readonly ObjectName[];
  /** Paths as the pipeline names them. */
  readonly files: readonly string[];
  readonly folder?: string | undefined;
}

const inventorySchema = z.object({
  objects: z.array(
    z.object({
      apiVersion: z.string(),
      kind: z.string(),
      namespace: z.string().optional(),
      name: z.string(),
    }),
  ),
  files: z.array(z.string()),
  folder: z.string().optional(),
});

/** `set <pipeline>/<instance>/<name>`. */
export const setId = (pipeline: string, instance: string, name: string): string =>
  `set ${pipeline}/${instance}/${name}`;

/** The ConfigMap of a set; beside the Lease, since every cluster has that namespace and no pipeline destroys it. */
export const inventoryName = (ref: Ref): ObjectName => {
  const hash = createHash("sha256").update(ref.id).digest("hex").slice(0, 8);
  const name = ref.id.slice(ref.id.lastIndexOf("/") + 1);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: "kube-system",
    name: `provision-set-${name}-${hash}`,
  };
};

export interface StoredInventory extends Inventory {
  readonly stored: KubernetesObject;
}

export const readInventory = async (
  client: KubernetesClient,
  ref: Ref,
): Promise<StoredInventory | undefined> => {
  const stored = await client.get(inventoryName(ref));
  if (!stored) return undefined;
  const text = z.looseObject({ inventory: z.string() }).safeParse(stored.data).data?.inventory ?? "";
  const empty: Inventory = { objects: [], files: [] };
  try {
    return { ...(inventorySchema.safeParse(JSON.parse(text)).data ?? empty), stored };
  } catch {
    // Somebody wrote into it: what it named is found by labels when it is searched for.
    return { ...empty, stored };
  }
};

export const writeInventory = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  inventory: Inventory,
): Promise<void> => {
  const { apiVersion, kind, name, namespace } = inventoryName(ref);
  const object = {
    apiVersion,
    kind,
    metadata: { name, namespace },
    data: { inventory: JSON.stringify(inventory) },
  };
  await context.fence();
  await client.apply(withMarks(object, marksOf(context.owner, ref)), { force: true });
};

/** Each object once, in the order of first mention. */
export const union = (...lists: readonly (readonly ObjectName[])[]): readonly ObjectName[] => [
  ...new Map(lists.flat().map((name) => [objectId(name), name])).values(),
];

/** Those of the first list that the second does not name. */
export const without = (
  names: readonly ObjectName[],
  others: readonly ObjectName[],
): readonly ObjectName[] => {
  const known = new Set(others.map(objectId));
  return names.filter((name) => !known.has(objectId(name)));
};
