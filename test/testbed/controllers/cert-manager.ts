/**
 * Upstream's cert-manager on the three Deployments that `certificates/cert-manager` makes. Its self checks and its
 * ACME server are behind the testbed's proxy, so issuers keep Let's Encrypt's own addresses.
 */
import type { Controller } from "./controller.ts";

/** Port of the webhook in its container, by the chart's default. */
const webhookPort = 10_250;

export const certManagerController: Controller = {
  name: "cert-manager",
  image: "jetstack/cert-manager-controller",
  program: "cert-manager",
  start: async (workload, surroundings) => {
    const port = await surroundings.freePort();
    return {
      arguments: [
        "controller",
        ...workload.arguments,
        `--kubeconfig=${workload.kubeconfig}`,
        `--metrics-listen-address=127.0.0.1:${port}`,
        `--acme-http01-solver-nameservers=${surroundings.resolver}`,
        `--dns01-recursive-nameservers=${surroundings.resolver}`,
        "--dns01-check-retry-period=2s",
      ],
      variables: {
        ...workload.variables,
        HTTP_PROXY: surroundings.proxy,
        HTTPS_PROXY: surroundings.proxy,
        SSL_CERT_FILE: surroundings.authority,
      },
      listens: new Map([[9402, port]]),
    };
  },
};

export const certManagerWebhook: Controller = {
  name: "cert-manager-webhook",
  image: "jetstack/cert-manager-webhook",
  program: "cert-manager",
  start: async (workload, surroundings) => {
    const serving = await surroundings.freePort();
    const health = await surroundings.freePort();
    return {
      arguments: [
        "webhook",
        ...workload.arguments,
        `--kubeconfig=${workload.kubeconfig}`,
        `--secure-port=${serving}`,
        `--healthz-port=${health}`,
      ],
      variables: workload.variables,
      listens: new Map([[webhookPort, serving]]),
    };
  },
};

export const certManagerInjector: Controller = {
  name: "cert-manager-cainjector",
  image: "jetstack/cert-manager-cainjector",
  program: "cert-manager",
  start: async (workload, surroundings) => ({
    arguments: [
      "cainjector",
      ...workload.arguments,
      `--kubeconfig=${workload.kubeconfig}`,
      `--metrics-listen-address=127.0.0.1:${await surroundings.freePort()}`,
    ],
    variables: workload.variables,
  }),
};
