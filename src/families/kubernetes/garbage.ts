/** Tells what stays from what is on its way out by itself. */
import { z } from "zod";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";

const ownersSchema = z.object({
  ownerReferences: z
    .array(z.object({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string() }))
    .default([]),
});

type Client = Pick<KubernetesClient, "get" | "serves">;

/** As the garbage collector judges: an owner whose kind the API does not serve counts as there. */
const isPresent = async (client: Client, owner: ObjectName & { readonly uid: string }): Promise<boolean> => {
  const live = await client.get(owner);
  return live ? live.metadata.uid === owner.uid : !(await client.serves(owner));
};

/**
 * Those that stay: neither being deleted nor left to the garbage collector, which removes within seconds what has
 * owners of which none is there any more.
 */
export const staying = async (
  client: Client,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> => {
  const looks = new Map<string, Promise<boolean>>();
  const look = (owner: ObjectName & { readonly uid: string }): Promise<boolean> => {
    const begun = looks.get(owner.uid) ?? isPresent(client, owner);
    looks.set(owner.uid, begun);
    return begun;
  };
  const stays = async ({ metadata }: KubernetesObject): Promise<boolean> => {
    if (metadata.deletionTimestamp !== undefined) return false;
    const owners = ownersSchema.safeParse(metadata).data?.ownerReferences ?? [];
    if (owners.length === 0) return true;
    const present = owners.map((owner) => look({ ...owner, namespace: metadata.namespace }));
    return (await Promise.all(present)).includes(true);
  };
  const verdicts = await Promise.all(objects.map(stays));
  return objects.filter((_, index) => verdicts[index]);
};
