/**
 * The definitions of kinds that come with a release and that Helm leaves behind: those of the chart's `crds` folder,
 * and those of its templates that it keeps (helm.sh/resource-policy). Which are this release's is known by proof
 * alone: our marks on one that was not there before the first installation, and Helm's own ownership on a kept one.
 */
import type { Release } from "../../clients/helm/release.ts";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import { crdKind, crdName, isCrd, objectsOfCrd, shownObjects } from "../kubernetes/crd.ts";
import { labelValue, markLabels, marksOf, ownerOf, refOf } from "../kubernetes/marks.ts";
import { belongsTo } from "../kubernetes/removal.ts";
import { manifestObjects } from "./manifest.ts";
import type { Place } from "./observed.ts";

const kinds = new Set([crdKind.kind]);

export const isKept = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.["helm.sh/resource-policy"] === "keep";

const keptCrds = (release: Release): readonly string[] =>
  manifestObjects(release.manifest, kinds)
    .filter(isKept)
    .map(({ metadata }) => metadata.name);

const folderCrds = (release: Release): readonly string[] =>
  release.crds.flatMap((text) => manifestObjects(text).filter(isCrd)).map(({ metadata }) => metadata.name);

/** A login with rights in its namespaces alone sees no definitions; it can't have brought any, either. */
const listCrds = async (
  client: Pick<KubernetesClient, "list">,
  options?: { labelSelector: string },
): Promise<readonly KubernetesObject[] | undefined> => {
  try {
    return await client.list(crdKind, options);
  } catch (error) {
    if (error instanceof Failure && error.kind === "forbidden") return undefined;
    throw error;
  }
};

/** The definitions of a cluster before Helm runs, by name. */
export type KnownCrds = ReadonlyMap<string, KubernetesObject>;

/** Undefined where they can't be known. */
export const knownCrds = async (client: Pick<KubernetesClient, "list">): Promise<KnownCrds | undefined> => {
  const crds = await listCrds(client);
  return crds && new Map(crds.map((crd) => [crd.metadata.name, crd]));
};

/**
 * After the first installation: marks what came with it from the `crds` folder, and says what Helm changed of those
 * that were there. Helm 4 applies them over what is there; Helm 3 leaves that alone.
 */
export const markNewCrds = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  release: Release,
  known: KnownCrds,
): Promise<void> => {
  for (const name of folderCrds(release)) {
    const live = await client.get(crdName(name));
    const before = known.get(name);
    if (!live) continue;
    if (!before) {
      if (ownerOf(live) === undefined) await mark(context, client, ref, name);
    } else if (before.metadata.generation !== live.metadata.generation)
      context.report({
        kind: "notice",
        message: `CustomResourceDefinition ${name} was there before, and is now as the chart has it`,
      });
  }
};

const mark = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  name: string,
): Promise<void> => {
  await context.fence();
  await client.patch(crdName(name), { metadata: marksOf(context.owner, ref) });
};

/** https://helm.sh/docs/chart_template_guide/ and Helm's pkg/action/validate.go: Helm refuses what is another's. */
const helmOwner = ({ metadata }: KubernetesObject): string | undefined => {
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  const namespace = metadata.annotations?.["meta.helm.sh/release-namespace"];
  return release === undefined || namespace === undefined ? undefined : `${namespace}/${release}`;
};

const shownPlace = ({ namespace, release }: Place): string => `${namespace}/${release}`;

/** Before Helm removes the release: marks what its templates keep, so that it is known once the release is gone. */
export const markKeptCrds = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  place: Place,
  release: Release,
): Promise<void> => {
  for (const name of keptCrds(release)) {
    const live = await client.get(crdName(name));
    if (!live || ownerOf(live) !== undefined || helmOwner(live) !== shownPlace(place)) continue;
    await mark(context, client, ref, name);
  }
};

/** The definitions that carry the marks of this very release. */
export const markedCrds = async (
  context: StepContext,
  client: Pick<KubernetesClient, "list">,
  ref: Ref,
): Promise<readonly KubernetesObject[]> => {
  const labelSelector = `${markLabels.pipeline}=${labelValue(context.owner.pipeline)}`;
  const crds = (await listCrds(client, { labelSelector })) ?? [];
  return crds.filter((crd) => belongsTo(crd, ref, context.owner));
};

/** One line for each definition that stays because nothing proves it this release's. */
export const foreignCrds = async (
  context: StepContext,
  client: Pick<KubernetesClient, "get" | "list">,
  ref: Ref,
  place: Place,
  release: Release,
): Promise<readonly string[]> => {
  const names = new Set([...keptCrds(release), ...folderCrds(release)]);
  const lines: string[] = [];
  for (const name of names) {
    const live = await client.get(crdName(name));
    if (!live || belongsTo(live, ref, context.owner)) continue;
    const objects = shownObjects(await objectsOfCrd(client, live));
    lines.push(`CustomResourceDefinition ${name} stays, with ${objects}: ${reason(live, place)}`);
  }
  return lines;
};

const reason = (live: KubernetesObject, place: Place): string => {
  const owner = ownerOf(live);
  const release = helmOwner(live);
  if (owner) return `it is of step ${owner.step}${refOf(live) ? ` (${refOf(live)?.type})` : ""}`;
  if (release !== undefined && release !== shownPlace(place)) return `it is of Helm release ${release}`;
  return "it may have been there before this release";
};

export const namesOf = (crds: readonly KubernetesObject[]): readonly ObjectName[] =>
  crds.map(({ metadata }) => crdName(metadata.name));
