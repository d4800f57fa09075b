/** Removes a release, and says what Helm leaves behind and why. */
import { helm } from "../../clients/helm/helm.ts";
import { type Release, releaseHistory } from "../../clients/helm/release.ts";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { removeEmptyNamespace } from "../kubernetes/namespace.ts";
import { manifestObjects, objectTitle } from "./manifest.ts";
import { clusterOf, placeOf } from "./observed.ts";

/** Milliseconds that Helm waits for the objects to be gone. */
const timeout = 600_000;

/**
 * Waits until all that goes is gone: finalizers included. Absent is success. `besides` removes what the release
 * referred to, once nothing refers to it any more.
 */
export const removeRelease = async (
  context: StepContext,
  ref: Ref,
  besides: (client: KubernetesClient) => Promise<void>,
): Promise<void> => {
  const place = placeOf(ref);
  const client = await clusterOf(context, ref);
  const [newest] = await releaseHistory(client, place.namespace, place.release);
  if (newest) {
    const left = leftBehind(await newest.read());
    const tool = await context.use(helm(place.cluster));
    await context.fence();
    await tool.uninstall({
      namespace: place.namespace,
      release: place.release,
      timeout,
      signal: context.signal,
    });
    for (const message of left) context.report({ kind: "notice", message });
  }
  await besides(client);
  await removeEmptyNamespace(context, client, place.namespace);
};

/** What stays in the cluster, and why. Pure. */
export const leftBehind = (release: Release): readonly string[] => {
  const kept = manifestObjects(release.manifest)
    .filter(({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"] === "keep")
    .map((object) => objectTitle(object, release.namespace));
  const crds = release.crds
    .flatMap((text) => manifestObjects(text))
    .map((object) => objectTitle(object, release.namespace));
  return [
    ...(kept.length > 0
      ? [
          `${kept.join(", ")} stay: the chart keeps them (helm.sh/resource-policy: keep), with all objects of these kinds`,
        ]
      : []),
    ...(crds.length > 0
      ? [
          `${crds.join(", ")} stay: Helm never removes what a chart has in its crds folder, as all objects of these kinds would go`,
        ]
      : []),
  ];
};
