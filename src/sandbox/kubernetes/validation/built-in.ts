/** What the server refuses in built-in objects, by kind. */
import type { Cause } from "../api-error.ts";
import { objectOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { changeCauses } from "./changes.ts";
import {
  bindingCauses,
  budgetCauses,
  claimCauses,
  keyCauses,
  leaseCauses,
  roleCauses,
  secretCauses,
  webhooksCauses,
} from "./others.ts";
import { podCauses } from "./pods.ts";
import { ingressCauses, nodePortCauses, serviceCauses } from "./services.ts";
import { cronJobCauses, deploymentCauses, jobCauses, workloadCauses } from "./workloads.ts";

const byKind: Readonly<Record<string, (object: KubernetesObject) => Cause[]>> = {
  Pod: (object) => podCauses(objectOf(object.spec), "spec"),
  Deployment: deploymentCauses,
  ReplicaSet: workloadCauses,
  StatefulSet: workloadCauses,
  DaemonSet: workloadCauses,
  Job: jobCauses,
  CronJob: cronJobCauses,
  Service: (object) => [...serviceCauses(object), ...nodePortCauses(object)],
  Ingress: ingressCauses,
  Secret: secretCauses,
  ConfigMap: keyCauses,
  Lease: leaseCauses,
  Role: roleCauses,
  ClusterRole: roleCauses,
  RoleBinding: bindingCauses,
  ClusterRoleBinding: bindingCauses,
  PodDisruptionBudget: budgetCauses,
  PersistentVolumeClaim: claimCauses,
  ValidatingWebhookConfiguration: webhooksCauses,
  MutatingWebhookConfiguration: webhooksCauses,
};

/** Everything that is wrong with a defaulted object, against what is stored where there is something. */
export const builtInCauses = (before: KubernetesObject | undefined, after: KubernetesObject): Cause[] => [
  ...(byKind[after.kind]?.(after) ?? []),
  ...(before ? changeCauses(before, after) : []),
];
