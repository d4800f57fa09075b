/**
 * The command lines of Helm 3 and 4. What Helm 4 renamed or made a choice is said explicitly, so that both do the
 * same: objects are waited for or not, and Helm 4 applies on the server. Pure; nothing secret is among arguments.
 */
import type { HelmVersion, PullRequest, ReleaseRequest, TemplateRequest, UpgradeRequest } from "./client.ts";

/** Revisions that Helm keeps of a release. */
const history = 10;

/** The Kubernetes that charts are rendered for without a cluster: the AKS minor that all charts of the catalogue take. */
const renderedFor = "v1.35.0";

export const upgradeArguments = (version: HelmVersion, request: UpgradeRequest): readonly string[] => [
  "upgrade",
  request.release,
  request.chart,
  "--install",
  // Without it Helm takes over the last revision's values whenever the new ones are empty.
  "--reset-values",
  "--values",
  "-",
  "--history-max",
  String(history),
  "--labels",
  labelList(request.labels),
  "--description",
  request.description,
  ...common(request),
  ...waiting(version, request.wait),
  ...serverSide(version),
  ...(request.skipCrds ? ["--skip-crds"] : []),
];

export const rollbackArguments = (
  version: HelmVersion,
  request: ReleaseRequest & { readonly revision: number },
): readonly string[] => [
  "rollback",
  request.release,
  String(request.revision),
  "--history-max",
  String(history),
  ...common(request),
  ...waiting(version, true),
  ...serverSide(version),
];

export const uninstallArguments = (version: HelmVersion, request: ReleaseRequest): readonly string[] => [
  "uninstall",
  request.release,
  "--ignore-not-found",
  ...common(request),
  ...waiting(version, true),
];

export const templateArguments = (request: TemplateRequest): readonly string[] => [
  "template",
  request.release,
  request.chart,
  "--namespace",
  request.namespace,
  "--values",
  "-",
  "--no-hooks",
  // Else it is the one that Helm was built with, and the same chart renders differently from Helm to Helm.
  "--kube-version",
  renderedFor,
];

export const pullArguments = (request: PullRequest): readonly string[] => [
  "pull",
  ...(request.repository.startsWith("oci://")
    ? [`${request.repository}/${request.chart}`]
    : [request.chart, "--repo", request.repository]),
  "--version",
  request.version,
  "--destination",
  request.folder,
];

const common = ({ namespace, timeout }: ReleaseRequest): readonly string[] => [
  "--namespace",
  namespace,
  "--timeout",
  `${Math.ceil(timeout / 1000)}s`,
];

const waiting = ({ major }: HelmVersion, wait: boolean): readonly string[] => {
  switch (major) {
    case 3:
      return wait ? ["--wait"] : [];
    case 4:
      return [wait ? "--wait=watcher" : "--wait=hookOnly"];
  }
};

/** A field that somebody changed by hand belongs to them on the server; the plan has said that it will be ours again. */
const serverSide = ({ major }: HelmVersion): readonly string[] =>
  major === 4 ? ["--server-side=true", "--force-conflicts"] : [];

const labelList = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
