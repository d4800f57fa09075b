/** A Helm that writes release Secrets into the Kubernetes API in memory, and the objects of a manifest of its own. */
import type { HelmClient, ReleaseRequest, UpgradeRequest } from "../../../src/clients/helm/client.ts";
import { releaseHistory } from "../../../src/clients/helm/release.ts";
import { manifestObjects } from "../../../src/families/helm/manifest.ts";
import { Failure } from "../../../src/step/failure.ts";
import { releaseSecret } from "../../clients/helm/release-secret.ts";
import type { FakeKubernetes } from "../../fakes/kubernetes.ts";

export interface FakeHelm extends HelmClient {
  /** `upgrade web/demo`, `rollback web/demo 1`, in order. */
  readonly calls: string[];
  readonly upgrades: UpgradeRequest[];
  /** Makes the next upgrade end as a failed revision with this Failure. */
  failNext(failure: Failure): void;
  /** Makes the next upgrade refuse before it writes anything. */
  refuseNext(failure: Failure): void;
}

/** `manifest`: what each upgrade brings, from its values. `crds`: what is in the chart's folder of that name. */
export const fakeHelm = (
  cluster: FakeKubernetes,
  manifest: (request: UpgradeRequest) => string,
  chart = { name: "demo", version: "0.1.0" },
  crds: readonly string[] = [],
): FakeHelm => {
  const calls: string[] = [];
  const upgrades: UpgradeRequest[] = [];
  let failing: Failure | undefined;
  let refusing: Failure | undefined;

  const store = async (
    { namespace, release }: ReleaseRequest,
    stored: Parameters<typeof releaseSecret>[0],
  ): Promise<void> => {
    const history = await releaseHistory(cluster, namespace, release);
    if (stored.status === "deployed") {
      for (const one of history.filter(({ status }) => status === "deployed")) {
        cluster.edit(secretName(namespace, release, one.revision), {
          metadata: { labels: { status: "superseded" } },
        });
      }
    }
    const revision = (history[0]?.revision ?? 0) + 1;
    cluster.put(releaseSecret({ ...stored, namespace, name: release, revision }));
  };

  const bring = (text: string, { namespace, release }: ReleaseRequest): void => {
    for (const object of manifestObjects(text)) {
      const { metadata } = object;
      cluster.put({
        ...object,
        metadata: {
          ...metadata,
          namespace: metadata.namespace ?? namespace,
          labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" },
          annotations: {
            ...metadata.annotations,
            "meta.helm.sh/release-name": release,
            "meta.helm.sh/release-namespace": namespace,
          },
        },
      });
    }
  };

  /** Once, and never over one that is there. */
  const bringCrds = async ({ namespace, release, skipCrds }: UpgradeRequest): Promise<void> => {
    if (skipCrds || (await releaseHistory(cluster, namespace, release)).length > 0) return;
    for (const crd of crds.flatMap((text) => manifestObjects(text)))
      if (!(await cluster.get({ ...crd, name: crd.metadata.name }))) cluster.put(crd);
  };

  return {
    calls,
    upgrades,
    version: { major: 4, text: "v4.2.3" },
    failNext: (failure) => {
      failing = failure;
    },
    refuseNext: (failure) => {
      refusing = failure;
    },
    upgradeInstall: async (request) => {
      calls.push(`upgrade ${request.namespace}/${request.release}`);
      upgrades.push(request);
      const [refused, failed] = [refusing, failing];
      refusing = failing = undefined;
      if (refused) throw refused;
      const text = manifest(request);
      await bringCrds(request);
      bring(text, request);
      await store(request, {
        status: failed ? "failed" : "deployed",
        description: failed ? failed.message : request.description,
        values: request.values,
        labels: request.labels,
        manifest: text,
        chart,
        crds,
      });
      if (failed) throw failed;
    },
    rollback: async (request) => {
      calls.push(`rollback ${request.namespace}/${request.release} ${request.revision}`);
      const history = await releaseHistory(cluster, request.namespace, request.release);
      const target = await history.find(({ revision }) => revision === request.revision)?.read();
      if (!target) throw new Failure({ kind: "rejected", code: "test", message: "no such revision" });
      bring(target.manifest, request);
      const { namespace: _, release: __, ...rest } = target;
      await store(request, { ...rest, status: "deployed", description: `Rollback to ${request.revision}` });
    },
    uninstall: async (request) => {
      calls.push(`uninstall ${request.namespace}/${request.release}`);
      const history = await releaseHistory(cluster, request.namespace, request.release);
      for (const object of manifestObjects((await history[0]?.read())?.manifest ?? "")) {
        const { apiVersion, kind, metadata } = object;
        if (metadata.annotations?.["helm.sh/resource-policy"] === "keep") continue;
        await cluster.delete({
          apiVersion,
          kind,
          name: metadata.name,
          namespace: metadata.namespace ?? request.namespace,
        });
      }
      for (const { revision } of history)
        await cluster.delete(secretName(request.namespace, request.release, revision));
      return "uninstalled";
    },
  };
};

const secretName = (namespace: string, release: string, revision: number) => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace,
  name: `sh.helm.release.v1.${release}.v${revision}`,
});
