/** The ingress-shim of cert-manager: an annotated Ingress gets a Certificate for each of its `tls` entries. */
import type { ClusterApi } from "../cluster-api.ts";
import { at, listOf, objectsOf, textOf } from "../json.ts";
import { controlledBy } from "../object.ts";

const annotations = [
  { annotation: "cert-manager.io/cluster-issuer", kind: "ClusterIssuer" },
  { annotation: "cert-manager.io/issuer", kind: "Issuer" },
];

export const reconcileIngresses = (cluster: ClusterApi): void => {
  for (const ingress of cluster.list({ apiVersion: "networking.k8s.io/v1", kind: "Ingress" })) {
    if (ingress.metadata.deletionTimestamp !== undefined) continue;
    const found = annotations.find(
      ({ annotation }) => ingress.metadata.annotations?.[annotation] !== undefined,
    );
    if (!found) continue;
    const { namespace = "default" } = ingress.metadata;
    for (const tls of objectsOf(at(ingress, "spec", "tls"))) {
      const secretName = textOf(tls.secretName);
      if (secretName === undefined) continue;
      cluster.apply(
        {
          apiVersion: "cert-manager.io/v1",
          kind: "Certificate",
          metadata: { name: secretName, namespace, ownerReferences: [controlledBy(ingress)] },
          spec: {
            secretName,
            dnsNames: listOf(tls.hosts),
            issuerRef: {
              name: ingress.metadata.annotations?.[found.annotation] ?? "",
              kind: found.kind,
              group: "cert-manager.io",
            },
            usages: ["digital signature", "key encipherment"],
          },
        },
        { manager: "cert-manager-ingress-shim" },
      );
    }
  }
};
