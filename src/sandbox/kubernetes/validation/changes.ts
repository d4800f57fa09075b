/** What is refused in a change of a built-in object: fields that keep the value that they were made with. */
import type { Cause } from "../api-error.ts";
import { at, type JsonObject, objectOf, sameJson } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { forbidden, wrong } from "./causes.ts";
import { addressCauses } from "./services.ts";

/** By kind. */
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

/** What may not change, or not so. */
export const changeCauses = (before: KubernetesObject, after: KubernetesObject): Cause[] => {
  const causes = (fixed[after.kind] ?? [])
    .filter((path) => !sameJson(at(before, ...path.split(".")), at(after, ...path.split("."))))
    .map((path) =>
      path === "roleRef"
        ? wrong(path, after.roleRef, "cannot change roleRef")
        : wrong(path, at(after, ...path.split(".")), "field is immutable"),
    );
  if ((after.kind === "Secret" || after.kind === "ConfigMap") && before.immutable === true) {
    if (!sameJson(before.data, after.data) || after.immutable !== true) {
      causes.push(forbidden("data", "field is immutable when `immutable` is set"));
    }
  }
  if (after.kind === "StatefulSet")
    causes.push(...statefulSetCauses(objectOf(before.spec), objectOf(after.spec)));
  if (after.kind === "Service") causes.push(...addressCauses(before, after));
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
        forbidden(
          "spec",
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ),
      ]
    : [];
