/** How an Azure SDK spells its properties on the wire: from its mappers, or from the functions that read answers. */
import { z } from "zod";
import type { Declarations } from "./declarations.ts";

export interface WireProperty {
  /** Keys from the body inwards: `properties`, `ipAddress`. */
  readonly path: readonly string[];
  /** JSON Schema keywords of the service's limits. */
  readonly limits: Readonly<Record<string, unknown>>;
}

/** Of each interface, by the SDK's spelling of the property. */
export type WireNames = ReadonlyMap<string, ReadonlyMap<string, WireProperty>>;

const mapperSchema = z.object({
  type: z.object({
    name: z.literal("Composite"),
    className: z.string(),
    modelProperties: z.record(
      z.string(),
      z.looseObject({
        serializedName: z.string(),
        constraints: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});

/** https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/core/core-client/src/interfaces.ts, `MapperConstraints`. */
const keywords: Readonly<Record<string, string>> = {
  InclusiveMinimum: "minimum",
  InclusiveMaximum: "maximum",
  ExclusiveMinimum: "exclusiveMinimum",
  ExclusiveMaximum: "exclusiveMaximum",
  MinLength: "minLength",
  MaxLength: "maxLength",
  MinItems: "minItems",
  MaxItems: "maxItems",
};

const limitsOf = (constraints: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(constraints).flatMap(([name, value]) => {
      const keyword = keywords[name];
      return keyword === undefined ? [] : [[keyword, value]];
    }),
  ),
  ...(constraints.Pattern instanceof RegExp ? { pattern: constraints.Pattern.source } : {}),
});

/** @param exported What a package's `mappers` module exports. */
export const namesOfMappers = (exported: Readonly<Record<string, unknown>>): WireNames =>
  new Map(
    Object.values(exported).flatMap((value) => {
      const mapper = mapperSchema.safeParse(value).data?.type;
      if (!mapper) return [];
      const properties = Object.entries(mapper.modelProperties).map(
        ([name, { serializedName, constraints }]) =>
          [
            name,
            {
              path: serializedName.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", ".")),
              limits: limitsOf(constraints),
            },
          ] as const,
      );
      return [[mapper.className, new Map(properties)] as const];
    }),
  );

const functionPattern =
  /^(?:export )?function (\w+Deserializer)\(item\) \{\n {4}return \{\n([\s\S]*?)^ {4}\};/gm;
const entryPattern = /^ {8}(?:(\w+): |\.\.\.)([\s\S]*?),?$(?=\n {8}(?:\w+: |\.\.\.)|\n*$(?![\s\S]))/gm;

/** @param text A `models.js` as the TypeSpec generator writes it. */
export const namesOfReaders = (text: string, { results }: Declarations): WireNames => {
  const bodies = new Map([...text.matchAll(functionPattern)].map(([, name = "", body = ""]) => [name, body]));
  const read = (name: string, outer: readonly string[]): readonly (readonly [string, WireProperty])[] =>
    [...(bodies.get(name) ?? "").matchAll(entryPattern)].flatMap(([, property, value = ""]) => {
      const key = /item\["([^"]+)"\]/.exec(value)?.[1] ?? property ?? "";
      if (property !== undefined) return [[property, { path: [...outer, key], limits: {} }] as const];
      const inner = /(\w+Deserializer)\(item/.exec(value)?.[1];
      return inner === undefined ? [] : read(inner, [...outer, key]);
    });
  return new Map([...results].map(([name, type]) => [type, new Map(read(name, []))]));
};
