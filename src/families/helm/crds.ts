/**
 * The definitions of kinds that come with a release and that Helm leaves behind: those of the chart's `crds` folder,
 * and those of its templates that it keeps (helm.sh/resource-policy). Which are this release's is known by proof
 * alone: our marks on one that we made since it was missing, and Helm's own ownership on a kept one.
 */
import type { ChartCrds } from "../../charts/crds.ts";
import type { Release } from "../../clients/helm/release.ts";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import { crdKind, crdName, isCrd, objectsOfCrd, servedKinds, shownObjects } from "../kubernetes/crd.ts";
import { labelValue, markLabels, marksOf, ownerOf, refOf, withMarks } from "../kubernetes/marks.ts";
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

/** What a login may not see, as one for some namespaces only, it has not brought either. */
const unlessForbidden = async <Result>(look: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Failure && error.kind === "forbidden") return undefined;
    throw error;
  }
};

/** Milliseconds until Helm goes on without a kind that is not served: as long as it would wait itself. */
const patience = 60_000;

/**
 * Makes what is missing of a chart's `crds` folder, with our marks from the first moment on: whatever way the run
 * ends, it is known that it came with this release. What is there already stays as it is, whoever made it.
 * @returns whether Helm can leave the folder alone.
 */
export const makeCrds = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  { own, nested }: ChartCrds,
): Promise<boolean> => {
  const objects = own.flatMap((text) => manifestObjects(text));
  if (objects.length === 0) return false;
  const crds = objects.filter(isCrd);
  for (const crd of crds) {
    const looked = await unlessForbidden(client.get(crdName(crd.metadata.name)).then((live) => ({ live })));
    // Helm says what is not allowed, should it have to bring one.
    if (!looked) return false;
    if (looked.live) continue;
    await context.fence();
    await create(client, withMarks(crd, marksOf(context.owner, ref)));
  }
  await untilServed(context, client, crds);
  return !nested && crds.length === objects.length;
};

const create = async (client: KubernetesClient, crd: KubernetesObject): Promise<void> => {
  try {
    await client.create(crd);
  } catch (error) {
    // Somebody else was faster, and it is theirs.
    if (!(error instanceof Failure) || error.kind !== "conflict") throw error;
  }
};

/** Helm looks kinds up once, and knows of none that came a moment ago. */
const untilServed = async (
  context: StepContext,
  client: KubernetesClient,
  crds: readonly KubernetesObject[],
): Promise<void> => {
  const until = context.clock.now() + patience;
  for (const kind of crds.flatMap(servedKinds)) {
    while (!(await client.serves(kind)) && context.clock.now() < until) {
      context.report({ kind: "waiting", reason: `${kind.kind} to be served` });
      await context.clock.sleep(context.environment.pollInterval, context.signal);
    }
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
    const live = await unlessForbidden(client.get(crdName(name)));
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
  const crds = (await unlessForbidden(client.list(crdKind, { labelSelector }))) ?? [];
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
    const live = await unlessForbidden(client.get(crdName(name)));
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
