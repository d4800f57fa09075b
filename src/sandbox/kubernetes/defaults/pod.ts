/** Defaults of pods and pod templates (`pkg/apis/core/v1/defaults.go`), which a second apply must find again. */
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";

/** Sets `object[name]` where nothing is there. */
export const fill = (object: JsonObject, values: JsonObject): void => {
  for (const [name, value] of Object.entries(values)) if (object[name] === undefined) object[name] = value;
};

/** The object at `object[name]`, made where it is missing. */
export const child = (object: JsonObject, name: string): JsonObject => {
  const known = object[name];
  if (isObject(known)) return known;
  const made: JsonObject = {};
  object[name] = made;
  return made;
};

/** Changes the pod spec in place. */
export const defaultPodSpec = (spec: JsonObject): void => {
  fill(spec, {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  });
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) fill(spec, { serviceAccountName: account, serviceAccount: account });
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers]) {
    for (const container of objectsOf(list)) defaultContainer(container, spec.hostNetwork === true);
  }
  for (const volume of objectsOf(spec.volumes)) defaultVolume(volume);
};

const defaultContainer = (container: JsonObject, hostNetwork: boolean): void => {
  const image = textOf(container.image) ?? "";
  const tag = /:([^/@]+)$/.exec(image.split("@")[0] ?? "")?.[1];
  const latest = (tag === undefined && !image.includes("@")) || tag === "latest";
  fill(container, {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
  });
  for (const port of objectsOf(container.ports)) {
    fill(port, { protocol: "TCP" });
    if (hostNetwork) fill(port, { hostPort: port.containerPort ?? 0 });
  }
  for (const env of objectsOf(container.env)) {
    const source = objectOf(env.valueFrom);
    if (isObject(source.fieldRef)) fill(source.fieldRef, { apiVersion: "v1" });
    if (isObject(source.resourceFieldRef)) fill(source.resourceFieldRef, { divisor: "0" });
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (!isObject(probe)) continue;
    fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    defaultHandler(probe);
  }
  const lifecycle = objectOf(container.lifecycle);
  defaultHandler(objectOf(lifecycle.postStart));
  defaultHandler(objectOf(lifecycle.preStop));
};

const defaultHandler = (handler: JsonObject): void => {
  if (isObject(handler.httpGet)) fill(handler.httpGet, { path: "/", scheme: "HTTP" });
  if (isObject(handler.grpc)) fill(handler.grpc, { service: "" });
};

const defaultVolume = (volume: JsonObject): void => {
  const mode = { defaultMode: 420 };
  if (Object.keys(volume).every((key) => key === "name")) volume.emptyDir = {};
  if (isObject(volume.secret)) fill(volume.secret, mode);
  if (isObject(volume.configMap)) fill(volume.configMap, mode);
  if (isObject(volume.hostPath)) fill(volume.hostPath, { type: "" });
  if (isObject(volume.downwardAPI)) {
    fill(volume.downwardAPI, mode);
    defaultFieldReferences(volume.downwardAPI);
  }
  if (isObject(volume.ephemeral)) {
    const template = objectOf(volume.ephemeral.volumeClaimTemplate);
    if (isObject(template.spec)) fill(template.spec, { volumeMode: "Filesystem" });
  }
  if (!isObject(volume.projected)) return;
  fill(volume.projected, mode);
  for (const source of objectsOf(volume.projected.sources)) {
    if (isObject(source.serviceAccountToken)) fill(source.serviceAccountToken, { expirationSeconds: 3600 });
    defaultFieldReferences(objectOf(source.downwardAPI));
  }
};

const defaultFieldReferences = (source: JsonObject): void => {
  for (const item of objectsOf(source.items)) {
    if (isObject(item.fieldRef)) fill(item.fieldRef, { apiVersion: "v1" });
  }
};
