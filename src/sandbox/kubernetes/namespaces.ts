/** Namespaces: what each new one gets, and how a terminating one is emptied and goes. */
import type { Behaviour } from "./behaviour.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { nameOf } from "./object.ts";

const objectsIn = (cluster: Cluster, namespace: string) =>
  [...cluster.objects.all()].flatMap(([, object]) =>
    object.metadata.namespace === namespace ? [object] : [],
  );

const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** The default ServiceAccount, and the authority's certificate that its pods trust. */
const provide = (api: ClusterApi, namespace: string): void => {
  if (!api.get({ apiVersion: "v1", kind: "Namespace", name: namespace })) return;
  const account = { apiVersion: "v1", kind: "ServiceAccount", namespace, name: "default" };
  if (!api.get(account)) {
    api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: "default" } });
  }
  const place = { namespace, name: "kube-root-ca.crt" };
  if (!api.get({ apiVersion: "v1", kind: "ConfigMap", ...place })) {
    const annotations = { "kubernetes.io/description": description };
    const metadata = { ...place, annotations };
    api.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": api.world.authority() } });
  }
};

export const createNamespaceController = (cluster: Cluster): Behaviour => {
  const storage = "/namespaces";

  const finish = (name: string): void => {
    const namespace = cluster.objects.get(storage, undefined, name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    if (objectsIn(cluster, name).length > 0 || (namespace.metadata.finalizers ?? []).length > 0) return;
    cluster.objects.remove(storage, namespace);
  };

  return {
    name: "namespace-controller",
    reconcile: (api, { type, object }) => {
      if (object.kind !== "Namespace" || object.apiVersion !== "v1") {
        if (type === "deleted" && object.metadata.namespace) finish(object.metadata.namespace);
        return;
      }
      if (type === "deleted") return;
      const { name, deletionTimestamp } = object.metadata;
      if (deletionTimestamp === undefined) {
        provide(api, name);
        return;
      }
      // Workloads go before what they own, so that nothing makes new ones meanwhile.
      for (const item of objectsIn(cluster, name)) {
        if (item.metadata.deletionTimestamp === undefined) api.delete(nameOf(item));
      }
      finish(name);
    },
  };
};
