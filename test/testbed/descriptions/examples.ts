/** The recorded examples of a description, made to fit a sandbox, and what its answer lacks that the example's has. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { regionOf } from "../../../src/sandbox/arm/catalogue/regions.ts";

const exampleSchema = z.object({
  parameters: z.record(z.string(), z.unknown()),
  responses: z.record(z.string(), z.looseObject({ body: z.unknown().optional() })),
});

export type Example = z.output<typeof exampleSchema>;

export const readExample = async (file: string): Promise<Example> =>
  exampleSchema.parse(JSON.parse(await readFile(file, "utf8")));

/** A path of the description with an example's names, below the subscription. */
export const pathOf = (template: string, { parameters }: Example): string =>
  template
    .replace(/^\/subscriptions\/\{[^}]+\}/, "")
    .replaceAll(/\{([^}]+)\}/g, (_, name: string) => String(parameters[name] ?? name));

/** Examples are of regions that are not played, and of subscriptions of their own. */
export const fitted = (value: unknown, subscription: string): unknown => {
  const text = JSON.stringify(value).replaceAll(/\/subscriptions\/[^/"]+/g, subscription);
  return JSON.parse(text, (key, inner: unknown) =>
    key === "location" && typeof inner === "string" && !regionOf(inner) ? "eastus" : inner,
  );
};

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

export interface Difference {
  /** Paths of keys that only the example has. */
  readonly lacking: readonly string[];
  /** Paths whose values are of another JSON type than the example's. */
  readonly unlike: readonly string[];
}

/** Of lists the first entries are compared. */
export const differenceOf = (example: unknown, ours: unknown, at = ""): Difference => {
  if (kindOf(example) !== kindOf(ours)) {
    const isNone = example === null || ours === null;
    return { lacking: [], unlike: isNone ? [] : [`${at}: ${kindOf(example)}, not ${kindOf(ours)}`] };
  }
  if (Array.isArray(example) && Array.isArray(ours))
    return example.length === 0 || ours.length === 0
      ? { lacking: [], unlike: [] }
      : differenceOf(example[0], ours[0], `${at}[]`);
  if (kindOf(example) !== "object") return { lacking: [], unlike: [] };
  const [theirs, own] = [Object.entries(Object(example)), new Map(Object.entries(Object(ours)))];
  const parts = theirs.map(([key, value]) =>
    own.has(key)
      ? differenceOf(value, own.get(key), `${at}/${key}`)
      : { lacking: [`${at}/${key}`], unlike: [] },
  );
  return { lacking: parts.flatMap(({ lacking }) => lacking), unlike: parts.flatMap(({ unlike }) => unlike) };
};
