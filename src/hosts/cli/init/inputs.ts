/** The values that an environment's inputs file holds: what was given, and what tells the environments apart. */
import { instanceOf } from "../../../application/request.ts";
import { resolveInputs } from "../../../language/inputs.ts";
import type { InputDeclaration, Pipeline } from "../../../language/pipeline.ts";
import type { Scalar } from "../../../step/shape.ts";
import { usageFailure } from "../../usage.ts";

/** Inputs that somebody must give a value. */
export const requiredInputs = ({ inputs }: Pipeline): readonly InputDeclaration[] =>
  [...inputs.values()].filter((input) => input.default === undefined);

/**
 * The input that makes an instance of the pipeline: the first text that `instance` reads. Two environments with the
 * same instance would own, and change, the same things.
 */
export const instanceInput = (pipeline: Pipeline): InputDeclaration | undefined => {
  const values = new Map([...pipeline.inputs.values()].map((input) => [input.name, anyValue(input)]));
  const instance = instanceOf(pipeline, values);
  return [...pipeline.inputs.values()].find(
    ({ name, type }) =>
      type === "string" &&
      instanceOf(pipeline, new Map(values).set(name, `${values.get(name)}-`)) !== instance,
  );
};

const anyValue = ({ type, default: value }: InputDeclaration): Scalar => {
  if (value !== undefined) return value;
  switch (type) {
    case "string":
      return "";
    case "number":
      return 0;
    case "boolean":
      return false;
  }
};

/** Reads one value as `--input` would; tells what is wrong with it. */
export const readInput = (
  pipeline: Pipeline,
  { name, description, pattern }: InputDeclaration,
  value: string,
): { readonly value: Scalar } | { readonly wrong: string } => {
  const { inputs, diagnostics } = resolveInputs(pipeline, new Map([[name, { value, from: "--input" }]]));
  const read = inputs.get(name);
  if (read === "" && description !== undefined) return { wrong: `\`${name}\` needs a value: ${description}` };
  if (read !== undefined) return { value: read };
  const found = diagnostics.find(({ code }) => code !== "P0314");
  // An example in the description says more than a pattern does: it comes first.
  if (found?.code === "P0313" && description !== undefined)
    return {
      wrong: `\`${name}\` can't be ${JSON.stringify(value)}: ${description} (it must match \`${pattern}\`)`,
    };
  return { wrong: found?.message ?? `\`${name}\` needs a value` };
};

/** `name=value` words as a map; what names no input of the pipeline, or does not fit it, is a usage error. */
export const givenInputs = (pipeline: Pipeline, words: readonly string[]): ReadonlyMap<string, Scalar> => {
  const values = new Map<string, Scalar>();
  for (const word of words) {
    const at = word.indexOf("=");
    const declaration = pipeline.inputs.get(at < 0 ? word : word.slice(0, at));
    if (!declaration) {
      const names = [...pipeline.inputs.keys()].join(", ");
      throw usageFailure(`--input ${word} names no input of ${pipeline.name}`, `its inputs are ${names}`);
    }
    if (at < 0) throw usageFailure(`--input ${word} has no value`, `write it as \`--input ${word}=VALUE\``);
    const read = readInput(pipeline, declaration, word.slice(at + 1));
    if ("wrong" in read) throw usageFailure(read.wrong, "`provision init --help` shows examples");
    values.set(declaration.name, read.value);
  }
  return values;
};

/**
 * The inputs of one environment. What makes the instance gets the environment's name behind it, but where a person gave
 * it and there is one environment alone.
 */
export const environmentInputs = (
  pipeline: Pipeline,
  given: ReadonlyMap<string, Scalar>,
  environment: string,
  { alone }: { readonly alone: boolean },
): ReadonlyMap<string, Scalar> => {
  const own = instanceInput(pipeline);
  if (!own || (alone && given.has(own.name))) return given;
  const value = `${given.get(own.name) ?? own.default}-${environment}`;
  const read = readInput(pipeline, own, value);
  if ("wrong" in read) {
    throw usageFailure(
      read.wrong,
      `every environment adds its name to \`${own.name}\`: give a shorter one with \`--input ${own.name}=VALUE\``,
    );
  }
  return new Map([[own.name, read.value], ...[...given].filter(([name]) => name !== own.name)]);
};
