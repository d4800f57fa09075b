/** What is refused in the spec of a pod, or of a template of pods. */
import type { Cause } from "../api-error.ts";
import { isObject, type Json, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";
import { duplicate, missing, oneOf, required, unsupported, wrong, wrongs } from "./causes.ts";
import { environmentNameErrors, formatErrors, portErrors, portNameErrors } from "./formats.ts";

export const protocols = ["SCTP", "TCP", "UDP"];

/** A number, or the name of a container's port. */
export const portNumberOrNameCauses = (field: string, value: Json | undefined): Cause[] =>
  typeof value === "string"
    ? wrongs(field, value, portNameErrors(value))
    : wrongs(field, value ?? 0, portErrors(typeof value === "number" ? value : 0));

const portCauses = (ports: readonly JsonObject[], path: string): Cause[] => {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const here = `${path}[${index}]`;
    const name = textOf(port.name) ?? "";
    const errors = name ? portNameErrors(name) : [];
    const twice = name !== "" && errors.length === 0 && names.has(name);
    names.add(name);
    const number = port.containerPort;
    return [
      ...wrongs(`${here}.name`, name, errors),
      ...(twice ? [duplicate(`${here}.name`, name)] : []),
      ...(typeof number === "number" && number !== 0
        ? wrongs(`${here}.containerPort`, number, portErrors(number))
        : [required(`${here}.containerPort`)]),
      ...oneOf(`${here}.protocol`, port.protocol, protocols),
    ];
  });
};

const environmentCauses = (variables: readonly JsonObject[], path: string): Cause[] =>
  variables.flatMap(({ name }, index) =>
    typeof name === "string" && name !== ""
      ? wrongs(`${path}[${index}].name`, name, environmentNameErrors(name))
      : [required(`${path}[${index}].name`)],
  );

const probeCauses = (container: JsonObject, path: string): Cause[] =>
  ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
    ["httpGet", "tcpSocket"].flatMap((action) => {
      const found = objectOf(container[probe])[action];
      return isObject(found) ? portNumberOrNameCauses(`${path}.${probe}.${action}.port`, found.port) : [];
    }),
  );

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `500m` as 0.5; not a number where it is no quantity. */
const quantityOf = (value: Json | undefined): number => {
  const [, number = "", suffix = ""] = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)(\w*)$/.exec(String(value)) ?? [];
  return Number(number || "x") * (factors[suffix] ?? Number.NaN);
};

const resourceCauses = (resources: JsonObject, path: string): Cause[] => {
  const limits = objectOf(resources.limits);
  return Object.entries(objectOf(resources.requests)).flatMap(([name, request]) =>
    limits[name] !== undefined && quantityOf(request) > quantityOf(limits[name])
      ? [
          wrong(
            `${path}.requests`,
            String(request),
            `must be less than or equal to ${name} limit of ${String(limits[name])}`,
          ),
        ]
      : [],
  );
};

const containerCauses = (
  container: JsonObject,
  path: string,
  volumes: ReadonlySet<Json | undefined>,
): Cause[] => {
  const name = textOf(container.name) ?? "";
  return [
    ...(name ? wrongs(`${path}.name`, name, formatErrors("label", name)) : [required(`${path}.name`)]),
    ...(container.image ? [] : [required(`${path}.image`)]),
    ...portCauses(objectsOf(container.ports), `${path}.ports`),
    ...environmentCauses(objectsOf(container.env), `${path}.env`),
    ...objectsOf(container.volumeMounts).flatMap((mount, index) =>
      volumes.has(mount.name) ? [] : [missing(`${path}.volumeMounts[${index}].name`, mount.name)],
    ),
    ...oneOf(`${path}.imagePullPolicy`, container.imagePullPolicy, ["Always", "IfNotPresent", "Never"]),
    ...resourceCauses(objectOf(container.resources), `${path}.resources`),
    ...probeCauses(container, path),
  ];
};

/** `restart`: the policies that the kind allows, for templates of one that allows a single one. */
export const podCauses = (spec: JsonObject, path: string, restart?: string): Cause[] => {
  const policies = ["Always", "OnFailure", "Never"];
  const policy = spec.restartPolicy;
  const unknown = oneOf(`${path}.restartPolicy`, policy, policies);
  const containers = objectsOf(spec.containers);
  const volumes = new Set(objectsOf(spec.volumes).map((volume) => volume.name));
  const names = new Set<Json | undefined>();
  const check = (list: string) =>
    objectsOf(spec[list]).flatMap((container, index) => {
      const here = `${path}.${list}[${index}]`;
      const twice = names.has(container.name);
      names.add(container.name);
      return [
        ...containerCauses(container, here, volumes),
        ...(twice ? [duplicate(`${here}.name`, container.name)] : []),
      ];
    });
  return [
    ...(containers.length === 0 ? [required(`${path}.containers`)] : check("containers")),
    ...check("initContainers"),
    ...unknown,
    ...(unknown.length === 0 && restart !== undefined && policy !== undefined && policy !== restart
      ? [unsupported(`${path}.restartPolicy`, policy, [restart])]
      : []),
  ];
};
