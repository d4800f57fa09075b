/** What is refused in Services and Ingresses. */
import { isIP } from "node:net";
import type { Cause } from "../api-error.ts";
import {
  at,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { duplicate, forbidden, oneOf, required, unsupported, wrong, wrongs } from "./causes.ts";
import { formatErrors, portErrors } from "./formats.ts";
import { labelsCauses } from "./metadata.ts";
import { portNumberOrNameCauses, protocols } from "./pods.ts";

const portCauses = (ports: readonly JsonObject[]): Cause[] => {
  const names = new Set<Json | undefined>();
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const name = textOf(port.name) ?? "";
    const twice = name !== "" && names.has(name);
    names.add(name);
    const number = typeof port.port === "number" ? port.port : 0;
    return [
      ...(name === "" && ports.length > 1 ? [required(`${path}.name`)] : []),
      ...(name === "" ? [] : wrongs(`${path}.name`, name, formatErrors("label", name))),
      ...(twice ? [duplicate(`${path}.name`, name)] : []),
      ...wrongs(`${path}.port`, number, portErrors(number)),
      ...oneOf(`${path}.protocol`, port.protocol, protocols),
      ...portNumberOrNameCauses(`${path}.targetPort`, port.targetPort),
    ];
  });
};

/** Two ports with the same number and protocol, shown as the server's own type. */
const duplicatePortCauses = (ports: readonly JsonObject[]): Cause[] => {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${port.protocol}:${port.port}`;
    const twice = seen.has(key);
    seen.add(key);
    const shown = { Name: "", Protocol: port.protocol ?? "", AppProtocol: null, Port: port.port ?? 0 };
    return twice ? [duplicate(`spec.ports[${index}]`, { ...shown, TargetPort: 0, NodePort: 0 })] : [];
  });
};

const isRange = (value: Json): boolean => {
  const [address = "", prefix = ""] = String(value).trim().split("/");
  const bits = isIP(address) === 4 ? 32 : 128;
  return isIP(address) > 0 && /^\d+$/.test(prefix) && Number(prefix) <= bits;
};

export const serviceCauses = (object: KubernetesObject): Cause[] => {
  const spec = objectOf(object.spec);
  const ports = objectsOf(spec.ports);
  const headless = spec.clusterIP === "None";
  const outside = spec.type === "LoadBalancer" || spec.type === "NodePort";
  const external = spec.type === "ExternalName";
  const cname = (textOf(spec.externalName) ?? "").replace(/\.$/, "");
  return [
    ...(ports.length === 0 && !headless && !external ? [required("spec.ports")] : []),
    ...(headless && outside
      ? [wrong("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${textOf(spec.type)} services`)]
      : []),
    ...(external && cname === "" ? [required("spec.externalName")] : []),
    ...(external && cname !== "" ? wrongs("spec.externalName", cname, formatErrors("subdomain", cname)) : []),
    ...portCauses(ports),
    ...labelsCauses("spec.selector", textsOf(spec.selector)),
    ...oneOf("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]),
    ...oneOf("spec.type", spec.type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
    ...duplicatePortCauses(ports),
    ...listOf(spec.loadBalancerSourceRanges).flatMap((range, index) =>
      isRange(range)
        ? []
        : [
            wrong(
              `spec.LoadBalancerSourceRanges[${index}]`,
              range,
              "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
            ),
          ],
    ),
    ...(spec.externalTrafficPolicy !== undefined && !outside && spec.externalIPs === undefined
      ? [
          wrong(
            "spec.externalTrafficPolicy",
            spec.externalTrafficPolicy,
            "may only be set for externally-accessible services",
          ),
        ]
      : []),
  ];
};

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

const hostCauses = (field: string, host: string): Cause[] => {
  if (isIP(host) > 0) return [wrong(field, host, "must be a DNS name, not an IP address")];
  return host.startsWith("*.")
    ? wrongs(field, host, formatErrors("subdomain", host.slice(2)))
    : wrongs(field, host, formatErrors("subdomain", host));
};

const backendCauses = (backend: JsonObject, field: string): Cause[] => {
  const service = backend.service;
  if (!isObject(service)) return [];
  const { name, number } = objectOf(service.port);
  return [
    ...(service.name ? [] : [required(`${field}.service.name`)]),
    ...(name || number ? [] : [required(field, "port name or number is required")]),
  ];
};

const pathCauses = (path: JsonObject, field: string): Cause[] => {
  const text = textOf(path.path) ?? "";
  const type = path.pathType;
  const known = typeof type === "string" && pathTypes.includes(type);
  return [
    ...(type === undefined ? [required(`${field}.pathType`, "pathType must be specified")] : []),
    ...(type !== undefined && !known ? [unsupported(`${field}.pathType`, type, pathTypes)] : []),
    ...((type === "Prefix" || type === "Exact") && !text.startsWith("/")
      ? [wrong(`${field}.path`, text, "must be an absolute path")]
      : []),
    ...backendCauses(objectOf(path.backend), `${field}.backend`),
  ];
};

export const ingressCauses = (object: KubernetesObject): Cause[] => {
  const spec = objectOf(object.spec);
  const rules = objectsOf(spec.rules);
  return [
    ...(rules.length === 0 && !isObject(spec.defaultBackend)
      ? [wrong("spec", null, "either `defaultBackend` or `rules` must be specified")]
      : []),
    ...rules.flatMap((rule, position) => {
      const host = textOf(rule.host) ?? "";
      const field = `spec.rules[${position}]`;
      return [
        ...(host === "" ? [] : hostCauses(`${field}.host`, host)),
        ...objectsOf(at(rule, "http", "paths")).flatMap((path, index) =>
          pathCauses(path, `${field}.http.paths[${index}]`),
        ),
      ];
    }),
    ...objectsOf(spec.tls).flatMap((tls, position) => {
      const secret = textOf(tls.secretName) ?? "";
      const field = `spec.tls[${position}]`;
      return [
        ...listOf(tls.hosts).flatMap((host, index) => hostCauses(`${field}.hosts[${index}]`, String(host))),
        ...(secret === "" ? [] : wrongs(`${field}.secretName`, secret, formatErrors("subdomain", secret))),
      ];
    }),
  ];
};

/** An address that is once given stays, except where the Service leaves the cluster. */
export const addressCauses = (before: KubernetesObject, after: KubernetesObject): Cause[] => {
  const address = at(before, "spec", "clusterIP");
  const next = at(after, "spec", "clusterIP");
  if (address === undefined || at(after, "spec", "type") === "ExternalName" || address === next) return [];
  return [wrong("spec.clusterIPs[0]", next === undefined ? [] : [next], "may not change once set")];
};

export const nodePortCauses = ({ spec: given }: KubernetesObject): Cause[] => {
  const spec = objectOf(given);
  if (spec.type !== "ClusterIP") return [];
  return objectsOf(spec.ports).flatMap(({ nodePort }, index) =>
    nodePort
      ? [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")]
      : [],
  );
};
