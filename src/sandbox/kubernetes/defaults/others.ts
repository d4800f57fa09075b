/** Defaults of the remaining built-in kinds. */
import { at, isObject, type JsonObject, listOf, objectsOf } from "../json.ts";
import { child, fill } from "./pod.ts";

export const defaultNamespace = (object: JsonObject): void => {
  const metadata = child(object, "metadata");
  child(metadata, "labels")["kubernetes.io/metadata.name"] = metadata.name;
};

export const defaultClaim = (object: JsonObject): void => {
  fill(child(object, "spec"), { volumeMode: "Filesystem" });
};

export const defaultVolume = (object: JsonObject): void => {
  fill(child(object, "spec"), { volumeMode: "Filesystem", persistentVolumeReclaimPolicy: "Retain" });
};

export const defaultStorageClass = (object: JsonObject): void =>
  fill(object, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });

export const defaultPriorityClass = (object: JsonObject): void =>
  fill(object, { preemptionPolicy: "PreemptLowerPriority" });

export const defaultBinding = (object: JsonObject): void => {
  const group = "rbac.authorization.k8s.io";
  fill(child(object, "roleRef"), { apiGroup: group });
  for (const subject of objectsOf(object.subjects)) {
    if (subject.kind === "User" || subject.kind === "Group") fill(subject, { apiGroup: group });
  }
};

export const defaultNetworkPolicy = (object: JsonObject): void => {
  const spec = child(object, "spec");
  fill(spec, { podSelector: {} });
  fill(spec, { policyTypes: listOf(spec.egress).length > 0 ? ["Ingress", "Egress"] : ["Ingress"] });
  for (const rule of [...objectsOf(spec.ingress), ...objectsOf(spec.egress)]) {
    for (const port of objectsOf(rule.ports)) fill(port, { protocol: "TCP" });
  }
};

export const defaultAutoscaler = (object: JsonObject): void => {
  const spec = child(object, "spec");
  fill(spec, { minReplicas: 1 });
  if (listOf(spec.metrics).length === 0) {
    const target = { type: "Utilization", averageUtilization: 80 };
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
};

export const defaultWebhooks =
  (mutating: boolean) =>
  (object: JsonObject): void => {
    for (const webhook of objectsOf(object.webhooks)) {
      fill(webhook, {
        failurePolicy: "Fail",
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
      });
      if (mutating) fill(webhook, { reinvocationPolicy: "Never" });
      for (const rule of objectsOf(webhook.rules)) fill(rule, { scope: "*" });
      const service = at(webhook, "clientConfig", "service");
      if (isObject(service)) fill(service, { port: 443 });
    }
  };

export const defaultDefinition = (object: JsonObject): void => {
  const spec = child(object, "spec");
  fill(spec, { conversion: { strategy: "None" } });
  const names = child(spec, "names");
  if (typeof names.kind === "string") {
    fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` });
  }
};

export const defaultSlice = (object: JsonObject): void => {
  for (const endpoint of objectsOf(object.endpoints)) fill(endpoint, { conditions: {} });
  for (const port of objectsOf(object.ports)) fill(port, { name: "", protocol: "TCP" });
};

export const defaultEndpoints = (object: JsonObject): void => {
  for (const subset of objectsOf(object.subsets)) {
    for (const port of objectsOf(subset.ports)) fill(port, { protocol: "TCP" });
  }
};

export const defaultPolicy = (object: JsonObject): void =>
  fill(child(object, "spec"), { failurePolicy: "Fail" });
