/**
 * A set: any number of objects, from a pipeline and its files, that are applied and removed together. What it is made
 * of is in its inventory. Definitions of kinds come first, then namespaces, then the rest; they go in the other order,
 * objects of the defined kinds before all else.
 */
import type { KubernetesClient, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import { definedKinds, isCrd, removeCrds } from "./crd.ts";
import { built, type Draft, draftName } from "./draft.ts";
import { inventoryName, readInventory, union, without, writeInventory } from "./inventory.ts";
import { isOwnedBy, marksOf, ownerOf, withMarks } from "./marks.ts";
import { shownName } from "./object-id.ts";
import { readObjects } from "./objects-step.ts";
import { readinessOf } from "./readiness.ts";
import { removeObjects } from "./removal.ts";
import type { SourceNames } from "./sources.ts";

const isNamespace = ({ kind, apiVersion }: { readonly kind: string; readonly apiVersion: string }): boolean =>
  kind === "Namespace" && apiVersion === "v1";

const wave = (object: { readonly kind: string; readonly apiVersion: string }): number => {
  if (isCrd(object)) return 0;
  return isNamespace(object) ? 1 : 2;
};

/** In the order of need; inside a wave in the order in which they are written. */
export const inOrder = (drafts: readonly Draft[]): readonly Draft[] =>
  drafts.toSorted((a, b) => wave(a) - wave(b));

export interface SetContent {
  readonly drafts: readonly Draft[];
  readonly sources: SourceNames;
  /** Whether objects that are there and carry no marks of ours may be taken over. */
  readonly takeOver: boolean;
}

const refuseForeign = async (
  context: StepContext,
  client: KubernetesClient,
  names: readonly ObjectName[],
): Promise<void> => {
  for (const live of (await readObjects(client, names)).values()) {
    const owner = ownerOf(live);
    if (isOwnedBy(owner, context.owner)) continue;
    const { apiVersion, kind, metadata } = live;
    const name = shownName({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
    throw new Failure({
      kind: "conflict",
      code: "P0712",
      message: owner
        ? `${name} belongs to pipeline \`${owner.pipeline}\`, instance \`${owner.instance}\`, step \`${owner.step}\``
        : `${name} exists already and carries no marks of ours`,
      resource: name,
      hint: owner
        ? "Leave it out here, or destroy it with its own pipeline first."
        : "Set `takeOver: true` to make it ours, or leave it out.",
    });
  }
};

const waitFor = (context: StepContext, name: string, reason: string): Failure => {
  context.report({ kind: "waiting", reason: `${name}: ${reason}` });
  return new Failure({
    kind: "busy",
    code: "P0713",
    message: `waits for ${name}: ${reason}`,
    resource: name,
  });
};

const applyOne = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  draft: Draft,
): Promise<void> => {
  await context.fence();
  await client.apply(withMarks(built(draft), marksOf(context.owner, ref)), { force: true });
};

/** Applies the definitions, and makes sure that what comes after can rely on them: one wait for all, not one each. */
const applyDefinitions = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  crds: readonly Draft[],
): Promise<void> => {
  for (const crd of crds) await applyOne(context, client, ref, crd);
  // Controllers and the API itself take a moment to serve a new kind.
  for (const name of crds.map(draftName)) {
    const live = await client.get(name);
    const readiness = live ? readinessOf(live) : undefined;
    if (readiness && !readiness.ready) throw waitFor(context, shownName(name), readiness.reason);
  }
};

/** Safe to repeat and to kill anywhere. Throws `busy` where a definition is not established yet: call it again. */
export const applySet = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  { drafts, sources, takeOver }: SetContent,
): Promise<void> => {
  const names = drafts.map(draftName);
  const known = (await readInventory(client, ref))?.objects ?? [];
  if (!takeOver) await refuseForeign(context, client, without(names, known));
  await writeInventory(context, client, ref, { objects: union(known, names), ...sources });
  const crds = drafts.filter(isCrd);
  await applyDefinitions(context, client, ref, crds);
  const defined = new Set(crds.flatMap((crd) => definedKinds(crd)));
  for (const draft of inOrder(drafts.filter((one) => !isCrd(one)))) {
    if (defined.has(draft.kind) && !(await client.serves(draft))) {
      throw waitFor(context, shownName(draftName(draft)), "its kind is not served yet");
    }
    await applyOne(context, client, ref, draft);
  }
  const surplus = without(known, names);
  if (surplus.length === 0) return;
  await removeInOrder(context, client, ref, surplus);
  await writeInventory(context, client, ref, { objects: names, ...sources });
};

/**
 * Whether an object is of a kind that a definition adds: one of this set, or any outside Kubernetes' own groups, which
 * have no dot or end in `.k8s.io`. It may carry a finalizer, and what takes that off may be a Deployment of this very
 * set with its roles: those go only when such objects are gone.
 */
const customIn = (names: readonly ObjectName[]): ((name: ObjectName) => boolean) => {
  const defined = new Set(names.filter(isCrd).map(({ name }) => name.slice(name.indexOf(".") + 1)));
  return ({ apiVersion }) => {
    const [group = "", version] = apiVersion.split("/");
    if (version === undefined) return false;
    return defined.has(group) || (group.includes(".") && !group.endsWith(".k8s.io"));
  };
};

const removeInOrder = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  names: readonly ObjectName[],
): Promise<void> => {
  const isCustom = customIn(names);
  const parts = [
    names.filter(isCustom),
    names.filter((name) => wave(name) === 2 && !isCustom(name)),
    names.filter((name) => wave(name) === 1),
  ];
  for (const part of parts) await removeObjects(context, client, ref, part.toReversed());
  await removeCrds(context, client, ref, names.filter(isCrd));
};

/** Removes every object of the set, then its inventory. Throws `busy` while one is still there: call it again. */
export const removeSet = async (context: StepContext, client: KubernetesClient, ref: Ref): Promise<void> => {
  const inventory = await readInventory(client, ref);
  if (!inventory) return;
  await removeInOrder(context, client, ref, inventory.objects);
  await removeObjects(context, client, ref, [inventoryName(ref)]);
};
