/** A CustomResourceDefinition after it is stored: established soon after, and emptied before it goes. */
import type { Behaviour } from "../behaviour.ts";
import type { Cluster } from "../cluster.ts";
import { dropFinalizer } from "../garbage.ts";
import { at, type JsonObject, objectOf, objectsOf, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { cleanup } from "../write/delete.ts";

/** How long a real server takes until it serves a new kind, in milliseconds. */
const establishing = 300;

const storageVersion = (definition: KubernetesObject): string | undefined =>
  textOf(objectsOf(at(definition, "spec", "versions")).find((version) => version.storage === true)?.name);

export const createDefinitionController = (cluster: Cluster): Behaviour => ({
  name: "kube-apiserver",
  reconcile: (api, { type, object }) => {
    if (object.kind !== "CustomResourceDefinition" || type === "deleted") return;
    if (object.metadata.deletionTimestamp !== undefined) {
      const storage = `${textOf(at(object, "spec", "group"))}/${textOf(at(object, "spec", "names", "plural"))}`;
      const items = cluster.objects.list(storage);
      for (const item of items) {
        if (item.metadata.deletionTimestamp === undefined) api.delete(nameOf(item));
      }
      if (cluster.objects.list(storage).length === 0) dropFinalizer(api, object, cleanup);
      return;
    }
    const status = objectOf(object.status);
    if (objectsOf(status.conditions).length === 0) {
      api.pace.after(establishing, () => {
        api.setStatus(nameOf(object), (current, definition) =>
          objectsOf(current.conditions).length > 0
            ? current
            : { ...current, ...established(definition, timeText(api.pace.now())) },
        );
      });
      return;
    }
    const version = storageVersion(object);
    const stored = Array.isArray(status.storedVersions) ? status.storedVersions : [];
    if (version !== undefined && !stored.includes(version)) {
      api.setStatus(nameOf(object), (current) => ({ ...current, storedVersions: [...stored, version] }));
    }
    const names = objectOf(at(object, "spec", "names"));
    api.setStatus(nameOf(object), (current) => ({ ...current, acceptedNames: names }));
  },
});

/** Told of objects that go, so that a definition that waits for its last one can go, too. */
export const createDefinitionCleaner = (cluster: Cluster): Behaviour => ({
  name: "kube-apiserver-cleanup",
  reconcile: (api, { type, object }) => {
    if (type !== "deleted" || !object.apiVersion.includes(".")) return;
    for (const definition of api.list({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
    })) {
      if (definition.metadata.deletionTimestamp === undefined) continue;
      const storage = `${textOf(at(definition, "spec", "group"))}/${textOf(at(definition, "spec", "names", "plural"))}`;
      if (cluster.objects.list(storage).length === 0) dropFinalizer(api, definition, cleanup);
    }
  },
});

const established = (definition: KubernetesObject, time: string): JsonObject => {
  const version = storageVersion(definition);
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: "True",
    lastTransitionTime: time,
    reason,
    message,
  });
  return {
    conditions: [
      condition("NamesAccepted", "NoConflicts", "no conflicts found"),
      condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ],
    acceptedNames: objectOf(at(definition, "spec", "names")),
    storedVersions: version === undefined ? [] : [version],
  };
};
