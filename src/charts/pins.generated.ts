/** Generated from templates/charts.yaml by scripts/charts.ts; don't edit. */
export const pins = {
  "ingress-nginx": { repository: "https://kubernetes.github.io/ingress-nginx", chart: "ingress-nginx", version: "4.15.1" },
  "external-dns": { repository: "https://kubernetes-sigs.github.io/external-dns", chart: "external-dns", version: "1.21.1" },
  "cert-manager": { repository: "oci://quay.io/jetstack/charts", chart: "cert-manager", version: "v1.21.1" },
  "helm-operator": { repository: "https://charts.fluxcd.io", chart: "helm-operator", version: "1.4.4" },
  "flux": { repository: "https://charts.fluxcd.io", chart: "flux", version: "1.13.3" },
} as const;
