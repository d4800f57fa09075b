/** The charts that the steps install, as `templates/charts.yaml` pins them. */
import { pins } from "./pins.generated.ts";
import type { RepositoryChart } from "./source.ts";

export type ChartName = keyof typeof pins;

export const chartNames = ["ingress-nginx", "external-dns", "cert-manager", "helm-operator", "flux"] as const;

/** A chart of the catalogue, at its pinned version or at another one. */
export const pinnedChart = (name: ChartName, version?: string): RepositoryChart => {
  const pin = pins[name];
  return { kind: "repository", repository: pin.repository, name: pin.chart, version: version ?? pin.version };
};
