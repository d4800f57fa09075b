/** What a loaded step is known by without its code: its entry in the manifest. */
import type { ObjectShape, StepManifest } from "../step/shape.ts";
import type { Step } from "../step/step.ts";
import { shapeFromZod, UnsupportedSchema } from "./shape-from-zod.ts";

/**
 * The manifest entry of a step.
 * @throws UnsupportedSchema where input or output uses zod outside the closed subset, or is not an object.
 */
export const manifestOf = (step: Step): StepManifest => ({
  type: step.type,
  version: step.version,
  summary: step.summary,
  readOnly: step.readOnly ?? false,
  input: objectOf(step, "input"),
  output: objectOf(step, "output"),
  volatile: [...(step.volatile ?? [])],
});

const objectOf = (step: Step, side: "input" | "output"): ObjectShape => {
  const path = `${step.type} ${side}`;
  const shape = shapeFromZod(step[side], path);
  if (shape.kind === "object") return shape;
  throw new UnsupportedSchema(path, `must be an object, not ${shape.kind}`);
};
