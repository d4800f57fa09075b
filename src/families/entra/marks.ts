/**
 * Our marks in the directory. An application and a service principal carry them as tags, each `name=value`; a
 * federated credential, which has no tags, carries them in its description. Pure.
 */
import type { Owner, Scope } from "../../step/ref.ts";
import { markNames } from "../arm/marks.ts";

const names = [markNames.pipeline, markNames.instance, markNames.step, markNames.type] as const;

const tag = (name: string, value: string): string => `${name}=${value}`;

/** The tag that all objects of a pipeline carry, for searching. */
export const pipelineTag = ({ pipeline }: Pick<Scope, "pipeline">): string =>
  tag(markNames.pipeline, pipeline);

const isMark = (text: string): boolean => names.some((name) => text.startsWith(`${name}=`));

/** The tags with our marks in the place of earlier ones; those of others stay. */
export const withMarks = (tags: readonly string[], owner: Owner, type: string): readonly string[] => [
  ...tags.filter((each) => !isMark(each)),
  tag(markNames.pipeline, owner.pipeline),
  tag(markNames.instance, owner.instance),
  tag(markNames.step, owner.step),
  tag(markNames.type, type),
];

/** Whose an object is, and the step type that made it; undefined where it carries no complete marks of ours. */
export const ownerOfTags = (
  tags: readonly string[],
): { readonly owner: Owner; readonly type: string } | undefined => {
  const textOf = (name: string): string | undefined =>
    tags.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const [pipeline, instance, step, type] = names.map(textOf);
  if (pipeline === undefined || instance === undefined || step === undefined || type === undefined) {
    return undefined;
  }
  return { owner: { pipeline, instance, step }, type };
};
