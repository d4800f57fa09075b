/** Drift and health as Markdown, for a nightly job's summary or an issue: what differs, what does not work. */
import type { Plan, PlannedStep } from "../plan/plan.ts";
import type { FailureReport } from "../run/event.ts";
import { changeText } from "./change.ts";
import { cell, code, table } from "./markdown.ts";
import { createStyle, printable } from "./style.ts";

const plain = createStyle({ color: false, columns: 200, unicode: true });

interface IllStep {
  readonly step: string;
  readonly failure: Pick<FailureReport, "code" | "message" | "hint">;
}

/** `unverified`: ids of the steps that nobody could look at closer. */
export const renderStatusMarkdown = (
  plan: Plan,
  failures: readonly IllStep[],
  unverified: readonly string[] = [],
): string => {
  const ill = new Map(failures.map(({ step, failure }) => [step, failure]));
  const drifted = plan.steps.filter((step) => !ill.has(step.id) && differs(step));
  const { pipeline, instance } = plan.scope;
  return `${[
    `### Status: ${code(instance === pipeline ? pipeline : `${pipeline}/${instance}`)}`,
    ill.size === 0 && drifted.length === 0
      ? `All is well. Steps looked at: ${plan.steps.length}.`
      : summary(plan.steps.length, ill.size, drifted.length),
    ...(failures.length === 0 ? [] : [failures.flatMap(failureLines).join("\n")]),
    ...(drifted.length === 0
      ? []
      : [
          table(
            ["Step", "Type", "What differs"],
            drifted.map((step) => [code(step.id), code(step.type), cell(difference(step))]),
          ),
        ]),
    ...(unverified.length === 0
      ? []
      : [
          `Not verified, as what they read from a step that differs is open: ${unverified.map(code).join(", ")}.`,
        ]),
  ].join("\n\n")}\n`;
};

const summary = (steps: number, ill: number, drifted: number): string => {
  const parts = [
    ill === 0 ? undefined : `${ill} ${ill === 1 ? "does" : "do"} not work`,
    drifted === 0 ? undefined : `${drifted} ${drifted === 1 ? "differs" : "differ"} from the pipeline`,
  ];
  return `Of ${steps} ${steps === 1 ? "step" : "steps"}, ${parts.filter(Boolean).join(" and ")}.`;
};

const failureLines = ({ step, failure }: IllStep): readonly string[] => [
  `- ❌ **${failure.code}** ${code(step)}: ${cell(printable(failure.message))}`,
  ...(failure.hint === undefined ? [] : [`  - ${cell(printable(failure.hint))}`]),
];

const differs = ({ action }: PlannedStep): boolean => !["none", "read", "leave"].includes(action);

const difference = ({ action, changes, notes }: PlannedStep): string => {
  if (action === "create") return "not there";
  if (action === "decide-later") return notes.join("; ") || "not known";
  return changes.map((change) => changeText(change, plain)).join("; ");
};
