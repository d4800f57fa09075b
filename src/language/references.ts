/** What names in expressions stand for: inputs, secrets, outputs of steps, and what is read from them. */
import { ContextAccess, type Expr, IndexAccess, Literal } from "@actions/expressions/ast";
import type { Shape } from "../step/shape.ts";
import type { Code } from "./codes.ts";
import type { StepOutline } from "./context.ts";
import type { InferredType, Surroundings } from "./infer.ts";
import type { Details } from "./report.ts";
import { describe, type Inferred, kindsOf, unionOf } from "./shapes.ts";
import type { Span } from "./source.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { chainOf, edges, staticKey } from "./tree.ts";
import { reservedNames } from "./yaml-tree.ts";

/** A step that may be switched off, and where it is referred to. */
export interface Absence {
  readonly step: string;
  readonly span: Span;
}

const contexts = ["inputs", "secrets", "steps", "name", "instance"];

/** GitHub's contexts that have no place here, with what to use instead. */
const elsewhere: Readonly<Record<string, string>> = {
  needs: "Outputs are read with `steps.<id>.outputs`.",
  env: "Declare an input, or a secret with `{ env: NAME }`.",
  vars: "Declare an input.",
  github: "A pipeline knows nothing of its host: declare an input and let the host give it.",
  runner: "A pipeline knows nothing of its host: declare an input and let the host give it.",
  job: "A pipeline has steps alone.",
  matrix: "A pipeline has no matrix: write each step, or declare an input.",
  strategy: "A pipeline has no matrix: write each step, or declare an input.",
};

/** The type of a name and what is read from it. `inferKey` gives the type of a computed index. */
export const inferReference = (
  expression: Expr,
  around: Surroundings,
  inferKey: (key: Expr) => InferredType,
): InferredType => {
  const { base, keys } = chainOf(expression);
  const reader = { around, inferKey };
  if (!(base instanceof ContextAccess)) {
    if (!(expression instanceof IndexAccess)) return { shape: undefined };
    const { shape, absent } = inferKey(base);
    return { shape: walk(shape, keys, reader), absent };
  }
  const span = around.spanOf(base.name);
  switch (base.name.lexeme) {
    case "inputs":
    case "secrets":
    case "steps": {
      const name = staticKey(keys[0]);
      if (typeof name !== "string")
        return failed(around, "P0215", span, `\`${base.name.lexeme}\` needs a name that is written out.`, {
          hint: `As in \`${base.name.lexeme}.name\`.`,
        });
      return named(base.name.lexeme, name, keys, span, reader);
    }
    case "name":
    case "instance":
      if (base.name.lexeme === "instance" && around.place.reads === "inputs")
        return failed(around, "P0214", span, `${around.place.name} reads inputs only.`);
      return { shape: walk({ kind: "string" }, keys, reader) };
    default:
      return failed(around, "P0205", span, `There is no \`${base.name.lexeme}\` here.`, {
        hint: () => contextHint(base.name.lexeme, around),
      });
  }
};

interface Reader {
  readonly around: Surroundings;
  readonly inferKey: (key: Expr) => InferredType;
}

const failed = (
  around: Surroundings,
  code: Code,
  span: Span,
  message: string,
  details?: Details,
): InferredType => {
  around.context.report.error(code, span, message, details);
  return { shape: undefined };
};

const contextHint = (name: string, { context }: Surroundings): string | undefined => {
  const told = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
  if (told !== undefined) return told;
  if (context.inputs.has(name)) return `Did you mean \`inputs.${name}\`?`;
  if (context.steps.has(name)) return `Did you mean \`steps.${name}.outputs\`?`;
  if (context.secrets.has(name)) return `Did you mean \`secrets.${name}\`?`;
  return didYouMean(name, contexts);
};

const named = (
  kind: "inputs" | "secrets" | "steps",
  name: string,
  keys: readonly Expr[],
  contextSpan: Span,
  reader: Reader,
): InferredType => {
  const { around } = reader;
  const { context, place } = around;
  const span = keySpan(keys[0], around) ?? contextSpan;
  if (kind !== "inputs" && place.reads === "inputs")
    return failed(around, "P0214", contextSpan, `${place.name} reads inputs only.`, {
      hint: "It must be known before anything runs.",
    });
  switch (kind) {
    case "inputs": {
      const shape = context.inputs.get(name);
      if (!shape)
        return failed(around, "P0208", span, `There is no input \`${name}\`.`, {
          hint: () => didYouMean(name, context.inputs.keys()) ?? "Declare it under `inputs`.",
        });
      return { shape: walk(shape, keys.slice(1), reader) };
    }
    case "secrets":
      if (!context.secrets.has(name))
        return failed(around, "P0209", span, `There is no secret \`${name}\`.`, {
          hint: () => didYouMean(name, context.secrets.keys()) ?? "Declare it under `secrets`.",
        });
      context.usedSecrets.add(name);
      return { shape: walk({ kind: "secret" }, keys.slice(1), reader) };
    case "steps":
      return outputs(name, keys, span, reader);
  }
};

const outputs = (id: string, keys: readonly Expr[], span: Span, reader: Reader): InferredType => {
  const { around } = reader;
  const { context, place } = around;
  const step = context.steps.get(id);
  if (!step)
    return failed(around, "P0210", span, `There is no step \`${id}\`.`, {
      hint: () => didYouMean(id, context.steps.keys()),
    });
  if (step.id === place.step?.id)
    return failed(around, "P0212", span, `Step \`${id}\` reads its own outputs.`, {
      hint: "What a step makes is known only after it; use an input for what goes in.",
    });
  place.onStep?.(id, context.source.locate(span));
  const part = staticKey(keys[1]);
  if (part !== "outputs") return notOutputs(step, part, keySpan(keys[1], around) ?? span, around);
  if (!step.manifest) return { shape: undefined };
  const shape = walk(step.manifest.output, keys.slice(2), reader, `step \`${id}\``, true);
  const given = new Set(place.step?.conjuncts);
  const certain = step.conjuncts.every((conjunct) => given.has(conjunct));
  return { shape, absent: certain ? undefined : { step: id, span } };
};

const notOutputs = (
  step: StepOutline,
  part: string | number | undefined,
  span: Span,
  around: Surroundings,
): InferredType => {
  if (part === undefined)
    return failed(around, "P0215", span, `\`steps.${step.id}\` alone has no value.`, {
      hint: `Write \`steps.${step.id}.outputs\`.`,
    });
  const known = step.manifest?.output.properties ?? {};
  return failed(around, "P0211", span, `A step has \`outputs\`, and no \`${part}\`.`, {
    hint: () => {
      const output = nearest(String(part), Object.keys(known));
      return output === undefined || nearest(String(part), ["outputs"])
        ? `Write \`steps.${step.id}.outputs\`.`
        : `Did you mean \`steps.${step.id}.outputs.${output}\`?`;
    },
  });
};

const keySpan = (key: Expr | undefined, around: Surroundings): Span | undefined => {
  const found = key && edges(key);
  return found && { start: around.spanOf(found[0]).start, end: around.spanOf(found[1]).end };
};

/** The type of what is read from a value, key by key. `first`: an optional property may be read, and may be null. */
const walk = (
  from: Inferred,
  keys: readonly Expr[],
  reader: Reader,
  owner = "this value",
  first = false,
): Inferred => {
  let shape = from;
  for (const [index, key] of keys.entries()) {
    if (!shape) return undefined;
    shape = step(shape, key, reader, index === 0 ? owner : "this value", first && index === 0);
  }
  return shape;
};

const step = (shape: Shape, key: Expr, reader: Reader, owner: string, optional: boolean): Inferred => {
  const { around, inferKey } = reader;
  const span = keySpan(key, around) ?? { start: 0, end: 0 };
  const name = staticKey(key);
  const fail = (code: Code, message: string, details?: Details): Inferred =>
    failed(around, code, span, message, details).shape;
  if (typeof name === "string" && reservedNames.has(name))
    return fail("P0217", `\`${name}\` cannot be read.`);
  const computed = key instanceof Literal ? undefined : inferKey(key).shape;
  const kinds = computed && kindsOf(computed);
  switch (shape.kind) {
    case "json":
      return shape;
    case "record":
      return typeof name === "number" ? fail("P0211", "A map is read by name.") : shape.values;
    case "array":
      if (typeof name === "number" && Number.isInteger(name) && name >= 0) return shape.items;
      if (name === undefined && (!kinds || kinds === "any" || kinds.has("number"))) return shape.items;
      return fail("P0221", "A list is read by an item's number, from 0.", { hint: "As in `[0]`." });
    case "object": {
      if (name === undefined)
        return fail("P0215", `A property of ${owner} must be written out.`, {
          hint: "Only lists and free maps take a computed one.",
        });
      const property = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
      if (!property)
        return fail(
          "P0211",
          `There is no \`${name}\` in ${owner === "this value" ? describe(shape) : `the outputs of ${owner}`}.`,
          {
            hint: () => didYouMean(String(name), Object.keys(shape.properties)),
          },
        );
      return property.required || !optional ? property.shape : unionOf([property.shape, { kind: "null" }]);
    }
    case "union": {
      const results = shape.options.map((option) => step(option, key, reader, owner, optional));
      const known = results.filter((result) => result !== undefined);
      return known.length === results.length ? unionOf(known) : undefined;
    }
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "secret":
      return fail("P0211", `There is nothing to read in ${describe(shape)}.`);
  }
};
