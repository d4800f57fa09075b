/** Reads an inputs file, or a block of inputs: one YAML or JSON map of names to values, in the core schema. */
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
  let text: string;
  try {
    text = await machine.readText(resolve(machine.directory, file));
  } catch (error) {
    throw refused(`inputs file ${file}`, reasonOf(error));
  }
  return parseInputs(text, `inputs file ${file}`);
};

const refused = (from: string, message: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0432",
    message: `${from}: ${message}`,
    hint: "it holds one value a line, as in `cluster: clu-demo`",
  });

/** `from`: what the text is, for messages. Fails with P0432. */
export const parseInputs = (text: string, from: string): ReadonlyMap<string, unknown> => {
  let data: unknown;
  try {
    data = parse(text, { schema: "core", stringKeys: true, maxAliasCount: 0 });
  } catch (error) {
    throw refused(from, error instanceof Error ? (error.message.split("\n")[0] ?? "not YAML") : "not YAML");
  }
  const result = inputsSchema.safeParse(data ?? {});
  if (!result.success) throw refused(from, "not a map of names to values");
  return new Map(Object.entries(result.data));
};
