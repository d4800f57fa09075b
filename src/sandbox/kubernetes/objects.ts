/**
 * The stored objects of one cluster: numbered changes, a window of history for watches to start from, and listeners.
 * Objects are never changed in place; whoever reads one may keep it.
 */
import type { Change } from "./cluster-api.ts";
import type { KubernetesObject } from "./object.ts";
import type { ClusterState } from "./state.ts";

/** One change with the place it belongs to. */
export interface Entry extends Change {
  readonly revision: number;
  /** `apps/deployments`. */
  readonly storage: string;
}

export interface Objects {
  get(storage: string, namespace: string | undefined, name: string): KubernetesObject | undefined;
  /** In the order of namespace and name. */
  list(storage: string, namespace?: string): readonly KubernetesObject[];
  /** Every object with its storage. */
  all(): Iterable<readonly [storage: string, object: KubernetesObject]>;
  /** Stores the object with the next resource version, and returns it so. */
  put(storage: string, object: KubernetesObject): KubernetesObject;
  /** Removes the object and returns it as it is told to watches, with the next resource version. */
  remove(storage: string, object: KubernetesObject): KubernetesObject;
  revision(): number;
  /** Changes after a resource version; `undefined` when they are no longer known. */
  since(revision: number): readonly Entry[] | undefined;
  /** Called with each change at once. Returns how to end it. */
  listen(listener: (entry: Entry) => void): () => void;
}

/** Changes kept for watches that start in the past. */
const window = 5000;

/** Logs are kept by `changed`, which the caller also calls for them. */
export const createObjects = (state: ClusterState, changed: () => void): Objects => {
  const places = new Map<string, Map<string, KubernetesObject>>();
  const history: Entry[] = [];
  let oldest = state.revision;
  const listeners = new Set<(entry: Entry) => void>();

  const place = (storage: string): Map<string, KubernetesObject> => {
    let objects = places.get(storage);
    if (!objects) {
      objects = new Map();
      places.set(storage, objects);
    }
    return objects;
  };
  const key = (namespace: string | undefined, name: string) => `${namespace ?? ""}|${name}`;
  const keyOf = (object: KubernetesObject) => key(object.metadata.namespace, object.metadata.name);

  for (const [path, object] of Object.entries(state.objects)) {
    place(path.slice(0, path.indexOf("|"))).set(keyOf(object), object);
  }

  const record = (entry: Entry) => {
    history.push(entry);
    if (history.length > window) oldest = history.shift()?.revision ?? oldest;
    changed();
    for (const listener of [...listeners]) listener(entry);
  };
  const next = (object: KubernetesObject): KubernetesObject => {
    state.revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(state.revision) } };
  };

  return {
    get: (storage, namespace, name) => places.get(storage)?.get(key(namespace, name)),
    list: (storage, namespace) => {
      const objects = [...(places.get(storage)?.entries() ?? [])];
      const wanted = namespace
        ? objects.filter(([, item]) => item.metadata.namespace === namespace)
        : objects;
      return wanted.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    },
    *all() {
      for (const [storage, objects] of places)
        for (const object of [...objects.values()]) yield [storage, object];
    },
    put: (storage, object) => {
      const previous = place(storage).get(keyOf(object));
      const stored = next(object);
      place(storage).set(keyOf(object), stored);
      state.objects[`${storage}|${keyOf(object)}`] = stored;
      const type = previous ? "modified" : "added";
      record({ type, storage, object: stored, previous, revision: state.revision });
      return stored;
    },
    remove: (storage, object) => {
      const previous = place(storage).get(keyOf(object));
      place(storage).delete(keyOf(object));
      delete state.objects[`${storage}|${keyOf(object)}`];
      const last = next(object);
      record({ type: "deleted", storage, object: last, previous, revision: state.revision });
      return last;
    },
    revision: () => state.revision,
    since: (revision) =>
      revision < oldest ? undefined : history.filter((entry) => entry.revision > revision),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
