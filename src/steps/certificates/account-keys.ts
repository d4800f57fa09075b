/**
 * The keys of ACME accounts, which cert-manager makes for an issuer and leaves behind when that goes. Those that it
 * made for our issuers go with them; one that was there before the issuer, or that a person wrote, stays: an account
 * may be known to its authority by more than its key.
 */
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import { marksOf } from "../../families/kubernetes/marks.ts";
import { shownName } from "../../families/kubernetes/object-id.ts";
import { belongsTo, persist, removeObjects } from "../../families/kubernetes/removal.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";

/** The Secret of an issuer's account, in the namespace where cert-manager keeps what is the cluster's. */
export const accountKeyName = (issuer: string): string => `${issuer}-account-key`;

const nameIn = (namespace: string, issuer: string): ObjectName => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace,
  name: accountKeyName(issuer),
});

/** cert-manager labels what it makes (pkg/issuer/acme/setup.go); times are whole seconds of the API server's clock. */
const isMadeFor = (key: KubernetesObject, issuer: KubernetesObject): boolean => {
  const made = timeOf(key);
  const since = timeOf(issuer);
  return (
    key.metadata.labels?.["app.kubernetes.io/managed-by"] === "cert-manager" &&
    made !== undefined &&
    since !== undefined &&
    made >= since
  );
};

const timeOf = ({ metadata }: KubernetesObject): number | undefined =>
  typeof metadata.creationTimestamp === "string" ? Date.parse(metadata.creationTimestamp) : undefined;

/**
 * While the issuers are still there, which alone tell whose a key is: marks the keys that were made for them, so that
 * a removal that is cut short finds them again.
 */
export const markAccountKeys = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  namespace: string,
  issuers: readonly KubernetesObject[],
): Promise<void> => {
  for (const issuer of issuers) {
    const name = nameIn(namespace, issuer.metadata.name);
    const key = await client.get(name);
    if (!key || belongsTo(key, ref, context.owner)) continue;
    if (isMadeFor(key, issuer)) {
      await context.fence();
      await client.patch(name, { metadata: marksOf(context.owner, ref) });
    } else {
      context.report({
        kind: "notice",
        message: `${shownName(name)} stays: it is older than its issuer, or not of cert-manager's making`,
      });
    }
  }
};

/** Removes the marked ones, once their issuers are gone: before that cert-manager would make them anew. */
export const removeAccountKeys = (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
  namespace: string,
  issuers: readonly string[],
): Promise<void> =>
  persist(context, () =>
    removeObjects(
      context,
      client,
      ref,
      issuers.map((issuer) => nameIn(namespace, issuer)),
    ),
  );
