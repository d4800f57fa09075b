/** What the server refuses in built-in objects: required fields, selectors that miss, changes of fixed fields. */
import type { Cause } from "../api-error.ts";
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  sameJson,
  textsOf,
} from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { matchesSelector } from "../selectors.ts";

const required = (field: string, detail = ""): Cause => ({
  reason: "FieldValueRequired",
  field,
  message: detail ? `Required value: ${detail}` : "Required value",
});
const wrong = (field: string, value: Json | undefined, detail: string): Cause => ({
  reason: "FieldValueInvalid",
  field,
  message: `Invalid value: ${JSON.stringify(value ?? null)}: ${detail}`,
});
const unsupported = (field: string, value: Json | undefined, supported: readonly string[]): Cause => ({
  reason: "FieldValueNotSupported",
  field,
  message: `Unsupported value: ${JSON.stringify(value ?? "")}: supported values: ${supported.map((item) => JSON.stringify(item)).join(", ")}`,
});

const podCauses = (spec: JsonObject, path: string): Cause[] => {
  const containers = objectsOf(spec.containers);
  if (containers.length === 0) return [required(`${path}.containers`)];
  const volumes = new Set(objectsOf(spec.volumes).map((volume) => volume.name));
  const check = (list: string) =>
    objectsOf(spec[list]).flatMap((container, index) => {
      const here = `${path}.${list}[${index}]`;
      return [
        ...(container.name ? [] : [required(`${here}.name`)]),
        ...(container.image ? [] : [required(`${here}.image`)]),
        ...objectsOf(container.volumeMounts).flatMap((mount, position) =>
          volumes.has(mount.name)
            ? []
            : [
                {
                  reason: "FieldValueNotFound",
                  field: `${here}.volumeMounts[${position}].name`,
                  message: `Not found: ${JSON.stringify(mount.name ?? "")}`,
                },
              ],
        ),
      ];
    });
  return [...check("initContainers"), ...check("containers")];
};

const workloadCauses = (object: KubernetesObject): Cause[] => {
  const spec = objectOf(object.spec);
  const labels = textsOf(at(spec, "template", "metadata", "labels"));
  const causes = podCauses(objectOf(at(spec, "template", "spec")), "spec.template.spec");
  if (!isObject(spec.selector)) return [required("spec.selector"), ...causes];
  if (!matchesSelector(spec.selector, labels)) {
    causes.push(
      wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
    );
  }
  return causes;
};

const serviceCauses = (object: KubernetesObject): Cause[] => {
  const spec = objectOf(object.spec);
  const ports = objectsOf(spec.ports);
  if (spec.type === "ExternalName") return spec.externalName ? [] : [required("spec.externalName")];
  const causes = ports.flatMap((port, index) => [
    ...(port.port ? [] : [required(`spec.ports[${index}].port`)]),
    ...(ports.length > 1 && !port.name ? [required(`spec.ports[${index}].name`)] : []),
  ]);
  if (ports.length === 0 && spec.clusterIP !== "None") causes.push(required("spec.ports"));
  return causes;
};

const ingressCauses = (object: KubernetesObject): Cause[] => {
  const spec = objectOf(object.spec);
  const causes: Cause[] = [];
  if (listOf(spec.rules).length === 0 && !isObject(spec.defaultBackend)) {
    causes.push(wrong("spec", spec, "either `defaultBackend` or `rules` must be specified"));
  }
  objectsOf(spec.rules).forEach((rule, position) => {
    objectsOf(at(rule, "http", "paths")).forEach((path, index) => {
      const field = `spec.rules[${position}].http.paths[${index}].pathType`;
      const types = ["Exact", "ImplementationSpecific", "Prefix"];
      if (path.pathType === undefined) causes.push(required(field, "pathType must be specified"));
      else if (typeof path.pathType !== "string" || !types.includes(path.pathType)) {
        causes.push(unsupported(field, path.pathType, types));
      }
    });
  });
  return causes;
};

const keyPattern = /^[-._a-zA-Z0-9]+$/;
const keyCauses = (object: KubernetesObject): Cause[] =>
  Object.keys(objectOf(object.data))
    .filter((key) => !keyPattern.test(key))
    .map((key) =>
      wrong(
        `data[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    );

const byKind: Readonly<Record<string, (object: KubernetesObject) => Cause[]>> = {
  Pod: (object) => podCauses(objectOf(object.spec), "spec"),
  Deployment: workloadCauses,
  ReplicaSet: workloadCauses,
  StatefulSet: workloadCauses,
  DaemonSet: workloadCauses,
  Job: (object) => podCauses(objectOf(at(object, "spec", "template", "spec")), "spec.template.spec"),
  Service: serviceCauses,
  Ingress: ingressCauses,
  Secret: keyCauses,
  ConfigMap: keyCauses,
};

/** Fields that keep the value they were made with, by kind. */
const fixed: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.selector"],
  ReplicaSet: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  Job: ["spec.selector", "spec.template", "spec.completionMode"],
  Secret: ["type"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
};

const changeCauses = (before: KubernetesObject, after: KubernetesObject): Cause[] => {
  const causes = (fixed[after.kind] ?? [])
    .filter((path) => !sameJson(at(before, ...path.split(".")), at(after, ...path.split("."))))
    .map((path) =>
      path === "roleRef"
        ? wrong(path, after.roleRef, "cannot change roleRef")
        : wrong(path, at(after, ...path.split(".")), "field is immutable"),
    );
  if ((after.kind === "Secret" || after.kind === "ConfigMap") && before.immutable === true) {
    if (!sameJson(before.data, after.data) || after.immutable !== true) {
      causes.push({
        reason: "FieldValueForbidden",
        field: "data",
        message: "Forbidden: field is immutable when `immutable` is set",
      });
    }
  }
  if (after.kind === "StatefulSet")
    causes.push(...statefulSetCauses(objectOf(before.spec), objectOf(after.spec)));
  const address = at(before, "spec", "clusterIP");
  if (after.kind === "Service" && address !== undefined && at(after, "spec", "type") !== "ExternalName") {
    const next = at(after, "spec", "clusterIP");
    if (!sameJson(address, next)) {
      causes.push(wrong("spec.clusterIPs[0]", next === undefined ? [] : [next], "may not change once set"));
    }
  }
  return causes;
};

const mutableStatefulSet = new Set([
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
]);

const statefulSetCauses = (before: JsonObject, after: JsonObject): Cause[] =>
  Object.keys({ ...before, ...after }).some(
    (key) => !mutableStatefulSet.has(key) && !sameJson(before[key], after[key]),
  )
    ? [
        {
          reason: "FieldValueForbidden",
          field: "spec",
          message:
            "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        },
      ]
    : [];

/** Everything that is wrong with a defaulted object, against what is stored where there is something. */
export const builtInCauses = (before: KubernetesObject | undefined, after: KubernetesObject): Cause[] => [
  ...(byKind[after.kind]?.(after) ?? []),
  ...(before ? changeCauses(before, after) : []),
];
