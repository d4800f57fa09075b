/** A step as everything but its author sees it: without the types of its own input and outputs. */
import type { Outputs, Step } from "../step/step.ts";

/**
 * The same step under the general type. A shallow copy, because the names in `volatile` tie a step's type to its
 * own outputs, and only a fresh object is compared part by part.
 */
export const erased = <Input, Output extends Outputs, Actual>(step: Step<Input, Output, Actual>): Step => ({
  ...step,
});

const methods = ["locate", "observe", "fields", "apply", "verify", "destroy"];

/** Whether what a file exports is a step: for code that was loaded, whose types nobody has checked. */
export const isStep = (value: unknown): value is Step => {
  if (typeof value !== "object" || value === null) return false;
  const parts = new Map<string, unknown>(Object.entries(value));
  return (
    typeof parts.get("type") === "string" &&
    typeof parts.get("version") === "number" &&
    typeof parts.get("summary") === "string" &&
    methods.every((method) => typeof parts.get(method) === "function") &&
    ["input", "output", "family", "predict"].every((part) => typeof parts.get(part) === "object")
  );
};
