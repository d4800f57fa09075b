/** Reads a release as it is: its own Secret, and each object of its manifest. No Helm process is started for it. */

import type { ChartSource } from "../../charts/source.ts";
import { charts } from "../../charts/store.ts";
import type { JsonObject } from "../../clients/helm/client.ts";
import { type Release, type Revision, releaseHistory } from "../../clients/helm/release.ts";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import { type Drift, driftOf } from "./drift.ts";
import { manifestObjects } from "./manifest.ts";
import { comparableDigest, releaseDigest, sourceOf } from "./marks.ts";

/** What the fields of a Helm step are compared with. */
export interface HelmActual<Extra = unknown> {
  readonly status: Revision["status"];
  readonly revision: number;
  /** The chart that it was installed from; undefined where Helm's last word was another. */
  readonly source: ChartSource | undefined;
  readonly chart: Release["chart"];
  readonly values: JsonObject;
  /** Of the chart that was installed. */
  readonly digest: string | undefined;
  /** Of the same chart as this machine has it now; undefined where it has none. */
  readonly currentDigest: string | undefined;
  readonly drift: readonly Drift[];
  /** What the step itself keeps beside the release, such as a Secret. */
  readonly extra: Extra;
}

export interface Place {
  readonly cluster: Ref;
  readonly namespace: string;
  readonly release: string;
}

/** Where a Helm step's Ref points: `<namespace>/<release>` in a cluster. */
export const placeOf = (ref: Ref): Place => {
  const [namespace, release, ...rest] = ref.id.split("/");
  if (!namespace || !release || rest.length > 0 || !ref.within)
    throw new Failure({
      kind: "unexpected",
      code: "P0769",
      message: `\`${ref.id}\` is no place of a Helm release: \`<namespace>/<release>\` in a cluster`,
    });
  return { cluster: ref.within, namespace, release };
};

export const clusterOf = (context: StepContext, ref: Ref): Promise<KubernetesClient> =>
  context.use(kubernetes(placeOf(ref).cluster));

/** The newest revision; undefined where nothing is installed. */
export const currentRevision = async (
  client: Pick<KubernetesClient, "list">,
  place: Place,
): Promise<Revision | undefined> => {
  const [newest] = await releaseHistory(client, place.namespace, place.release);
  return newest?.status === "uninstalled" ? undefined : newest;
};

/** Everything that `fields` compares, but for what the step keeps beside the release. */
export const readActual = async (
  context: StepContext,
  client: KubernetesClient,
  release: Release,
): Promise<Omit<HelmActual, "extra">> => {
  const source = sourceOf(release.description);
  const [drift, current] = await Promise.all([
    // An unfinished release differs by itself; its objects are what apply will deal with.
    release.status === "deployed" ? readDrift(client, release) : [],
    source && findDigest(context, source),
  ]);
  return {
    status: release.status,
    revision: release.revision,
    source,
    chart: release.chart,
    values: release.values,
    digest: releaseDigest(release.labels),
    currentDigest: current,
    drift,
  };
};

const findDigest = async (context: StepContext, source: ChartSource): Promise<string | undefined> => {
  const store = await context.use(charts);
  try {
    const chart = await store.find(source);
    return chart && comparableDigest(chart.digest);
  } catch (error) {
    // The chart folder that it came from may be gone; where it is still wanted, apply says so.
    if (error instanceof Failure && error.kind === "not-found") return undefined;
    throw error;
  }
};

/** Objects asked for at the same time. */
const parallel = 8;

const readDrift = async (client: KubernetesClient, release: Release): Promise<readonly Drift[]> => {
  const objects = manifestObjects(release.manifest);
  const live = await readObjects(client, objects, release.namespace);
  return objects.flatMap((object, index) => driftOf(object, live[index], release.namespace));
};

/** The live object of each, in their order; undefined for one that is not there. */
export const readObjects = async (
  client: Pick<KubernetesClient, "get">,
  objects: readonly KubernetesObject[],
  namespace: string,
): Promise<readonly (KubernetesObject | undefined)[]> => {
  const live: (KubernetesObject | undefined)[] = [];
  const queue = objects.entries();
  const work = async (): Promise<void> => {
    for (const [index, { apiVersion, kind, metadata }] of queue) {
      // A kind of the whole cluster has no use for the namespace, and the client leaves it out.
      live[index] = await client.get({
        apiVersion,
        kind,
        name: metadata.name,
        namespace: metadata.namespace ?? namespace,
      });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return objects.map((_, index) => live[index]);
};
