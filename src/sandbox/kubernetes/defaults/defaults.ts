/** Fills in the defaults of a built-in object, whatever its kind. */
import { copyOf, type JsonObject, textOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import {
  defaultAutoscaler,
  defaultBinding,
  defaultClaim,
  defaultDefinition,
  defaultEndpoints,
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
  defaultTemplate,
} from "./workloads.ts";

const byKind: Readonly<Record<string, (object: JsonObject, before: KubernetesObject | undefined) => void>> = {
  Pod: defaultPod,
  Deployment: defaultDeployment,
  ReplicaSet: defaultReplicaSet,
  StatefulSet: defaultStatefulSet,
  DaemonSet: defaultDaemonSet,
  Job: defaultJob,
  PodTemplate: defaultTemplate,
  Service: defaultService,
  CronJob: defaultCronJob,
  Secret: defaultSecret,
  Namespace: defaultNamespace,
  PersistentVolumeClaim: defaultClaim,
  PersistentVolume: defaultVolume,
  StorageClass: defaultStorageClass,
  PriorityClass: defaultPriorityClass,
  RoleBinding: defaultBinding,
  ClusterRoleBinding: defaultBinding,
  NetworkPolicy: defaultNetworkPolicy,
  HorizontalPodAutoscaler: defaultAutoscaler,
  ValidatingWebhookConfiguration: defaultWebhooks(false),
  MutatingWebhookConfiguration: defaultWebhooks(true),
  ValidatingAdmissionPolicy: defaultPolicy,
  CustomResourceDefinition: defaultDefinition,
  EndpointSlice: defaultSlice,
  Endpoints: defaultEndpoints,
};

/** A copy with defaults. `before`: what is stored, for the few that depend on it. */
export const withBuiltInDefaults = (object: JsonObject, before: KubernetesObject | undefined): JsonObject => {
  const filled = copyOf(object);
  byKind[textOf(object.kind) ?? ""]?.(filled, before);
  return filled;
};
