/** Release Secrets as Helm writes them, for tests. */
import { gzipSync } from "node:zlib";
import type { ReleaseStatus } from "../../../src/clients/helm/release.ts";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";

export interface StoredRelease {
  readonly namespace?: string;
  readonly name?: string;
  readonly revision?: number;
  readonly status?: ReleaseStatus;
  readonly description?: string;
  readonly chart?: { readonly name: string; readonly version: string };
  readonly values?: Readonly<Record<string, unknown>>;
  readonly manifest?: string;
  readonly crds?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export const releaseSecret = (release: StoredRelease): KubernetesObject => {
  const { namespace = "web", name = "nginx", revision = 1, status = "deployed" } = release;
  const content = {
    name,
    namespace,
    version: revision,
    info: {
      status,
      description: release.description ?? "Install complete",
      first_deployed: "2026-11-24T06:00:00Z",
    },
    chart: {
      metadata: { name: "demo", version: "0.1.0", apiVersion: "v2", ...release.chart },
      templates: [],
      values: {},
      files: (release.crds ?? []).map((crd, index) => ({
        name: `crds/${index}.yaml`,
        data: Buffer.from(crd).toString("base64"),
      })),
    },
    config: release.values,
    manifest: release.manifest ?? "",
    hooks: [],
  };
  const packed = gzipSync(JSON.stringify(content)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      namespace,
      labels: { ...release.labels, name, owner: "helm", status, version: String(revision) },
    },
    data: { release: Buffer.from(packed).toString("base64") },
  };
};
