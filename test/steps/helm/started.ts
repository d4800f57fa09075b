/** A Helm step on a cluster in memory, with a Helm and charts that are fakes, too. */
import type { ChartStore } from "../../../src/charts/store.ts";
import type { UpgradeRequest } from "../../../src/clients/helm/client.ts";
import type { ReleaseStatus } from "../../../src/clients/helm/release.ts";
import { releaseHistory } from "../../../src/clients/helm/release.ts";
import type { Clock } from "../../../src/step/context.ts";
import type { Failure } from "../../../src/step/failure.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import { releaseSecret } from "../../clients/helm/release-secret.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { deployment, makeAvailable } from "../../families/helm/available.ts";
import { fakeHelm } from "../../families/helm/fake-helm.ts";

export const available = makeAvailable;

/** Charts that are all on this machine with one digest, or that can't be had. */
export const chartsOf = (failure?: Failure, crds: readonly string[] = []): ChartStore => {
  const chart = {
    path: "/charts/demo.tgz",
    name: "demo",
    version: "1.2.3",
    digest: `sha256:${"a".repeat(64)}`,
  };
  return {
    obtain: async () => {
      if (failure) throw failure;
      return { ...chart, from: "cache" };
    },
    crds: async () => ({ own: crds, nested: false }),
    find: async () => (failure ? undefined : { ...chart, from: "cache" }),
  };
};

export interface Started {
  readonly cluster?: FakeKubernetes;
  readonly charts?: ChartStore;
  readonly manifest?: (request: UpgradeRequest) => string;
  /** Texts of the chart's `crds` folder. */
  readonly crds?: readonly string[];
  readonly clock?: Clock;
  readonly clients?: Readonly<Record<string, unknown>>;
}

const replicas = ({ values }: UpgradeRequest): number =>
  typeof values.replicas === "number" ? values.replicas : 1;

export const started = <Output extends Outputs>(
  step: Step<unknown, Output, unknown>,
  input: unknown,
  options: Started = {},
) => {
  const cluster = options.cluster ?? fakeKubernetes();
  const manifest = options.manifest ?? ((request) => deployment(request.release, replicas(request)));
  const helm = fakeHelm(cluster, manifest, undefined, options.crds);
  const context = fakeContext(
    {
      kubernetes: cluster,
      charts: options.charts ?? chartsOf(undefined, options.crds),
      ...options.clients,
      helm,
    },
    options.clock ? { clock: options.clock } : {},
  );
  const driven = driveStep(step, context, input);
  return {
    step: driven,
    /** The same step with another input. */
    again: (changed: unknown) => driveStep(step, context, changed),
    helm,
    cluster,
    context,
    /** Leaves the release as a killed Helm does. */
    leave: async (status: ReleaseStatus) => {
      const [namespace = "", name = ""] = driven.ref.id.split("/");
      if (!(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: namespace })))
        cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      const [newest] = await releaseHistory(cluster, namespace, name);
      const release = await newest?.read();
      const { labels = {}, values = {}, manifest: text = "" } = release ?? {};
      cluster.put(
        releaseSecret({
          namespace,
          name,
          revision: (newest?.revision ?? 0) + 1,
          status,
          labels,
          values,
          manifest: text,
        }),
      );
    },
  };
};
