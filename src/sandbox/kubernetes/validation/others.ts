/** What is refused in configuration: Secrets, ConfigMaps, Leases, RBAC, budgets, claims, webhooks. */
import type { Cause } from "../api-error.ts";
import { jsonError } from "../http/json-error.ts";
import { at, type Json, listOf, objectOf, objectsOf, textOf, textsOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { nonNegative, oneOf, required, unsupported, wrong, wrongs } from "./causes.ts";
import { formatErrors } from "./formats.ts";

export const keyCauses = (object: KubernetesObject): Cause[] =>
  ["data", "binaryData"].flatMap((field) =>
    Object.keys(objectOf(object[field])).flatMap((key) =>
      wrongs(`${field}[${key}]`, key, formatErrors("configKey", key)),
    ),
  );

/** Keys that a type of Secret must have. */
const keysByType: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

const jsonCauses = (key: string, encoded: string | undefined): Cause[] => {
  const error = encoded === undefined ? undefined : jsonError(Buffer.from(encoded, "base64").toString());
  return error === undefined ? [] : [wrong(`data[${key}]`, "<secret contents redacted>", error)];
};

export const secretCauses = (object: KubernetesObject): Cause[] => {
  const type = textOf(object.type) ?? "";
  const data = textsOf(object.data);
  const account = "kubernetes.io/service-account.name";
  return [
    ...keyCauses(object),
    ...(keysByType[type] ?? []).flatMap((key) => (data[key] === undefined ? [required(`data[${key}]`)] : [])),
    ...(type === "kubernetes.io/dockerconfigjson"
      ? jsonCauses(".dockerconfigjson", data[".dockerconfigjson"])
      : []),
    ...(type === "kubernetes.io/basic-auth" && data.username === undefined && data.password === undefined
      ? [required("data[username]"), required("data[password]")]
      : []),
    ...(type === "kubernetes.io/service-account-token" && !object.metadata.annotations?.[account]
      ? [required(`metadata.annotations[${account}]`)]
      : []),
  ];
};

export const leaseCauses = ({ spec: given }: KubernetesObject): Cause[] => {
  const { leaseDurationSeconds: duration, leaseTransitions } = objectOf(given);
  return [
    ...(typeof duration === "number" && duration <= 0
      ? [wrong("spec.leaseDurationSeconds", duration, "must be greater than 0")]
      : []),
    ...nonNegative("spec.leaseTransitions", leaseTransitions),
  ];
};

const isEmpty = (list: Json | undefined): boolean => listOf(list).length === 0;

export const roleCauses = (object: KubernetesObject): Cause[] =>
  objectsOf(object.rules).flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const verbs = isEmpty(rule.verbs)
      ? [required(`${path}.verbs`, "verbs must contain at least one value")]
      : [];
    if (!isEmpty(rule.nonResourceURLs)) return verbs;
    return [
      ...verbs,
      ...(isEmpty(rule.apiGroups)
        ? [required(`${path}.apiGroups`, "resource rules must supply at least one api group")]
        : []),
      ...(isEmpty(rule.resources)
        ? [required(`${path}.resources`, "resource rules must supply at least one resource")]
        : []),
    ];
  });

export const bindingCauses = (object: KubernetesObject): Cause[] => {
  const role = objectOf(object.roleRef);
  const kinds = object.kind === "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"];
  return [
    ...oneOf("roleRef.kind", role.kind ?? "", kinds),
    ...(role.name ? [] : [required("roleRef.name")]),
    ...objectsOf(object.subjects).flatMap((subject, index) => [
      ...(subject.name ? [] : [required(`subjects[${index}].name`)]),
      ...(subject.kind === "ServiceAccount" && !subject.namespace && object.kind === "ClusterRoleBinding"
        ? [required(`subjects[${index}].namespace`)]
        : []),
    ]),
  ];
};

export const budgetCauses = ({ spec: given }: KubernetesObject): Cause[] => {
  const { minAvailable, maxUnavailable, selector } = objectOf(given);
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  const shown = {
    MinAvailable: minAvailable,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: null,
  };
  return [wrong("spec", shown, "minAvailable and maxUnavailable cannot be both set")];
};

export const claimCauses = ({ spec }: KubernetesObject): Cause[] => [
  ...(isEmpty(at(spec, "accessModes"))
    ? [required("spec.accessModes", "at least 1 access mode is required")]
    : []),
  ...(at(spec, "resources", "requests", "storage") === undefined
    ? [required("spec.resources[storage]")]
    : []),
];

const webhookCauses = (webhook: Readonly<Record<string, Json | undefined>>, path: string): Cause[] => {
  const name = textOf(webhook.name) ?? "";
  const effects = webhook.sideEffects;
  const client = objectOf(webhook.clientConfig);
  const url = client.url !== undefined;
  return [
    ...(name.split(".").length < 3
      ? [wrong(`${path}.name`, name, "should be a domain with at least three segments separated by dots")]
      : wrongs(`${path}.name`, name, formatErrors("subdomain", name))),
    ...(effects === undefined
      ? [required(`${path}.sideEffects`, "must specify one of None, NoneOnDryRun")]
      : oneOf(`${path}.sideEffects`, effects, ["None", "NoneOnDryRun"])),
    ...(webhook.failurePolicy === "Fail" || webhook.failurePolicy === "Ignore"
      ? []
      : [unsupported(`${path}.failurePolicy`, webhook.failurePolicy, ["Fail", "Ignore"])]),
    ...(url === (client.service !== undefined)
      ? [required(`${path}.clientConfig`, "exactly one of url or service is required")]
      : []),
    ...(isEmpty(webhook.admissionReviewVersions)
      ? [required(`${path}.admissionReviewVersions`, "must specify one of v1, v1beta1")]
      : []),
  ];
};

export const webhooksCauses = (object: KubernetesObject): Cause[] =>
  objectsOf(object.webhooks).flatMap((webhook, index) => webhookCauses(webhook, `webhooks[${index}]`));
