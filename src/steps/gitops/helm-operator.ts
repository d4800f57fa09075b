/** The Helm operator of Flux v1: installs what HelmRelease objects ask for, with Helm 3. Archived upstream since 2022. */
import { z } from "zod";
import { defineCatalogueStep, releaseInputs } from "../../families/helm/catalogue.ts";
import { clusterInput } from "../../families/helm/inputs.ts";
import { conditionOf } from "../../families/kubernetes/evidence.ts";
import { deployKeyHandle, handle } from "../../step/handle.ts";
import { keySecretFor, knownHostsMount, knownHostsVolume } from "./key-secret.ts";

const input = z.object({
  cluster: clusterInput(),
  key: deployKeyHandle
    .optional()
    .describe("Key for charts in git repositories. Its Secret must be in this step's namespace."),
  chartsSyncInterval: z
    .string()
    .regex(/^[0-9]+(s|m|h)$/)
    .default("3m")
    .describe("Time between two looks at releases and their charts, as in `3m`."),
  ...releaseInputs("helm-operator", { namespace: "fluxcd", release: "helm-operator" }),
});

const output = handle("helm-operator", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace that it runs in."),
  deployment: z.string().describe("Name of its Deployment."),
});

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  name: "helmreleases.helm.fluxcd.io",
};

export default defineCatalogueStep({
  type: "gitops/helm-operator",
  summary: "The Helm operator of Flux v1, which installs what HelmRelease objects ask for.",
  input,
  output,
  chart: "helm-operator",
  values: {
    fullnameOverride: (wanted) => wanted.release,
    // Without Tiller there is nothing that version 2 could talk to.
    "helm.versions": () => "v3",
    chartsSyncInterval: (wanted) => wanted.chartsSyncInterval,
    "git.ssh.secretName": keySecretFor("the Helm operator"),
    extraVolumes: ({ key }) => key && knownHostsVolume(key),
    extraVolumeMounts: ({ key }) => key && knownHostsMount,
  },
  predict: {
    kind: () => "helm-operator" as const,
    cluster: (wanted) => wanted.cluster.id,
    namespace: (wanted) => wanted.namespace,
    deployment: (wanted) => wanted.release,
  },
  outputs: async (_client, ref, release) => ({
    kind: "helm-operator" as const,
    cluster: ref.within?.id ?? "",
    namespace: release.namespace,
    deployment: release.release,
  }),
  ready: async (_context, client) => {
    const crd = await client.get(definition);
    if (!crd) return { ready: false, reason: `${definition.name} is not there`, worthWaiting: false };
    const established = conditionOf(crd, "Established");
    return established?.status === "True"
      ? { ready: true, detail: "HelmRelease is served" }
      : {
          ready: false,
          reason: `${definition.name} is not established: ${established?.message ?? "no condition yet"}`,
          worthWaiting: true,
        };
  },
});
