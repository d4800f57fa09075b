/** Every controller that the testbed can run. */
import { certManagerController, certManagerInjector, certManagerWebhook } from "./cert-manager.ts";
import type { Controller } from "./controller.ts";
import { externalDns } from "./external-dns.ts";
import { fluxV1 } from "./flux-v1.ts";
import { kustomizeController, sourceController } from "./flux-v2.ts";
import { helmOperator } from "./helm-operator.ts";
import { ingressNginx } from "./ingress-nginx.ts";

export const controllers: readonly Controller[] = [
  certManagerController,
  certManagerInjector,
  certManagerWebhook,
  externalDns,
  ingressNginx,
  fluxV1,
  helmOperator,
  sourceController,
  kustomizeController,
];
