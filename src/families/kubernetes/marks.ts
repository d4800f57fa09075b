/**
 * How an object in a cluster says whose it is: labels to find it by, annotations to read owner and Ref back from.
 * Labels alone can't hold them: their values are short and of few characters.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { KubernetesObject } from "../../clients/kubernetes/client.ts";
import { type Owner, type Ref, refSchema, type Scope } from "../../step/ref.ts";

export const markLabels = {
  pipeline: "provision.dev/pipeline",
  instance: "provision.dev/instance",
  step: "provision.dev/step",
  type: "provision.dev/type",
} as const;

export const markAnnotations = { ref: "provision.dev/ref", owner: "provision.dev/owner" } as const;

/** Every mark's key begins with this. */
export const markPrefix = "provision.dev/";

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const labelSyntax = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** The text where it is a label's value already, else its beginning and a hash of the whole: `<40>-<8 hex>`. */
export const labelValue = (text: string): string => {
  if (labelSyntax.test(text)) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const readable = text
    .slice(0, 40)
    .replace(/[^A-Za-z0-9_.-]/g, "-")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return readable ? `${readable}-${hash}` : hash;
};

export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const marksOf = (owner: Owner, ref: Ref): Marks => ({
  labels: {
    [markLabels.pipeline]: labelValue(owner.pipeline),
    [markLabels.instance]: labelValue(owner.instance),
    [markLabels.step]: labelValue(owner.step),
    [markLabels.type]: labelValue(ref.type.replaceAll("/", ".")),
  },
  annotations: {
    [markAnnotations.ref]: JSON.stringify(ref),
    [markAnnotations.owner]: JSON.stringify({
      pipeline: owner.pipeline,
      instance: owner.instance,
      step: owner.step,
    }),
  },
});

/** The object with our marks beside its own labels and annotations. */
export const withMarks = (object: KubernetesObject, marks: Marks): KubernetesObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...object.metadata.labels, ...marks.labels },
    annotations: { ...object.metadata.annotations, ...marks.annotations },
  },
});

const none = (keys: Readonly<Record<string, string>>): Readonly<Record<string, null>> =>
  Object.fromEntries(Object.values(keys).map((key) => [key, null]));

/** A merge patch that takes our marks off an object. */
export const withoutMarks = {
  metadata: { labels: none(markLabels), annotations: none(markAnnotations) },
} as const;

/** A label selector for all that a scope owns. */
export const selectorOf = (scope: Scope): string =>
  `${markLabels.pipeline}=${labelValue(scope.pipeline)},${markLabels.instance}=${labelValue(scope.instance)}`;

const ownerSchema = z.object({ pipeline: z.string(), instance: z.string(), step: z.string() });

const parseMark = <Mark>(schema: z.ZodType<Mark>, text: string | undefined): Mark | undefined => {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

type Marked = { readonly metadata: Pick<KubernetesObject["metadata"], "annotations" | "ownerReferences"> };

/** `undefined` where the object carries no marks of ours, or broken ones. */
export const ownerOf = (object: Marked): Owner | undefined =>
  parseMark(ownerSchema, object.metadata.annotations?.[markAnnotations.owner]);

export const refOf = (object: Marked): Ref | undefined =>
  parseMark(refSchema, object.metadata.annotations?.[markAnnotations.ref]);

/** Whether the owner acts for this scope. */
export const isOwnedBy = (owner: Owner | undefined, scope: Scope): boolean =>
  owner !== undefined && owner.pipeline === scope.pipeline && owner.instance === scope.instance;
