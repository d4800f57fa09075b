/** What is refused in Deployments and their like, in Jobs and in CronJobs. */
import type { Cause } from "../api-error.ts";
import { at, isObject, type JsonObject, objectOf, textOf, textsOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { matchesSelector } from "../selectors.ts";
import { forbidden, nonNegative, required, unsupported, wrong } from "./causes.ts";
import { labelsCauses } from "./metadata.ts";
import { podCauses } from "./pods.ts";

const templateCauses = (spec: JsonObject): Cause[] => {
  const labels = textsOf(at(spec, "template", "metadata", "labels"));
  return [
    ...(isObject(spec.selector) && matchesSelector(spec.selector, labels)
      ? []
      : [wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")]),
    ...labelsCauses("spec.template.labels", labels),
    ...podCauses(objectOf(at(spec, "template", "spec")), "spec.template.spec", "Always"),
  ];
};

const isEmptySelector = (selector: JsonObject[string]): boolean =>
  isObject(selector) && Object.values(selector).every((value) => value === undefined);

const selectorCauses = (spec: JsonObject, kind: string): Cause[] => {
  if (!isObject(spec.selector)) return [required("spec.selector")];
  return isEmptySelector(spec.selector)
    ? [wrong("spec.selector", {}, `empty selector is invalid for ${kind.toLowerCase()}`)]
    : [];
};

const strategyCauses = (spec: JsonObject): Cause[] => {
  const strategy = objectOf(spec.strategy);
  const type = textOf(strategy.type) ?? "";
  if (type !== "Recreate" && type !== "RollingUpdate") {
    return [unsupported("spec.strategy", { Type: type, RollingUpdate: null }, ["Recreate", "RollingUpdate"])];
  }
  return type === "Recreate" && strategy.rollingUpdate !== undefined
    ? [forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")]
    : [];
};

const count = (spec: JsonObject, ...names: readonly string[]): Cause[] =>
  names.flatMap((name) => nonNegative(`spec.${name}`, spec[name]));

export const deploymentCauses = ({ spec: given }: KubernetesObject): Cause[] => {
  const spec = objectOf(given);
  return [
    ...count(spec, "replicas"),
    ...selectorCauses(spec, "Deployment"),
    ...templateCauses(spec),
    ...strategyCauses(spec),
    ...count(spec, "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"),
  ];
};

/** ReplicaSets, StatefulSets and DaemonSets. */
export const workloadCauses = ({ spec: given, kind }: KubernetesObject): Cause[] => {
  const spec = objectOf(given);
  return [
    ...count(spec, "replicas", "minReadySeconds"),
    ...selectorCauses(spec, kind),
    ...templateCauses(spec),
    ...count(spec, "revisionHistoryLimit"),
  ];
};

const jobSpecCauses = (spec: JsonObject, path: string): Cause[] => {
  const pod = objectOf(at(spec, "template", "spec"));
  const counts = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
  ];
  const ends = pod.restartPolicy === "OnFailure" || pod.restartPolicy === "Never";
  return [
    ...counts.flatMap((name) => nonNegative(`${path}.${name}`, spec[name])),
    ...podCauses(pod, `${path}.template.spec`),
    ...(ends ? [] : [required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')]),
  ];
};

export const jobCauses = ({ spec }: KubernetesObject): Cause[] => jobSpecCauses(objectOf(spec), "spec");

export const cronJobCauses = ({ spec: given }: KubernetesObject): Cause[] => {
  const spec = objectOf(given);
  const schedule = textOf(spec.schedule) ?? "";
  const fields = schedule.split(/\s+/).filter(Boolean);
  return [
    ...(schedule === "" ? [required("spec.schedule")] : []),
    ...(schedule !== "" && !schedule.startsWith("@") && fields.length !== 5
      ? [
          wrong(
            "spec.schedule",
            schedule,
            `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`,
          ),
        ]
      : []),
    ...count(spec, "startingDeadlineSeconds"),
    ...jobSpecCauses(objectOf(at(spec, "jobTemplate", "spec")), "spec.jobTemplate.spec"),
    ...count(spec, "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
  ];
};
