/** The kinds that every cluster serves. */
import { deduced } from "../ssa/shape.ts";
import type { Kind } from "./kind.ts";
import { shapeOfType } from "./shapes.ts";

type Trait = "cluster" | "status" | "scale" | "generation" | "virtual";

/** `group/version Kind plural traits`, with short names and categories where there are any. */
const row = (
  apiVersion: string,
  kind: string,
  plural: string,
  traits: readonly Trait[] = [],
  shortNames: readonly string[] = [],
  categories: readonly string[] = [],
  type = `V1${kind}`,
): Kind => {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const virtual = traits.includes("virtual");
  return {
    group,
    version,
    apiVersion,
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    shortNames,
    categories,
    namespaced: !traits.includes("cluster"),
    status: traits.includes("status"),
    scale: traits.includes("scale"),
    generation: traits.includes("generation"),
    shape: virtual ? deduced : shapeOfType(type),
    ...(virtual ? { virtual } : { type }),
  };
};

const rbac = "rbac.authorization.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";
const networking = "networking.k8s.io/v1";
const storage = "storage.k8s.io/v1";
const all = ["all"];

export const builtInKinds: readonly Kind[] = [
  row("v1", "Namespace", "namespaces", ["cluster", "status"], ["ns"]),
  row("v1", "Pod", "pods", ["status"], ["po"], all),
  row("v1", "PodTemplate", "podtemplates", ["generation"]),
  row("v1", "Service", "services", ["status"], ["svc"], all),
  row("v1", "Secret", "secrets"),
  row("v1", "ConfigMap", "configmaps", [], ["cm"]),
  row("v1", "ServiceAccount", "serviceaccounts", [], ["sa"]),
  row("v1", "Node", "nodes", ["cluster", "status"], ["no"]),
  row("v1", "Event", "events", [], ["ev"], [], "CoreV1Event"),
  row("v1", "Endpoints", "endpoints", [], ["ep"]),
  row("v1", "PersistentVolumeClaim", "persistentvolumeclaims", ["status"], ["pvc"]),
  row("v1", "PersistentVolume", "persistentvolumes", ["cluster", "status"], ["pv"]),
  row("v1", "ResourceQuota", "resourcequotas", ["status"], ["quota"]),
  row("v1", "LimitRange", "limitranges", [], ["limits"]),
  row("apps/v1", "Deployment", "deployments", ["status", "scale", "generation"], ["deploy"], all),
  row("apps/v1", "ReplicaSet", "replicasets", ["status", "scale", "generation"], ["rs"], all),
  row("apps/v1", "StatefulSet", "statefulsets", ["status", "scale", "generation"], ["sts"], all),
  row("apps/v1", "DaemonSet", "daemonsets", ["status", "generation"], ["ds"], all),
  row("apps/v1", "ControllerRevision", "controllerrevisions"),
  row("batch/v1", "Job", "jobs", ["status", "generation"], [], all),
  row("batch/v1", "CronJob", "cronjobs", ["status", "generation"], ["cj"], all),
  row(networking, "Ingress", "ingresses", ["status", "generation"], ["ing"]),
  row(networking, "IngressClass", "ingressclasses", ["cluster", "generation"]),
  row(networking, "NetworkPolicy", "networkpolicies", ["generation"], ["netpol"]),
  row(rbac, "Role", "roles"),
  row(rbac, "RoleBinding", "rolebindings"),
  row(rbac, "ClusterRole", "clusterroles", ["cluster"]),
  row(rbac, "ClusterRoleBinding", "clusterrolebindings", ["cluster"]),
  row("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", ["status", "generation"], ["pdb"]),
  row(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    ["status"],
    ["hpa"],
    all,
    "V2HorizontalPodAutoscaler",
  ),
  row("coordination.k8s.io/v1", "Lease", "leases"),
  row(
    admission,
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    ["cluster", "generation"],
    [],
    ["api-extensions"],
  ),
  row(
    admission,
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    ["cluster", "generation"],
    [],
    ["api-extensions"],
  ),
  row(
    admission,
    "ValidatingAdmissionPolicy",
    "validatingadmissionpolicies",
    ["cluster", "status", "generation"],
    [],
    ["api-extensions"],
  ),
  row(
    admission,
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    ["cluster", "generation"],
    [],
    ["api-extensions"],
  ),
  row(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    ["cluster", "status", "generation"],
    ["crd", "crds"],
    ["api-extensions"],
  ),
  row(
    "apiregistration.k8s.io/v1",
    "APIService",
    "apiservices",
    ["cluster", "status"],
    [],
    ["api-extensions"],
  ),
  row("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", ["generation"]),
  row("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", ["cluster", "generation"], ["pc"]),
  row(storage, "StorageClass", "storageclasses", ["cluster"], ["sc"]),
  row(storage, "CSIDriver", "csidrivers", ["cluster"]),
  row("events.k8s.io/v1", "Event", "events", [], ["ev"], [], "EventsV1Event"),
  row("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", [
    "cluster",
    "virtual",
  ]),
  row("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", ["cluster", "virtual"]),
  row("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", ["cluster", "virtual"]),
  row("authentication.k8s.io/v1", "TokenReview", "tokenreviews", ["cluster", "virtual"]),
  row("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", ["cluster", "virtual"]),
];
