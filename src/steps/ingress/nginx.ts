/** ingress-nginx on a static public IP of an Azure load balancer. */
import { z } from "zod";
import { defineCatalogueStep, releaseInputs } from "../../families/helm/catalogue.ts";
import { clusterInput } from "../../families/helm/inputs.ts";
import { addressOnService, recordedAddress } from "../../families/helm/load-balancer.ts";
import { placeOf } from "../../families/helm/observed.ts";
import type { Beside } from "../../families/helm/step.ts";
import { valueAt } from "../../families/helm/values.ts";
import { ingressHandle, publicIpHandle } from "../../step/handle.ts";

const input = z.object({
  cluster: clusterInput(),
  address: publicIpHandle.describe(
    "The static IP that the controller answers on. The cluster's identity needs Network Contributor on its group.",
  ),
  className: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .default("nginx")
    .describe("Name of the IngressClass."),
  replicas: z.int().min(1).max(50).default(2).describe("Number of controller pods."),
  metrics: z.boolean().default(true).describe("Whether the controller serves Prometheus metrics."),
  admissionWebhook: z
    .enum(["ignore", "fail", "off"])
    .default("ignore")
    .describe(
      "How every Ingress is checked by the controller: `ignore` lets it pass while the webhook does not answer, `fail` refuses it then, `off` never checks.",
    ),
  ...releaseInputs("ingress-nginx", { namespace: "ingress-nginx", release: "nginx" }),
});

type Input = z.output<typeof input>;

/** fullnameOverride is the release's name, so that objects are named after it alone. */
const serviceOf = (release: string): string => `${release}-controller`;

const certificateSchema = z.looseObject({ data: z.record(z.string(), z.unknown()).nullish() });

/**
 * The webhook's certificate. A hook of the chart has kube-webhook-certgen make the Secret, with these three keys, so
 * that Helm knows nothing of it and leaves it behind, and the namespace with it.
 */
const webhookCertificate: Beside<Input, undefined> = {
  values: [],
  observe: async () => undefined,
  fields: () => [],
  apply: async () => ({}),
  remove: async (context, client, ref) => {
    const { namespace, release } = placeOf(ref);
    const name = { apiVersion: "v1", kind: "Secret", namespace, name: `${release}-admission` };
    const live = await client.get(name);
    const keys = Object.keys(certificateSchema.parse(live ?? {}).data ?? {});
    if (keys.toSorted().join() !== "ca,cert,key") return;
    await context.fence();
    await client.delete(name, live?.metadata.uid === undefined ? {} : { uid: live.metadata.uid });
  },
};

export default defineCatalogueStep({
  type: "ingress/nginx",
  summary: "The ingress-nginx controller on a static public IP.",
  input,
  output: ingressHandle,
  chart: "ingress-nginx",
  values: {
    fullnameOverride: (wanted: Input) => wanted.release,
    "controller.replicaCount": (wanted) => wanted.replicas,
    // External DNS reads the address from the Ingress, where only this writes it.
    "controller.publishService.enabled": () => true,
    "controller.metrics.enabled": (wanted) => wanted.metrics,
    "controller.ingressClass": (wanted) => wanted.className,
    "controller.ingressClassResource.name": (wanted) => wanted.className,
    "controller.ingressClassResource.controllerValue": (wanted) =>
      wanted.className === "nginx" ? "k8s.io/ingress-nginx" : `k8s.io/ingress-${wanted.className}`,
    "controller.admissionWebhooks.enabled": (wanted) => wanted.admissionWebhook !== "off",
    "controller.admissionWebhooks.failurePolicy": (wanted) =>
      wanted.admissionWebhook === "fail" ? "Fail" : "Ignore",
    "controller.service.annotations": (wanted) => recordedAddress.annotations(wanted.address),
  },
  beside: webhookCertificate,
  predict: {
    kind: () => "ingress" as const,
    cluster: (wanted) => wanted.cluster.id,
    className: (wanted) => wanted.className,
    address: (wanted) => wanted.address.address,
    namespace: (wanted) => wanted.namespace,
    service: (wanted) => serviceOf(wanted.release),
  },
  announce: (context) =>
    context.report({
      kind: "warning",
      code: "P0768",
      message:
        "ingress-nginx is archived: its maintenance ended in March 2026, and security holes are not mended any more",
      hint: "plan to move to a maintained controller: Traefik (its chart by `helm/release`), or the Gateway API of AKS application routing",
    }),
  outputs: async (_client, ref, release) => ({
    kind: "ingress" as const,
    cluster: ref.within?.id ?? "",
    className: String(valueAt(release.values, ["controller", "ingressClassResource", "name"]) ?? "nginx"),
    address: recordedAddress.of(release.values),
    namespace: release.namespace,
    service: serviceOf(release.release),
  }),
  ready: async (_context, client, _ref, wanted) => {
    const ingressClass = await client.get({
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      name: wanted.className,
    });
    if (!ingressClass)
      return { ready: false, reason: `IngressClass ${wanted.className} is not there`, worthWaiting: false };
    return addressOnService(client, wanted.namespace, serviceOf(wanted.release), wanted.address);
  },
});
