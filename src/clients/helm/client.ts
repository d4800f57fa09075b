/** What steps ask of Helm. Reading a release needs no Helm: see `release.ts`. */
import type { z } from "zod";

/** Chart values: free data, which can hold no secret. */
export type Json = z.core.util.JSONType;
export type JsonObject = { [key: string]: Json };

/** Helm without a cluster. */
export interface HelmProgram {
  /** Path of the program. */
  readonly path: string;
  readonly version: HelmVersion;
  /** Downloads a chart package into `folder` and gives its path. Throws a Failure where there is none. */
  pull(request: PullRequest): Promise<string>;
  /** The manifest that a chart renders to, without a cluster. Hooks and CRD files are left out. */
  template(request: TemplateRequest): Promise<string>;
}

export interface HelmVersion {
  readonly major: 3 | 4;
  /** As Helm says it, `v4.2.3`. */
  readonly text: string;
}

export interface PullRequest {
  /** `https://…` or `oci://…`. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface TemplateRequest {
  readonly release: string;
  readonly namespace: string;
  /** A package or a folder. */
  readonly chart: string;
  readonly values: JsonObject;
  readonly signal: AbortSignal;
}

/** Helm on one cluster. Every call throws a Failure; a cancelled one ends Helm's whole process group. */
export interface HelmClient {
  readonly version: HelmVersion;
  /** Installs the release, or brings it to this chart and these values. Nothing is rolled back here. */
  upgradeInstall(request: UpgradeRequest): Promise<void>;
  /** Brings the release back to what it was at a revision, as a new revision. */
  rollback(request: ReleaseRequest & { readonly revision: number }): Promise<void>;
  /** Removes the release and waits until its objects are gone. Absent is success. What Helm says it kept is returned. */
  uninstall(request: ReleaseRequest): Promise<string>;
}

export interface ReleaseRequest {
  readonly release: string;
  readonly namespace: string;
  /** Milliseconds that Helm may wait for objects and hooks. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface UpgradeRequest extends ReleaseRequest {
  /** A package or a folder. */
  readonly chart: string;
  /** Reaches Helm by stdin. Never holds a secret, since Helm stores it in the release. */
  readonly values: JsonObject;
  /** Labels of the release's Secret. */
  readonly labels: Readonly<Record<string, string>>;
  /** Kept in the release as its description, which `helm history` shows. */
  readonly description: string;
  /** Whether to wait until the objects are ready; hooks are always waited for. */
  readonly wait: boolean;
  /** Whether all that is in the chart's `crds` folder is there already, for Helm to leave alone. */
  readonly skipCrds: boolean;
}
