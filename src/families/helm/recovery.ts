/**
 * Brings a release out of the states that Helm never leaves by itself: `pending-*` and `uninstalling`, left by a run
 * that was killed (helm#8987). Only under the cluster's Lease, which every apply and destroy holds, can nobody else of
 * ours be at work on it.
 */
import type { HelmClient } from "../../clients/helm/client.ts";
import { type Revision, releaseHistory } from "../../clients/helm/release.ts";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Place } from "./observed.ts";

export type Recovery =
  | { readonly kind: "none" }
  | { readonly kind: "uninstall"; readonly why: string }
  | { readonly kind: "rollback"; readonly revision: number; readonly why: string };

/** What the newest state of a release calls for. Pure. */
export const recoveryFor = (history: readonly Pick<Revision, "revision" | "status">[]): Recovery => {
  const newest = history[0];
  switch (newest?.status) {
    case "pending-install":
      return { kind: "uninstall", why: "its installation was killed" };
    case "uninstalling":
      return { kind: "uninstall", why: "its removal was killed" };
    case "pending-upgrade":
    case "pending-rollback": {
      const revision = lastGood(history);
      const what = newest.status === "pending-upgrade" ? "its upgrade" : "its rollback";
      return revision === undefined
        ? { kind: "uninstall", why: `${what} was killed, and no revision of it was ever deployed` }
        : { kind: "rollback", revision, why: `${what} was killed` };
    }
    case "unknown":
    case "deployed":
    case "uninstalled":
    case "superseded":
    case "failed":
    case undefined:
      return { kind: "none" };
  }
};

/** The revision that worked last: Helm marks it superseded only when a later one is deployed. */
export const lastGood = (history: readonly Pick<Revision, "revision" | "status">[]): number | undefined =>
  (
    history.find(({ status }) => status === "deployed") ??
    history.find(({ status }) => status === "superseded")
  )?.revision;

export const recover = async (
  context: StepContext,
  client: KubernetesClient,
  helm: HelmClient,
  place: Place,
  timeout: number,
): Promise<void> => {
  const { namespace, release } = place;
  const recovery = recoveryFor(await releaseHistory(client, namespace, release));
  if (recovery.kind === "none") return;
  const request = { namespace, release, timeout, signal: context.signal };
  const title = `release ${namespace}/${release}`;
  await context.fence();
  switch (recovery.kind) {
    case "uninstall":
      context.report({ kind: "notice", message: `${title} is removed first: ${recovery.why}` });
      await helm.uninstall(request);
      return;
    case "rollback":
      context.report({
        kind: "notice",
        message: `${title} goes back to revision ${recovery.revision} first: ${recovery.why}`,
      });
      await helm.rollback({ ...request, revision: recovery.revision });
  }
};
