/** A pipeline's outputs, one a line. */
import type { Shown } from "../plan/plan.ts";
import { renderShown } from "./shown.ts";
import type { Style } from "./style.ts";

export const renderOutputs = (outputs: Readonly<Record<string, Shown>>, style: Style): string => {
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  return Object.entries(outputs)
    .map(([name, shown]) => `  ${style.strong(name.padEnd(width))}  ${renderShown(shown, style)}\n`)
    .join("");
};
