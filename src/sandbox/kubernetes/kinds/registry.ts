/** The kinds that one cluster serves at the moment: the built-in ones and those of its established definitions. */
import { kindsOf } from "../crd/kinds.ts";
import type { Objects } from "../objects.ts";
import { builtInKinds } from "./built-in.ts";
import { type Kind, storageOf } from "./kind.ts";

export interface Kinds {
  all(): readonly Kind[];
  /** By URL: `apps`, `v1`, `deployments`. */
  byPath(group: string, version: string, plural: string): Kind | undefined;
  /** As objects name it: `apps/v1`, `Deployment`. */
  byName(apiVersion: string, kind: string): Kind | undefined;
  /** The version in which a storage (`apps/deployments`) is read in process. */
  byStorage(storage: string): Kind | undefined;
  /** The resource version from which on changes of a storage are known: 0 for what was there from the start. */
  servedSince(storage: string): number;
}

export const definitions = "apiextensions.k8s.io/customresourcedefinitions";

export const createKinds = (objects: Objects): Kinds => {
  let all: readonly Kind[] | undefined;
  const since = new Map<string, number>();
  objects.listen(({ storage, type, object, revision }) => {
    if (storage !== definitions) return;
    all = undefined;
    const [kind] = kindsOf(object);
    if (!kind) return;
    if (type === "deleted") since.delete(storageOf(kind));
    else if (!since.has(storageOf(kind))) since.set(storageOf(kind), revision);
  });
  const current = (): readonly Kind[] => {
    all ??= [...builtInKinds, ...objects.list(definitions).flatMap(kindsOf)];
    return all;
  };
  return {
    all: current,
    byPath: (group, version, plural) =>
      current().find((kind) => kind.group === group && kind.version === version && kind.plural === plural),
    byName: (apiVersion, name) =>
      current().find((kind) => kind.apiVersion === apiVersion && kind.kind === name),
    byStorage: (storage) => {
      const found = current().filter((kind) => `${kind.group}/${kind.plural}` === storage);
      return found.find((kind) => kind.custom?.storage) ?? found[0];
    },
    servedSince: (storage) => since.get(storage) ?? 0,
  };
};
