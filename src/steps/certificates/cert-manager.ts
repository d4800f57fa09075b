/** cert-manager, done when its webhook answers: Helm says done some seconds before (cert-manager#2908). */
import { z } from "zod";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import { defineCatalogueStep, releaseInputs } from "../../families/helm/catalogue.ts";
import { clusterInput } from "../../families/helm/inputs.ts";
import { sourceOf } from "../../families/helm/marks.ts";
import { placeOf } from "../../families/helm/observed.ts";
import type { Beside } from "../../families/helm/step.ts";
import { logLinesOf } from "../../families/kubernetes/evidence.ts";
import { Failure } from "../../step/failure.ts";
import { certManagerHandle } from "../../step/handle.ts";
import type { Verdict } from "../../step/step.ts";

const input = z.object({
  cluster: clusterInput(),
  replicas: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe("Number of controller pods; one of them works at a time."),
  ...releaseInputs("cert-manager", { namespace: "cert-manager", release: "cert-manager" }),
});

type Input = z.output<typeof input>;

/** The CA that the webhook makes for itself: Helm knows nothing of it and leaves it behind, and the namespace with it. */
const webhookAuthority: Beside<Input, undefined> = {
  values: [],
  observe: async () => undefined,
  fields: () => [],
  apply: async () => ({}),
  remove: async (context, client, ref) => {
    const made = await client.list(
      { apiVersion: "v1", kind: "Secret" },
      {
        namespace: placeOf(ref).namespace,
        labelSelector: "app.kubernetes.io/managed-by=cert-manager-webhook",
      },
    );
    for (const { apiVersion, kind, metadata } of made) {
      const { name, namespace, uid } = metadata;
      await context.fence();
      await client.delete({ apiVersion, kind, namespace, name }, uid === undefined ? {} : { uid });
    }
  },
};

export default defineCatalogueStep({
  type: "certificates/cert-manager",
  summary: "cert-manager with its CustomResourceDefinitions, proven by its webhook.",
  input,
  output: certManagerHandle,
  chart: "cert-manager",
  values: {
    // Together with the older `installCRDs` the chart's template fails.
    "crds.enabled": () => true,
    // Its Job would ask once what verification asks here, on every run.
    "startupapicheck.enabled": () => false,
    // By default the Leases are in kube-system, and stay there when all else is gone.
    "global.leaderElection.namespace": (wanted) => wanted.namespace,
    replicaCount: (wanted) => wanted.replicas,
  },
  beside: webhookAuthority,
  predict: {
    kind: () => "cert-manager" as const,
    cluster: (wanted) => wanted.cluster.id,
    namespace: (wanted) => wanted.namespace,
    version: (wanted) => wanted.chartVersion,
  },
  outputs: async (_client, ref, release) => {
    const source = sourceOf(release.description);
    return {
      kind: "cert-manager" as const,
      cluster: ref.within?.id ?? "",
      namespace: release.namespace,
      version: source?.kind === "repository" ? source.version : release.chart.version,
    };
  },
  ready: async (_context, client, _ref, wanted) => webhookAnswers(client, wanted.namespace),
});

/** Asks for a Certificate in a dry run: the API server calls the webhook, and nothing is kept. */
const webhookAnswers = async (client: KubernetesClient, namespace: string): Promise<Verdict> => {
  try {
    await client.create(
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "provision-probe", namespace },
        spec: {
          secretName: "provision-probe",
          dnsNames: ["probe.invalid"],
          issuerRef: { name: "provision-probe", kind: "ClusterIssuer" },
        },
      },
      { dryRun: true },
    );
    return { ready: true, detail: "its webhook answers" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Without the right to ask, waiting can't help; everything else passes once pods, CA and endpoints are there.
    return {
      ready: false,
      reason: `its webhook does not answer: ${error.message}`,
      worthWaiting: error.kind !== "forbidden" && error.kind !== "unauthenticated",
      hint:
        error.hint ??
        "The API server must reach the webhook's pod: look at the pod, at network policies, and on a private network at firewalls for port 10250.",
      evidence: [
        ...error.evidence,
        ...(await logLinesOf(client, namespace, "app.kubernetes.io/component=webhook", { tail: 5, pods: 1 })),
      ],
    };
  }
};
