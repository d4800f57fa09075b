/** Admission of pods: each runs as a ServiceAccount, which must be there before it. */
import { ApiError } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import { objectOf, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";

/** Throws the 403 of a pod whose account there is not. */
export const admitPod = (cluster: Cluster, { metadata, spec }: KubernetesObject): void => {
  const { name, namespace = "" } = metadata;
  const account = textOf(objectOf(spec).serviceAccountName) || "default";
  if (cluster.objects.get("/serviceaccounts", namespace, account)) return;
  throw new ApiError(
    "Forbidden",
    `pods "${name}" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`,
    { name, kind: "pods" },
  );
};
