/**
 * Removes a release and what only it had: what it referred to, the definitions of kinds that came with it, and its
 * namespace. Says what stays, and why.
 */
import { helm } from "../../clients/helm/helm.ts";
import { type Release, releaseHistory } from "../../clients/helm/release.ts";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { isCrd, objectsOfCrd, removeCrds, shownObjects } from "../kubernetes/crd.ts";
import { staying } from "../kubernetes/garbage.ts";
import { removeEmptyNamespace } from "../kubernetes/namespace.ts";
import { persist } from "../kubernetes/removal.ts";
import { foreignCrds, isKept, markedCrds, markKeptCrds, namesOf } from "./crds.ts";
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
  let left: readonly string[] = [];
  if (newest) {
    const release = await newest.read();
    await markKeptCrds(context, client, ref, place, release);
    left = [...kept(release), ...(await foreignCrds(context, client, ref, place, release))];
    await settle(context, client, await markedCrds(context, client, ref));
    const tool = await context.use(helm(place.cluster));
    await context.fence();
    await tool.uninstall({
      namespace: place.namespace,
      release: place.release,
      timeout,
      signal: context.signal,
    });
  }
  // From here on the release is absent, so that nobody would come back for the rest.
  await persist(context, () => besides(client));
  await persist(context, async () =>
    removeCrds(context, client, ref, namesOf(await markedCrds(context, client, ref))),
  );
  for (const message of left) context.report({ kind: "notice", message });
  await persist(context, () => removeEmptyNamespace(context, client, place.namespace));
};

/** What stays by the chart's will, but for definitions. Pure. */
const kept = (release: Release): readonly string[] =>
  manifestObjects(release.manifest)
    .filter((object) => isKept(object) && !isCrd(object))
    .map(
      (object) =>
        `${objectTitle(object, release.namespace)} stays: the chart keeps it (helm.sh/resource-policy: keep)`,
    );

/** Milliseconds that objects on their way out may take. */
const settling = 60_000;

/**
 * Waits for objects that are on their way out, while the controllers still run that clear their finalizers: afterwards
 * they would stay for ever, and their definition with them. One that does not go keeps nobody waiting for long.
 */
const settle = async (
  context: StepContext,
  client: KubernetesClient,
  crds: readonly KubernetesObject[],
): Promise<void> => {
  const until = context.clock.now() + settling;
  for (;;) {
    const lists = await Promise.all(crds.map((crd) => objectsOfCrd(client, crd)));
    const objects = lists.flat();
    const stay = new Set(await staying(client, objects));
    const going = objects.filter((object) => !stay.has(object));
    if (going.length === 0 || context.clock.now() >= until) return;
    context.report({ kind: "waiting", reason: `${shownObjects(going)} to be gone` });
    await context.clock.sleep(context.environment.pollInterval, context.signal);
  }
};
