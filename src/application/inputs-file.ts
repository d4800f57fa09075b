/** Reads an inputs file: one YAML or JSON map of names to values, in the core schema. */
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "../step/failure.ts";
import { reasonOf } from "./file-errors.ts";
import type { Machine } from "./machine.ts";

const inputsSchema = z.record(z.string(), z.unknown());

export const readInputsFile = async (
  machine: Machine,
  file: string,
): Promise<ReadonlyMap<string, unknown>> => {
  const refuse = (message: string) =>
    new Failure({
      kind: "rejected",
      code: "P0432",
      message: `inputs file ${file}: ${message}`,
      hint: "it holds one value a line, as in `cluster: clu-demo`",
    });
  let text: string;
  try {
    text = await machine.readText(resolve(machine.directory, file));
  } catch (error) {
    throw refuse(reasonOf(error));
  }
  let data: unknown;
  try {
    data = parse(text, { schema: "core", stringKeys: true, maxAliasCount: 0 });
  } catch (error) {
    throw refuse(error instanceof Error ? (error.message.split("\n")[0] ?? "not YAML") : "not YAML");
  }
  const result = inputsSchema.safeParse(data ?? {});
  if (!result.success) throw refuse("not a map of names to values");
  return new Map(Object.entries(result.data));
};
