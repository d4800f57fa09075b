/** The namespace of a release or a key: made with our marks where it is missing, and removed with the last thing in it. */
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref, Scope } from "../../step/ref.ts";
import { staying } from "./garbage.ts";
import { isOwnedBy, labelValue, markLabels, marksOf, ownerOf, withMarks } from "./marks.ts";

const kind = { apiVersion: "v1", kind: "Namespace" } as const;

/** A namespace that is there stays as it is, whoever made it. */
export const ensureNamespace = async (
  context: StepContext,
  client: KubernetesClient,
  name: string,
  ref: Ref,
): Promise<void> => {
  const live = await client.get({ ...kind, name });
  if (live?.metadata.deletionTimestamp !== undefined)
    throw new Failure({
      kind: "busy",
      code: "P0745",
      message: `namespace ${name} is being deleted`,
      resource: `Namespace ${name}`,
    });
  if (live) return;
  await context.fence();
  await client.apply(withMarks({ ...kind, metadata: { name } }, marksOf(context.owner, ref)));
};

/** What Kubernetes puts into every namespace by itself, or keeps there as a record only. */
const furniture = (object: KubernetesObject): boolean => {
  switch (object.kind) {
    case "Event":
    case "Lease":
    case "Endpoints":
    case "EndpointSlice":
    case "PodMetrics":
      return true;
    case "ServiceAccount":
      return object.metadata.name === "default";
    case "ConfigMap":
      return object.metadata.name === "kube-root-ca.crt";
    default:
      return false;
  }
};

/** A Helm release is marked by labels alone, on its Secret. */
const isOurs = (object: KubernetesObject, scope: Scope): boolean =>
  isOwnedBy(ownerOf(object), scope) ||
  (object.metadata.labels?.[markLabels.pipeline] === labelValue(scope.pipeline) &&
    object.metadata.labels?.[markLabels.instance] === labelValue(scope.instance));

/**
 * Deletes the namespace if this pipeline made it and nothing is left in it. Where something is, it says so, but for
 * what belongs to another step of this pipeline: with that the namespace goes, or it is still in use.
 */
export const removeEmptyNamespace = async (
  context: StepContext,
  client: KubernetesClient,
  name: string,
): Promise<void> => {
  const live = await client.get({ ...kind, name });
  if (!live || !isOwnedBy(ownerOf(live), context.owner) || live.metadata.deletionTimestamp !== undefined)
    return;
  const kinds = (await client.kinds()).filter(({ namespaced }) => namespaced);
  const inside = await Promise.all(kinds.map((one) => client.list(one, { namespace: name })));
  const left = await staying(
    client,
    inside.flat().filter((object) => !furniture(object)),
  );
  const [first] = left;
  if (first) {
    if (left.some((object) => isOurs(object, context.owner))) return;
    const others = left.length > 1 ? ` and ${left.length - 1} more` : "";
    context.report({
      kind: "notice",
      message: `namespace ${name} stays: ${first.kind} ${first.metadata.name}${others} still in it`,
    });
    return;
  }
  await context.fence();
  await client.delete({ ...kind, name }, live.metadata.uid === undefined ? {} : { uid: live.metadata.uid });
};
