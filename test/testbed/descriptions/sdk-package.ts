/** An Azure SDK package as a checker of bodies: it says what is wrong with one that is to be one of its models. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { z } from "zod";
import { readDeclarations } from "./declarations.ts";
import { type Direction, modelSchemas } from "./model-schemas.ts";
import { namesOfMappers, namesOfReaders } from "./wire-names.ts";

/** What is wrong, as `/properties/sku: must be string`; empty where nothing is. */
export type Check = (model: string, direction: Direction, body: unknown) => readonly string[];

const modules = join(import.meta.dirname, "..", "..", "..", "node_modules");

/** Where packages of the older generator, with mappers, and of the newer one have their models. */
const layouts = {
  mappers: { declarations: "dist-esm/src/models/index.d.ts", code: "dist-esm/src/models/mappers.js" },
  readers: { declarations: "dist/esm/models/models.d.ts", code: "dist/esm/models/models.js" },
};

/** @param name As in `node_modules`. */
export const openSdkPackage = async (name: string, layout: keyof typeof layouts): Promise<Check> => {
  const { declarations: declared, code } = layouts[layout];
  const declarations = readDeclarations(await readFile(join(modules, name, declared), "utf8"));
  const file = join(modules, name, code);
  const names =
    layout === "mappers"
      ? namesOfMappers(
          z.record(z.string(), z.unknown()).parse({ ...(await import(pathToFileURL(file).href)) }),
        )
      : namesOfReaders(await readFile(file, "utf8"), declarations);
  const ajv = new Ajv({ allErrors: true, strict: false, inlineRefs: false });
  formats.default(ajv);
  for (const direction of ["answer", "request"] as const)
    ajv.addSchema({ $id: direction, ...Object(modelSchemas(declarations, names, direction)) });
  return (model, direction, body) => {
    if (!declarations.interfaces.has(model)) throw new Error(`${name} has no model ${model}`);
    const validate = ajv.getSchema(`${direction}#/definitions/${model}`);
    if (validate === undefined) throw new Error(`${name} has no schema of ${model}`);
    validate(body);
    return (validate.errors ?? [])
      .filter(({ keyword, params }) => keyword !== "anyOf" && params.type !== "null")
      .map(({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`);
  };
};
