/** Every controller that the testbed can run. */
import { certManagerController, certManagerInjector, certManagerWebhook } from "./cert-manager.ts";
import type { Controller } from "./controller.ts";
import { externalDns } from "./external-dns.ts";
import { ingressNginx } from "./ingress-nginx.ts";

export const controllers: readonly Controller[] = [
  certManagerController,
  certManagerInjector,
  certManagerWebhook,
  externalDns,
  ingressNginx,
];
