/**
 * Settings that are some entries of a map which others write too: tags (policies, people, AKS), labels of nodes. Which
 * of them are the pipeline's is remembered in a tag of ours, so that one that is dropped from the pipeline is planned
 * and removed, and an entry of anybody else never is.
 */
import type { Json } from "../../clients/azure/client.ts";
import { isObject, type Model, textsAt, withValue } from "./model.ts";
import type { Setting } from "./setting.ts";

/** Neither a tag's nor a label's name may hold it: ARM refuses it in the first, and a label has one at most. */
const separator = "//";

/** ARM refuses a tag's value that is longer. */
const longestValue = 256;

/** The names in as many tags as they need: `provision-tags`, `provision-tags-2`, … */
const marksFor = (mark: string, names: readonly string[]): Readonly<Record<string, string>> => {
  const values: string[] = [];
  for (const name of names) {
    const last = values.at(-1);
    const longer = last === undefined ? name : `${last}${separator}${name}`;
    if (last !== undefined && longer.length <= longestValue) values[values.length - 1] = longer;
    else values.push(name);
  }
  return Object.fromEntries(
    values.map((value, index) => [index === 0 ? mark : `${mark}-${index + 1}`, value]),
  );
};

export interface EntriesOf<Input> {
  readonly path: string;
  /** Where the map is in the model. */
  readonly at: string;
  /** Where the resource's tags are. */
  readonly tagsAt: string;
  /** The tag that remembers which entries are ours. */
  readonly mark: string;
  readonly desired: (input: Input) => Readonly<Record<string, string>>;
}

export const entriesSetting = <Input>({
  path,
  at,
  tagsAt,
  mark,
  desired,
}: EntriesOf<Input>): Setting<Input> => {
  const isMark = (tag: string): boolean => tag === mark || /^-\d+$/.test(tag.replace(mark, ""));
  const namesOf = (model: Model): readonly string[] =>
    Object.entries(textsAt(model, tagsAt)).flatMap(([tag, names]) =>
      isMark(tag) ? names.split(separator) : [],
    );
  return {
    path,
    at,
    desired,
    effect: "update",
    read: (model) => {
      const entries = textsAt(model, at);
      return Object.fromEntries(
        namesOf(model).flatMap((name) => {
          const value = entryOf(entries, name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
    },
    write: (model, value) => {
      const wanted = textsOf(value);
      const gone = new Set([...namesOf(model), ...Object.keys(wanted)].map((name) => name.toLowerCase()));
      const others = Object.entries(textsAt(model, at)).filter(([name]) => !gone.has(name.toLowerCase()));
      const written = withValue(model, at, { ...Object.fromEntries(others), ...wanted });
      const tags = Object.entries(textsAt(written, tagsAt)).filter(([tag]) => !isMark(tag));
      return withValue(written, tagsAt, {
        ...Object.fromEntries(tags),
        ...marksFor(mark, Object.keys(wanted)),
      });
    },
  };
};

/** ARM compares names of tags without case. */
const entryOf = (entries: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(entries).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const textsOf = (value: Json): Readonly<Record<string, string>> =>
  isObject(value) ? textsAt({ value }, "value") : {};

/** The user's own tags: our marks and the tags of others stay beside them. */
export const tagsSetting = <Input extends { readonly tags?: Readonly<Record<string, string>> | undefined }>(
  tagsAt = "tags",
): Setting<Input> =>
  entriesSetting<Input>({
    path: "tags",
    at: tagsAt,
    tagsAt,
    mark: "provision-tags",
    desired: ({ tags }) => tags ?? {},
  });
