/** Finds what carries a scope's marks in clusters: every kind that the API serves, by label. */
import type { KindName, KubernetesClient } from "../../clients/kubernetes/client.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { type Ref, refKey, type Scope } from "../../step/ref.ts";
import type { Discovered, Family } from "../../step/step.ts";
import { isOwnedBy, ownerOf, refOf, selectorOf } from "./marks.ts";

/** Kinds that nobody marks: made by controllers in large numbers, or other objects in another guise. */
const unmarked = new Set([
  "Event",
  "EndpointSlice",
  "Endpoints",
  "Pod",
  "ReplicaSet",
  "ControllerRevision",
  "PodMetrics",
  "NodeMetrics",
  "Node",
  "CSINode",
  "Lease",
  "ComponentStatus",
  "APIService",
  "FlowSchema",
  "PriorityLevelConfiguration",
]);

/** Secrets that Helm keeps its releases in carry labels of Helm's; that family reads them. */
const notHelms = "owner!=helm";

/** Several groups may serve one kind (Event, Ingress): each object is found in both, and told once by its Ref. */
const kindsToAsk = (kinds: readonly KindName[]): readonly KindName[] =>
  kinds.filter(({ kind }) => !unmarked.has(kind));

const listKind = async (client: KubernetesClient, kind: KindName, labelSelector: string) => {
  try {
    return await client.list(kind, { labelSelector });
  } catch (error) {
    // Kinds that the login may not read, or whose own server refuses lists, hold nothing that it has made.
    if (error instanceof Failure && (error.kind === "forbidden" || error.kind === "rejected")) return [];
    throw error;
  }
};

const discoverIn = async (
  context: StepContext,
  scope: Scope,
  cluster: Ref,
): Promise<readonly Discovered[]> => {
  const client = await context.use(kubernetes(cluster));
  const kinds = kindsToAsk(await client.kinds());
  const selector = `${selectorOf(scope)},${notHelms}`;
  const lists = await Promise.all(kinds.map((kind) => listKind(client, kind, selector)));
  const found = new Map<string, Discovered>();
  for (const object of lists.flat()) {
    const owner = ownerOf(object);
    const ref = refOf(object);
    // A label may be hashed or copied to a dependant; the annotations decide.
    const copied = (object.metadata.ownerReferences?.length ?? 0) > 0;
    if (!owner || !ref || copied || !isOwnedBy(owner, scope)) continue;
    // The cluster as it is reached now, whatever access it was made with.
    found.set(refKey(ref), { ref: { ...ref, within: cluster }, owner });
  }
  return [...found.values()];
};

export const kubernetesFamily: Family = {
  name: "Kubernetes objects",
  discover: async (context, scope, clusters) =>
    (await Promise.all(clusters.map((cluster) => discoverIn(context, scope, cluster)))).flat(),
};
