/** Drift and health as Markdown, for a nightly job's summary or an issue: what differs, what does not work. */
import type { Plan, PlannedStep } from "../plan/plan.ts";
import type { Failure } from "../step/failure.ts";
import { changeText } from "./change.ts";
import { cell, code, table } from "./markdown.ts";
import { createStyle, printable } from "./style.ts";

const plain = createStyle({ color: false, columns: 200, unicode: true });

export const renderStatusMarkdown = (
  plan: Plan,
  failures: readonly {
    readonly step: string;
    readonly failure: Pick<Failure, "code" | "message" | "hint">;
  }[],
): string => {
  const ill = new Map(failures.map(({ step, failure }) => [step, failure]));
  const drifted = plan.steps.filter((step) => !ill.has(step.id) && differs(step));
  const { pipeline, instance } = plan.scope;
  return `${[
    `### Status: ${code(instance === pipeline ? pipeline : `${pipeline}/${instance}`)}`,
    ill.size === 0 && drifted.length === 0
      ? `All ${plan.steps.length} steps are as wanted, and work.`
      : `${ill.size} not working, ${drifted.length} not as wanted, of ${plan.steps.length} steps.`,
    ...failures.map(
      ({ step, failure }) =>
        `- ❌ **${failure.code}** ${code(step)}: ${cell(printable(failure.message))}${failure.hint === undefined ? "" : ` ${cell(printable(failure.hint))}`}`,
    ),
    ...(drifted.length === 0
      ? []
      : [
          table(
            ["Step", "Type", "What differs"],
            drifted.map((step) => [code(step.id), code(step.type), cell(difference(step))]),
          ),
        ]),
  ].join("\n\n")}\n`;
};

const differs = ({ action }: PlannedStep): boolean => !["none", "read", "leave"].includes(action);

const difference = ({ action, changes, notes }: PlannedStep): string => {
  if (action === "create") return "not there";
  if (action === "decide-later") return notes.join("; ") || "not known";
  return changes.map((change) => changeText(change, plain)).join("; ");
};
