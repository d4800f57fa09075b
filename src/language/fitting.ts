/** Which reference would fit: for the hint of a value that does not. */
import type { Shape } from "../step/shape.ts";
import { mismatch } from "./assign.ts";
import type { CheckContext, Place, StepOutline } from "./context.ts";
import { limits } from "./limits.ts";

/**
 * A hint that names what fits: another output of the step that was written, else the outputs of another step, else
 * an input or secret of the property's own name.
 *
 * @param property The name of what is needed: among several outputs the one of that name is meant.
 * @param written The value as it stands in the file.
 */
export const fittingReference = (
  shape: Shape,
  property: string,
  context: CheckContext,
  place: Place,
  written = "",
): string | undefined => {
  const named = /steps\.([A-Za-z][\w-]*)\.outputs/.exec(written)?.[1];
  const step = named === undefined ? undefined : context.steps.get(named);
  const own = step && outputsThatFit(step, shape, property);
  if (own !== undefined) return `\`${own}\` fits.`;
  const handle = handleOf(shape);
  if (handle !== undefined && place.reads === "everything") {
    let looked = 0;
    for (const other of context.steps.values()) {
      if (++looked > limits.suggestionCandidates) break;
      if (other.id === place.step?.id || other.manifest?.output.handle !== handle) continue;
      if (!mismatch(other.manifest.output, shape)) return `\`steps.${other.id}.outputs\` fits.`;
    }
    const makers = Object.values(context.manifest).filter((manifest) => manifest.output.handle === handle);
    if (makers.length > 0)
      return `Made by ${makers
        .slice(0, 4)
        .map((manifest) => `\`${manifest.type}\``)
        .join(", ")}.`;
    return undefined;
  }
  if (shape.kind === "secret" && place.reads === "everything")
    return context.secrets.has(property) ? `\`secrets.${property}\` fits.` : undefined;
  const input = context.inputs.get(property);
  return input && !mismatch(input, shape) ? `\`inputs.${property}\` fits.` : undefined;
};

const outputsThatFit = (step: StepOutline, shape: Shape, property: string): string | undefined => {
  const outputs = step.manifest?.output;
  if (!outputs) return undefined;
  if (outputs.handle !== undefined && outputs.handle === handleOf(shape)) return `steps.${step.id}.outputs`;
  const names = Object.entries(outputs.properties)
    .filter(
      ([, output]) => output.required && output.shape.kind !== "literal" && output.shape.kind !== "json",
    )
    .filter(([, output]) => !mismatch(output.shape, shape))
    .map(([name]) => name);
  const name = names.find((candidate) => candidate === property) ?? names[0];
  return name === undefined ? undefined : `steps.${step.id}.outputs.${name}`;
};

const handleOf = (shape: Shape): string | undefined => {
  if (shape.kind === "object") return shape.handle;
  if (shape.kind === "array") return handleOf(shape.items);
  return shape.kind === "union"
    ? shape.options.map(handleOf).find((handle) => handle !== undefined)
    : undefined;
};
