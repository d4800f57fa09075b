/** The values of a pipeline's inputs for one run: what was given, converted and checked, and defaults for the rest. */
import type { Scalar } from "../step/shape.ts";
import { matches } from "./assign.ts";
import type { Code } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { InputDeclaration, Pipeline } from "./pipeline.ts";
import { didYouMean } from "./suggest.ts";

export interface GivenInput {
  /** A string, as the command line gives it, or a value with its type, from a file. */
  readonly value: unknown;
  /** Where it was given, for messages: `--input`, `dev.yaml`. */
  readonly from: string;
}

export interface ResolvedInputs {
  /** Every declared input that has a value; complete where there are no diagnostics. */
  readonly inputs: ReadonlyMap<string, Scalar>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks what is given against the declarations. Texts are converted to the declared type. */
export const resolveInputs = (pipeline: Pipeline, given: ReadonlyMap<string, GivenInput>): ResolvedInputs => {
  const inputs = new Map<string, Scalar>();
  const diagnostics: Diagnostic[] = [];
  const report = (
    code: Code,
    message: string,
    declaration: InputDeclaration | undefined,
    hint: string | undefined,
  ): void => {
    diagnostics.push({
      code,
      severity: "error",
      message,
      location: (declaration ?? pipeline).location,
      related: [],
      ...(hint === undefined ? {} : { hint }),
    });
  };

  for (const [name, { from }] of given)
    if (!pipeline.inputs.has(name)) {
      const hint = didYouMean(name, pipeline.inputs.keys());
      report("P0315", `There is no input \`${name}\` (from ${from}).`, undefined, hint);
    }
  for (const [name, declaration] of pipeline.inputs) {
    const entry = given.get(name);
    if (!entry) {
      if (declaration.default !== undefined) inputs.set(name, declaration.default);
      else report("P0314", `Input \`${name}\` has no value.`, declaration, howToGive(declaration));
      continue;
    }
    const value = convert(entry.value, declaration.type);
    if (value === undefined)
      report(
        "P0311",
        `Input \`${name}\` is of type ${declaration.type}, and ${shown(entry.value)} (from ${entry.from}) is not.`,
        declaration,
        typeHint(declaration, entry),
      );
    else if (declaration.values && !declaration.values.includes(value))
      report(
        "P0312",
        `Input \`${name}\` is one of ${declaration.values.map(shown).join(", ")}, and not ${shown(value)} (from ${entry.from}).`,
        declaration,
        didYouMean(String(value), declaration.values.map(String)),
      );
    else if (declaration.pattern !== undefined && !matches(declaration.pattern, String(value)))
      report(
        "P0313",
        `Input \`${name}\` must match \`${declaration.pattern}\`, and ${shown(value)} (from ${entry.from}) does not.`,
        declaration,
        declaration.description,
      );
    else inputs.set(name, value);
  }
  return { inputs, diagnostics };
};

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

const convert = (value: unknown, type: InputDeclaration["type"]): Scalar | undefined => {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "number":
      if (typeof value === "string" && numeric.test(value.trim())) return Number(value);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "boolean":
      if (value === "true" || value === true) return true;
      return value === "false" || value === false ? false : undefined;
  }
};

const howToGive = ({ name, description, type }: InputDeclaration): string => {
  const example = type === "string" ? "…" : type === "number" ? "1" : "true";
  const command = `Give it with \`--input ${name}=${example}\`, in a file with \`--inputs\`, or declare a default.`;
  return description === undefined ? command : `${description} ${command}`;
};

const typeHint = ({ name, type }: InputDeclaration, { value, from }: GivenInput): string => {
  if (type === "string" && value !== null && typeof value !== "object") return `Put it in quotes in ${from}.`;
  return `Correct \`${name}\` in ${from}${type === "boolean" ? ": `true` or `false`" : ""}.`;
};

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
