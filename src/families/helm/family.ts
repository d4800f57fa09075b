/** Finds Helm releases by the marks on their Secrets. */
import { releasesBySelector } from "../../clients/helm/release.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref, Scope } from "../../step/ref.ts";
import type { Discovered, Family } from "../../step/step.ts";
import { selectorOf } from "../kubernetes/marks.ts";
import { labelsAreOf, releaseOwner, releaseType } from "./marks.ts";

const discover = async (
  context: StepContext,
  scope: Scope,
  clusters: readonly Ref[],
): Promise<readonly Discovered[]> => {
  const found = await Promise.all(clusters.map((cluster) => discoverIn(context, scope, cluster)));
  return found.flat();
};

const discoverIn = async (
  context: StepContext,
  scope: Scope,
  cluster: Ref,
): Promise<readonly Discovered[]> => {
  const client = await context.use(kubernetes(cluster));
  const releases = await releasesBySelector(client, selectorOf(scope));
  return releases.flatMap(({ namespace, release, status, labels }) => {
    const owner = releaseOwner(labels, { ...scope, step: context.owner.step });
    const type = releaseType(labels);
    if (status === "uninstalled" || !owner || type === undefined || !labelsAreOf(labels, scope)) return [];
    const ref = { type, version: 1, id: `${namespace}/${release}`, within: cluster };
    // Labels hold long names as hashes; the scope's own is known to be what was asked for.
    return [{ ref, owner: { ...owner, pipeline: scope.pipeline, instance: scope.instance } }];
  });
};

export const helmFamily: Family = { name: "helm", discover };
