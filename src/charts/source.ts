/** What names a chart: one of a repository, or a folder beside the pipeline. */

/** A chart of a Helm repository (`https://…`) or an OCI registry (`oci://…`), at one version. */
export interface RepositoryChart {
  readonly kind: "repository";
  /** Without a slash at its end, without the chart's name. */
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/** A chart folder of the user's own, as in `./charts/announcer`, relative to the pipeline. */
export interface FolderChart {
  readonly kind: "folder";
  readonly path: string;
}

export type ChartSource = RepositoryChart | FolderChart;

/** Where a chart is on this machine, ready for Helm. */
export interface LocalChart {
  /** A `.tgz` or a folder. */
  readonly path: string;
  readonly name: string;
  /** The chart's own version: another one than the pin's where the sandbox's mirror has none of that. */
  readonly version: string;
  /** `sha256:<hex>` of the package, or of a folder's files. */
  readonly digest: string;
  readonly from: "mirror" | "cache" | "upstream" | "folder";
}

/** `https://…/ingress-nginx 4.15.1` or `./charts/x`, as messages name a chart. */
export const chartTitle = (chart: ChartSource): string =>
  chart.kind === "folder" ? chart.path : `${chart.repository}/${chart.name} ${chart.version}`;
