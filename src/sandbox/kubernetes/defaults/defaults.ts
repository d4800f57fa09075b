/** Fills in the defaults of a built-in object, whatever its kind. */
import { copyOf, type JsonObject } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import {
  defaultAutoscaler,
  defaultBinding,
  defaultClaim,
  defaultDefinition,
  defaultEndpoints,
  defaultIngress,
  defaultNamespace,
  defaultNetworkPolicy,
  defaultPolicy,
  defaultPriorityClass,
  defaultSlice,
  defaultStorageClass,
  defaultVolume,
  defaultWebhooks,
} from "./others.ts";
import { defaultSecret, defaultService } from "./service.ts";
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultPod,
  defaultReplicaSet,
  defaultStatefulSet,
  selectJob,
} from "./workloads.ts";

const byKind: Readonly<Record<string, (object: JsonObject) => void>> = {
  Pod: defaultPod,
  Deployment: defaultDeployment,
  ReplicaSet: defaultReplicaSet,
  StatefulSet: defaultStatefulSet,
  DaemonSet: defaultDaemonSet,
  Job: (object) => {
    defaultJob(object);
    selectJob(object);
  },
  CronJob: defaultCronJob,
  Secret: defaultSecret,
  Namespace: defaultNamespace,
  PersistentVolumeClaim: defaultClaim,
  PersistentVolume: defaultVolume,
  StorageClass: defaultStorageClass,
  PriorityClass: defaultPriorityClass,
  RoleBinding: defaultBinding,
  ClusterRoleBinding: defaultBinding,
  Ingress: defaultIngress,
  NetworkPolicy: defaultNetworkPolicy,
  HorizontalPodAutoscaler: defaultAutoscaler,
  ValidatingWebhookConfiguration: defaultWebhooks(false),
  MutatingWebhookConfiguration: defaultWebhooks(true),
  ValidatingAdmissionPolicy: defaultPolicy,
  CustomResourceDefinition: defaultDefinition,
  EndpointSlice: defaultSlice,
  Endpoints: defaultEndpoints,
};

/** A copy with defaults. `services`: those stored in the cluster, asked for only by Services. */
export const withBuiltInDefaults = (
  object: JsonObject,
  before: KubernetesObject | undefined,
  services: () => readonly KubernetesObject[],
): JsonObject => {
  const filled = copyOf(object);
  const kind = typeof object.kind === "string" ? object.kind : "";
  if (kind === "Service") defaultService(filled, before, services());
  else byKind[kind]?.(filled);
  return filled;
};
