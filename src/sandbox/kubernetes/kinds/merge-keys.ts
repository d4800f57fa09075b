/**
 * How built-in types merge, where that differs from the rule (lists and maps of scalars by key, lists whole): the
 * list types and map types of the published OpenAPI, and the merge keys of strategic merge patches, which differ
 * from them for ports.
 */

/** Structs that are owned and replaced as a whole. */
export const atomicTypes: ReadonlySet<string> = new Set([
  "V1MatchResources",
  "V1NamedRuleWithOperations",
  "V1ParamKind",
  "V1ParamRef",
  "V1Variable",
  "V1ConfigMapKeySelector",
  "V1EndpointAddress",
  "CoreV1EndpointPort",
  "DiscoveryV1EndpointPort",
  "V1FileKeySelector",
  "V1LocalObjectReference",
  "V1NodeSelector",
  "V1NodeSelectorTerm",
  "V1ObjectFieldSelector",
  "V1ObjectReference",
  "V1ResourceFieldSelector",
  "V1ScopeSelector",
  "V1SecretKeySelector",
  "V1SecretReference",
  "V1TopologySelectorTerm",
  "V1TypedLocalObjectReference",
  "V1ServiceBackendPort",
  "V1RoleRef",
  "RbacV1Subject",
  "V1LabelSelector",
  "V1OwnerReference",
]);

/** Maps that are owned and replaced as a whole, as `type.field`. */
export const atomicFields: ReadonlySet<string> = new Set([
  "V1PodSpec.nodeSelector",
  "V1ServiceSpec.selector",
]);

/** Keys of lists that merge item by item, as `type.field`. */
export const listKeys: Readonly<Record<string, readonly string[]>> = {
  "V1MutatingWebhook.matchConditions": ["name"],
  "V1MutatingWebhookConfiguration.webhooks": ["name"],
  "V1ValidatingWebhook.matchConditions": ["name"],
  "V1ValidatingWebhookConfiguration.webhooks": ["name"],
  "V1ValidatingAdmissionPolicySpec.matchConditions": ["name"],
  "V1ValidatingAdmissionPolicySpec.variables": ["name"],
  "V1Container.env": ["name"],
  "V1Container.ports": ["containerPort", "protocol"],
  "V1Container.volumeDevices": ["devicePath"],
  "V1Container.volumeMounts": ["mountPath"],
  "V1ContainerStatus.volumeMounts": ["mountPath"],
  "V1EphemeralContainer.env": ["name"],
  "V1EphemeralContainer.ports": ["containerPort", "protocol"],
  "V1EphemeralContainer.volumeMounts": ["mountPath"],
  "V1NodeStatus.addresses": ["type"],
  "V1PodSpec.containers": ["name"],
  "V1PodSpec.ephemeralContainers": ["name"],
  "V1PodSpec.hostAliases": ["ip"],
  "V1PodSpec.imagePullSecrets": ["name"],
  "V1PodSpec.initContainers": ["name"],
  "V1PodSpec.resourceClaims": ["name"],
  "V1PodSpec.schedulingGates": ["name"],
  "V1PodSpec.topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
  "V1PodSpec.volumes": ["name"],
  "V1PodStatus.podIPs": ["ip"],
  "V1PodStatus.resourceClaimStatuses": ["name"],
  "V1ResourceRequirements.claims": ["name"],
  "V1ServiceAccount.secrets": ["name"],
  "V1ServiceSpec.ports": ["port", "protocol"],
  "V1ObjectMeta.ownerReferences": ["uid"],
  "V1CSINodeSpec.drivers": ["name"],
};

/** Status types whose `conditions` merge by `type`; all of them but those of CustomResourceDefinition (by type, too). */
export const conditionTypes = /^V\d\w*Status$/;

/** Lists in which each value counts once. */
export const sets: ReadonlySet<string> = new Set([
  "V1ObjectMeta.finalizers",
  "V1NodeSpec.podCIDRs",
  "V1Endpoint.addresses",
  "V1CSIDriverSpec.volumeLifecycleModes",
  "V1ValidatingAdmissionPolicyBindingSpec.validationActions",
]);

/** Merge keys of strategic merge patches, where they are not the list's only key. `[]`: the list is replaced. */
export const patchKeys: Readonly<Record<string, string>> = {
  "V1Container.ports": "containerPort",
  "V1EphemeralContainer.ports": "containerPort",
  "V1PodSpec.topologySpreadConstraints": "topologyKey",
  "V1ServiceSpec.ports": "port",
};
