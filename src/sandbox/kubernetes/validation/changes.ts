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

/** A reference as the server's own type prints it. */
const goRole = ({ apiGroup, kind, name }: JsonObject): JsonObject => ({
  APIGroup: apiGroup,
  Kind: kind,
  Name: name,
});

/** What may not change, or not so. */
export const changeCauses = (before: KubernetesObject, after: KubernetesObject): Cause[] => {
  const causes = (fixed[after.kind] ?? [])
    .filter((path) => !sameJson(at(before, ...path.split(".")), at(after, ...path.split("."))))
    .map((path) =>
      path === "roleRef"
        ? wrong(path, goRole(objectOf(after.roleRef)), "cannot change roleRef")
        : path === "provisioner" || path === "parameters" || path === "reclaimPolicy"
          ? forbidden(path, `updates to ${path} are forbidden.`)
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
  return [...finalizerCauses(before, after), ...causes];
};

/** What is on its way out takes no new finalizer; the server finds that out twice. */
const finalizerCauses = (before: KubernetesObject, after: KubernetesObject): Cause[] => {
  if (before.metadata.deletionTimestamp === undefined) return [];
  const known = before.metadata.finalizers ?? [];
  const more = (after.metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer));
  if (more.length === 0) return [];
  const list = more.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  const cause = forbidden(
    "metadata.finalizers",
    `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
  );
  return [cause, cause];
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
