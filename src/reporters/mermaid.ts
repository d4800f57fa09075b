/** A pipeline's graph as a Mermaid diagram and as text: what waits for what, and what runs at the same time. */
import { type DrawnStep, levels, reduced } from "./reduction.ts";
import type { Style } from "./style.ts";

/** For Markdown, without the fence. Ids are numbers of ours, since Mermaid reserves words such as `end`. */
export const renderGraph = (steps: readonly DrawnStep[]): string => {
  const names = new Map(steps.map((step, index) => [step.id, `s${index + 1}`]));
  const nodes = steps.map(
    (step) => `  ${names.get(step.id)}["${escaped(step.id)}<br/><small>${escaped(step.type)}</small>"]`,
  );
  const arrows = reduced(steps).flatMap((step) =>
    step.after.map((id) => `  ${names.get(id)} --> ${names.get(step.id)}`),
  );
  return `${["flowchart TD", ...nodes, ...arrows].join("\n")}\n`;
};

/** Mermaid's own entities: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
const escaped = (text: string): string =>
  text.replace(/[#"<>&`\\[\]{}|]/g, (character) => `#${character.codePointAt(0)};`).replace(/\s+/g, " ");

/** One line a step, numbered by level: those of one number run at the same time. */
export const renderTree = (steps: readonly DrawnStep[], style: Style): string => {
  const drawn = levels(reduced(steps));
  const id = Math.max(0, ...steps.map((step) => step.id.length));
  const type = Math.max(0, ...steps.map((step) => step.type.length));
  const number = String(drawn.length).length;
  return drawn
    .flatMap((level, index) =>
      level.map((step, position) => {
        const count = (position === 0 ? String(index + 1) : "").padStart(number);
        const after = step.after.length > 0 ? style.faint(`after ${step.after.join(", ")}`) : "";
        const head = `${style.faint(count)}  ${style.strong(step.id)}${" ".repeat(id - step.id.length)}`;
        return `${`${head}  ${step.type.padEnd(type)}  ${after}`.trimEnd()}\n`;
      }),
    )
    .join("");
};
