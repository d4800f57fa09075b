/**
 * Our marks on Azure resources: who owns a thing (pipeline, instance, step), its step type, and its Ref. Tags hold
 * them; a role assignment, which has no tags, holds them in its description. Pure.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { groupIdOf, sameArmId } from "../../clients/azure/id.ts";
import type { Owner, Ref, Scope } from "../../step/ref.ts";
import { refSchema } from "../../step/ref.ts";
import { type Model, textAt, textsAt, withValue } from "./model.ts";

export type Tags = Readonly<Record<string, string>>;

export const markNames = {
  pipeline: "provision-pipeline",
  instance: "provision-instance",
  step: "provision-step",
  type: "provision-type",
  ref: "provision-ref",
} as const;

/** ARM refuses a tag's value that is longer. */
const longestTag = 256;

/** The tags that mark `ref` as `owner`'s. */
export const marksOf = (owner: Owner, ref: Ref): Tags => ({
  [markNames.pipeline]: owner.pipeline,
  [markNames.instance]: owner.instance,
  [markNames.step]: owner.step,
  [markNames.type]: ref.type,
  [markNames.ref]: refMark(ref),
});

/** The Ref without its parent, which its id holds already; a digest of the id where even that is too long. */
const refMark = ({ type, version, id }: Ref): string => {
  const text = JSON.stringify({ type, version, id });
  return text.length <= longestTag ? text : digestOf(id);
};

const digestOf = (id: string): string =>
  `sha256:${createHash("sha256").update(id.toLowerCase()).digest("hex")}`;

/** Tag names are compared without case, as ARM does. */
const tag = (tags: Tags, name: string): string | undefined =>
  Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1];

/** Whose a thing is; undefined where it carries no complete marks of ours. */
export const ownerOf = (tags: Tags | undefined): Owner | undefined => {
  if (!tags) return undefined;
  const pipeline = tag(tags, markNames.pipeline);
  const instance = tag(tags, markNames.instance);
  const step = tag(tags, markNames.step);
  if (pipeline === undefined || instance === undefined || step === undefined) return undefined;
  return { pipeline, instance, step };
};

/**
 * Where a marked thing lives. Undefined where its marks are those of another thing: AKS hands a cluster's tags on
 * to the load balancer, the addresses and the machines that it makes, and none of those is the cluster.
 */
export const refOf = (tags: Tags, id: string): Ref | undefined => {
  const type = tag(tags, markNames.type);
  const mark = tag(tags, markNames.ref);
  if (type === undefined || mark === undefined) return undefined;
  if (mark === digestOf(id)) return { type, version: 1, id, within: parentOf(id) };
  const parsed = parsedRef(mark);
  return parsed && sameArmId(parsed.id, id) ? { ...parsed, within: parentOf(parsed.id) } : undefined;
};

/** What an ARM resource lives in: the resource above it in its id, else its group. */
export const parentOf = (id: string): Ref | undefined => {
  const above = /^(.*\/providers\/[^/]+\/[^/]+\/[^/]+)\/[^/]+\/[^/]+$/i.exec(id)?.[1];
  if (above !== undefined) {
    const type = /\/dnsZones\/[^/]+$/i.test(above) ? "azure/dns-zone" : "azure/aks-cluster";
    return { type, version: 1, id: above, within: parentOf(above) };
  }
  const group = groupIdOf(id);
  return group === undefined || sameArmId(group, id)
    ? undefined
    : { type: "azure/resource-group", version: 1, id: group };
};

const parsedRef = (text: string): Ref | undefined => {
  try {
    return refSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const sameScope = (a: Scope, b: Scope): boolean =>
  a.pipeline === b.pipeline && a.instance === b.instance;

/** How a kind of resource carries our marks. */
export interface Marks {
  read(model: Model): Owner | undefined;
  write(model: Model, owner: Owner, ref: Ref): Model;
}

/** Marks in tags, which are at `path` in the model. */
export const tagMarks = (path: string): Marks => ({
  read: (model) => ownerOf(textsAt(model, path)),
  write: (model, owner, ref) => withValue(model, path, { ...textsAt(model, path), ...marksOf(owner, ref) }),
});

/** Marks in `properties.description`. */
export const descriptionMarks: Marks = {
  read: (model) => ownerOfDescription(textAt(model, "properties.description"))?.owner,
  write: (model, owner, ref) => withValue(model, "properties.description", descriptionOf(owner, ref.type)),
};

/** Entra allows about as many characters in a role assignment's description. */
const description = z.object({
  managed: z.literal("provision"),
  pipeline: z.string(),
  instance: z.string(),
  step: z.string(),
  type: z.string(),
});

/** A role assignment's description, as JSON that people can read too. */
export const descriptionOf = (owner: Owner, type: string): string =>
  JSON.stringify({
    managed: "provision",
    pipeline: owner.pipeline,
    instance: owner.instance,
    step: owner.step,
    type,
  });

/** The marks in a description; undefined for anybody else's text. */
export const ownerOfDescription = (
  text: string | null | undefined,
): { readonly owner: Owner; readonly type: string } | undefined => {
  if (!text?.startsWith("{")) return undefined;
  try {
    const parsed = description.safeParse(JSON.parse(text)).data;
    if (!parsed) return undefined;
    const { pipeline, instance, step, type } = parsed;
    return { owner: { pipeline, instance, step }, type };
  } catch {
    return undefined;
  }
};
