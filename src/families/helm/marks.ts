/**
 * Our marks on a Helm release. Its Secrets carry labels only, which Helm keeps through failed upgrades and rollbacks:
 * owner, type and the chart's digest. Where the chart came from stands in the release's description. Pure.
 */
import { type ChartSource, chartTitle } from "../../charts/source.ts";
import type { Release } from "../../clients/helm/release.ts";
import type { Owner, Ref, Scope } from "../../step/ref.ts";
import { labelValue, markLabels, marksOf } from "../kubernetes/marks.ts";

const digestLabel = "provision.dev/chart-digest";

/** A label's value has room for 63 characters; 40 hex digits are 160 bits. */
const shortDigest = (digest: string): string => digest.replace("sha256:", "").slice(0, 40);

export const releaseLabels = (owner: Owner, ref: Ref, digest: string): Readonly<Record<string, string>> => ({
  ...marksOf(owner, ref).labels,
  [digestLabel]: shortDigest(digest),
});

/** The digest that the release was installed from, as `comparableDigest` gives it. */
export const releaseDigest = (labels: Release["labels"]): string | undefined => labels[digestLabel];

/** A digest in the form that a release carries it. */
export const comparableDigest = shortDigest;

/**
 * Whose the release is. Labels hold long names as hashes, so that a name is known only where it is the scope's own;
 * somebody else's is given as it stands there.
 */
export const releaseOwner = (labels: Release["labels"], asking: Owner): Owner | undefined => {
  const pipeline = labels[markLabels.pipeline];
  const instance = labels[markLabels.instance];
  const step = labels[markLabels.step];
  if (pipeline === undefined || instance === undefined || step === undefined) return undefined;
  const known = (label: string, name: string) => (label === labelValue(name) ? name : label);
  return {
    pipeline: known(pipeline, asking.pipeline),
    instance: known(instance, asking.instance),
    step: known(step, asking.step),
  };
};

/** Whether labels are those of a scope. */
export const labelsAreOf = (labels: Release["labels"], scope: Scope): boolean =>
  labels[markLabels.pipeline] === labelValue(scope.pipeline) &&
  labels[markLabels.instance] === labelValue(scope.instance);

/** The step type that made a release: no part of a type has a dot. */
export const releaseType = (labels: Release["labels"]): string | undefined =>
  labels[markLabels.type]?.replaceAll(".", "/");

/** As `helm history` shows it. */
export const descriptionOf = (source: ChartSource): string =>
  source.kind === "folder"
    ? `provision installed the chart folder ${source.path}`
    : `provision installed ${source.name} ${source.version} of ${source.repository}`;

/** The chart that a description names; undefined for Helm's own texts. */
export const sourceOf = (description: string): ChartSource | undefined => {
  const folder = /^provision installed the chart folder (.+)$/.exec(description)?.[1];
  if (folder !== undefined) return { kind: "folder", path: folder };
  const [, name, version, repository] = /^provision installed (\S+) (\S+) of (\S+)$/.exec(description) ?? [];
  return name && version && repository ? { kind: "repository", repository, name, version } : undefined;
};

export const sameSource = (a: ChartSource, b: ChartSource | undefined): boolean =>
  b !== undefined && chartTitle(a) === chartTitle(b);
