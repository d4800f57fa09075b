/**
 * Writes src/sandbox/kubernetes/kinds/types.generated.ts: the fields of the built-in kinds that the sandbox serves,
 * read from the models of @kubernetes/client-node. Run it by hand when that package moves to another release.
 */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { rootTypes } from "../src/sandbox/kubernetes/kinds/root-types.ts";

const models = join(
  dirname(createRequire(import.meta.url).resolve("@kubernetes/client-node/package.json")),
  "dist/gen/models",
);
const attributes = z.array(
  z.object({ name: z.string(), baseName: z.string(), type: z.string(), format: z.string() }),
);

const attributesOf = async (model: string) => {
  const text = await readFile(join(models, `${model}.js`), "utf8");
  const found = /attributeTypeMap = (\[[\s\S]*?\n\]|\[\]);/.exec(text);
  return attributes.parse(JSON.parse(found?.[1] ?? "[]"));
};

/** Names of models in a type: `Array<V1Container>` has one. */
const modelsIn = (type: string): string[] => type.match(/[A-Z][A-Za-z0-9]*/g)?.filter(isModel) ?? [];
const isModel = (name: string): boolean => !["Array", "Date", "IntOrString", "Set"].includes(name);

/** `Array<V1Container>` → `[V1Container]`, `{ [key: string]: string; }` → `{string}`. */
const compact = (type: string, format: string): string => {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list) return `[${compact(list[1] ?? "any", "")}]`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return `{${compact(map[1] ?? "any", "")}}`;
  if (type === "number") return format === "double" ? "number" : "integer";
  if (type === "Date" || type === "V1MicroTime") return "string";
  return type;
};

const types: Record<string, Record<string, string>> = {};
const open: string[] = [...rootTypes];
for (let model = open.pop(); model; model = open.pop()) {
  if (types[model] || model === "V1MicroTime") continue;
  const fields: Record<string, string> = {};
  types[model] = fields;
  for (const { baseName, type, format } of await attributesOf(model)) {
    fields[baseName] = compact(type, format);
    open.push(...modelsIn(type));
  }
}

const lines = Object.keys(types)
  .sort()
  .map((model) => `  ${model}: ${JSON.stringify(types[model])},`);
await writeFile(
  new URL("../src/sandbox/kubernetes/kinds/types.generated.ts", import.meta.url),
  `/** Written by scripts/generate-kubernetes-types.ts: fields of built-in types. \`[T]\` is a list, \`{T}\` a map. */
export const types: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${lines.join("\n")}\n};\n`,
);
