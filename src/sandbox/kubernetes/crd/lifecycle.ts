/** A CustomResourceDefinition after it is stored: established soon after, and emptied before it goes. */
import type { Behaviour } from "../behaviour.ts";
import type { Cluster } from "../cluster.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { dropFinalizer } from "../garbage.ts";
import { at, type Json, type JsonObject, listOf, objectOf, objectsOf, textOf } from "../json.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import { timeText } from "../time.ts";
import { cleanup } from "../write/delete.ts";
import { isEstablished } from "./kinds.ts";

/** How long a real server takes until it serves a new kind, in milliseconds. */
const establishing = 300;

/** Its field manager. */
const manager = "kube-apiserver";

const storageVersion = (definition: KubernetesObject): string | undefined =>
  textOf(objectsOf(at(definition, "spec", "versions")).find((version) => version.storage === true)?.name);

export const createDefinitionController = (cluster: Cluster): Behaviour => ({
  name: manager,
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
        api.setStatus(
          nameOf(object),
          (current, definition) =>
            objectsOf(current.conditions).length > 0
              ? current
              : { ...current, ...named(definition, rivalsOf(api, definition), timeText(api.pace.now())) },
          manager,
        );
      });
      return;
    }
    const version = storageVersion(object);
    const stored = Array.isArray(status.storedVersions) ? status.storedVersions : [];
    if (version !== undefined && !stored.includes(version)) {
      const storedVersions = [...stored, version];
      api.setStatus(nameOf(object), (current) => ({ ...current, storedVersions }), manager);
    }
    if (!isEstablished(object)) return;
    const acceptedNames = objectOf(at(object, "spec", "names"));
    api.setStatus(nameOf(object), (current) => ({ ...current, acceptedNames }), manager);
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

/** The names that other definitions of the group have already. */
const rivalsOf = (api: ClusterApi, definition: KubernetesObject): ReadonlySet<Json | undefined> => {
  const others = api
    .list({ apiVersion: definition.apiVersion, kind: definition.kind })
    .filter(
      (other) =>
        other.metadata.name !== definition.metadata.name &&
        at(other, "spec", "group") === at(definition, "spec", "group"),
    );
  return new Set(
    others.flatMap((other) => {
      const { plural, singular, shortNames, kind, listKind } = objectOf(at(other, "status", "acceptedNames"));
      return [plural, singular, ...listOf(shortNames), kind, listKind];
    }),
  );
};

const condition = (
  type: string,
  isTrue: boolean,
  time: string,
  reason: string,
  message: string,
): JsonObject => ({
  type,
  status: isTrue ? "True" : "False",
  lastTransitionTime: time,
  reason,
  message,
});

/** The status of a definition whose names are looked at: all of them must be free for it to be established. */
const named = (
  definition: KubernetesObject,
  taken: ReadonlySet<Json | undefined>,
  time: string,
): JsonObject => {
  const names = objectOf(at(definition, "spec", "names"));
  const found = (["plural", "singular", "shortNames", "kind", "listKind"] as const).flatMap((field) => {
    const name = [names[field] ?? []].flat().find((value) => taken.has(value));
    return name === undefined ? [] : [{ field, name }];
  });
  const last = found.at(-1);
  if (!last) {
    return {
      conditions: [
        condition("NamesAccepted", true, time, "NoConflicts", "no conflicts found"),
        condition("Established", true, time, "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      acceptedNames: names,
    };
  }
  const reason = `${last.field.charAt(0).toUpperCase()}${last.field.slice(1)}Conflict`;
  const conflicting = new Set<string>(found.map(({ field }) => field));
  const accepted = Object.entries(names).filter(([field]) => !conflicting.has(field));
  return {
    conditions: [
      condition("NamesAccepted", false, time, reason, `${JSON.stringify(last.name)} is already in use`),
      condition("Established", false, time, "NotAccepted", "not all names are accepted"),
    ],
    acceptedNames: { plural: "", kind: "", ...Object.fromEntries(accepted) },
  };
};
