/** `kubernetes/manifests`: objects written in the pipeline, in files or in a folder, applied and removed as one set. */
import { z } from "zod";
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import { draftFields } from "../../families/kubernetes/compare.ts";
import { type Draft, datumOf, draftName } from "../../families/kubernetes/draft.ts";
import { kubernetesFamily } from "../../families/kubernetes/family.ts";
import { type Inventory, readInventory, setId, without } from "../../families/kubernetes/inventory.ts";
import { draftOf, draftsIn, refuseDuplicates } from "../../families/kubernetes/manifest-text.ts";
import { ownerOf } from "../../families/kubernetes/marks.ts";
import { objectId, shownName } from "../../families/kubernetes/object-id.ts";
import { applySet, inOrder, removeSet } from "../../families/kubernetes/object-set.ts";
import { clusterIn, type LiveObjects, readObjects } from "../../families/kubernetes/objects-step.ts";
import { verdictOf } from "../../families/kubernetes/readiness.ts";
import { heldBy } from "../../families/kubernetes/removal.ts";
import { readSources, readSourcesThatAreThere, type Source } from "../../families/kubernetes/sources.ts";
import { clusterHandle, clusterRef, handle } from "../../step/handle.ts";
import { defineStep, type Field } from "../../step/step.ts";

const input = z.object({
  cluster: clusterHandle.describe("The cluster to apply the objects in."),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .max(40)
    .describe("Name of the set, unique in the pipeline: what it once applied and names no more is removed."),
  objects: z.array(z.json()).default([]).describe("Objects as JSON or YAML, with `apiVersion` and `kind`."),
  files: z
    .array(z.string().min(1))
    .default([])
    .describe("Files with one or more YAML or JSON documents, from the pipeline's folder."),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A folder whose `.yaml`, `.yml` and `.json` files are all applied; not those in folders below it.",
    ),
  takeOver: z
    .boolean()
    .default(false)
    .describe("Whether objects that exist already and are nobody's may be made ours."),
});

type Input = z.output<typeof input>;

const output = handle("manifests", {
  cluster: z.string().describe("Id of the cluster they are in, as in the cluster's handle."),
  name: z.string().describe("Name of the set."),
  objects: z.array(z.string()).describe("The set's objects, as in `Deployment web/shop`, sorted."),
});

interface Actual {
  readonly inventory: Inventory;
  readonly live: LiveObjects;
  /** What the files that were applied last hold now. */
  readonly sources: readonly Source[];
}

interface Sourced {
  readonly draft: Draft;
  readonly origin: string;
}

const inlineDraft = (wanted: Input, index: number): Sourced => {
  const origin = `objects[${index}]`;
  return { draft: draftOf(wanted.objects[index], origin), origin };
};

const draftsOf = (wanted: Input, sources: readonly Source[]): readonly Draft[] => {
  const sourced = [
    ...wanted.objects.map((_, index) => inlineDraft(wanted, index)),
    ...sources.flatMap(({ path, text }) => draftsIn(text, path).map((draft) => ({ draft, origin: path }))),
  ];
  refuseDuplicates(sourced);
  return inOrder(sourced.map(({ draft }) => draft));
};

/** Runs what may touch an unknown, or find a source that can't be read; `undefined` then. */
const known = <Result>(computation: () => Result): Result | undefined => {
  try {
    return computation();
  } catch {
    return undefined;
  }
};

/**
 * Pure, hence without a look at files: their contents come with `actual`, which holds what the files of the last
 * apply say today. A file that is named for the first time is a change by its name alone.
 */
const fields = (wanted: Input, actual: Actual | undefined): readonly Field[] => {
  const found: Field[] = [
    { path: "files", desired: () => wanted.files, actual: actual?.inventory.files, effect: "update" },
    {
      path: "folder",
      desired: () => wanted.folder ?? null,
      actual: actual ? (actual.inventory.folder ?? null) : undefined,
      effect: "update",
    },
  ];
  const drafts: Draft[] = [];
  let complete = true;
  const addDrafts = (path: string, read: () => readonly Draft[], shown: Field["desired"]) => {
    const read_ = known(read);
    if (read_) drafts.push(...read_);
    else {
      complete = false;
      found.push({ path, desired: shown, effect: "update" });
    }
  };
  const objects = known(() => wanted.objects);
  if (!objects)
    addDrafts(
      "objects",
      () => [],
      () => datumOf(wanted.objects),
    );
  objects?.forEach((_, index) => {
    const path = `objects[${index}]`;
    addDrafts(
      path,
      () => [inlineDraft(wanted, index).draft],
      () => datumOf(wanted.objects[index]),
    );
  });
  const named = known(() => [...wanted.files, wanted.folder ?? ""]);
  const stillNamed = (path: string): boolean =>
    named?.some((one) => one === path || (one !== "" && path.startsWith(`${one.replace(/\/$/, "")}/`))) ??
    false;
  for (const { path, text } of actual?.sources ?? []) {
    if (stillNamed(path))
      addDrafts(
        path,
        () => draftsIn(text, path),
        () => "is no valid manifest",
      );
  }
  for (const draft of drafts) {
    found.push(...draftFields(draft, actual?.live.get(objectId(draftName(draft)))));
  }
  if (!actual || !complete || !named) return found;
  for (const name of without(actual.inventory.objects, drafts.map(draftName))) {
    found.push({ path: shownName(name), desired: () => null, actual: "applied", effect: "update" });
  }
  return found;
};

const terminating = (live: LiveObjects): KubernetesObject | undefined =>
  [...live.values()].find((object) => object.metadata.deletionTimestamp !== undefined);

export default defineStep({
  type: "kubernetes/manifests",
  version: 1,
  summary: "Applies Kubernetes objects from the pipeline, from files or from a folder",
  input,
  output,
  family: kubernetesFamily,
  volatile: ["objects"],
  locate: ({ cluster, name }, { pipeline, instance }) => ({
    type: "kubernetes/manifests",
    version: 1,
    id: setId(pipeline, instance, name),
    within: clusterRef(cluster),
  }),
  predict: {
    cluster: ({ cluster }) => cluster.id,
    name: ({ name }) => name,
  },

  observe: async (context, ref) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const inventory = await readInventory(client, ref);
    if (!inventory) return { state: "absent" };
    const live = await readObjects(client, inventory.objects);
    const dying = terminating(live);
    if (dying) {
      const { apiVersion, kind, metadata } = dying;
      const name = shownName({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
      const held = heldBy(dying)[0];
      return { state: "busy", operation: `${name} is terminating${held ? `, held by ${held}` : ""}` };
    }
    return {
      state: "present",
      actual: {
        inventory,
        live,
        sources: await readSourcesThatAreThere(context.environment.directory, inventory),
      },
      output: {
        kind: "manifests",
        cluster: clusterIn(ref).id,
        name: ref.id.slice(ref.id.lastIndexOf("/") + 1),
        objects: inventory.objects.map(shownName).sort(),
      },
      owner: ownerOf(inventory.stored),
    };
  },

  fields,

  apply: async (context, ref, wanted) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const drafts = draftsOf(wanted, await readSources(context.environment.directory, wanted));
    const { files, folder, takeOver } = wanted;
    await applySet(context, client, ref, { drafts, sources: { files, folder }, takeOver });
  },

  verify: async (context, ref, wanted) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const drafts = draftsOf(wanted, await readSources(context.environment.directory, wanted));
    const live = await readObjects(client, drafts.map(draftName));
    const missing = drafts.find((draft) => !live.has(objectId(draftName(draft))));
    if (missing) {
      return {
        ready: false,
        reason: `${shownName(draftName(missing))} is not there`,
        worthWaiting: false,
        hint: "Run `provision up` again: it makes what is missing.",
      };
    }
    return verdictOf(client, [...live.values()]);
  },

  destroy: async (context, ref) => {
    await removeSet(context, await context.use(kubernetes(clusterIn(ref))), ref);
  },

  render: async (context, wanted) => {
    const drafts = draftsOf(wanted, await readSources(context.environment.directory, wanted));
    return { objects: drafts.map(draftName) };
  },
});
