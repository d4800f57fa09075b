/** A plan as text: one line a step, what changes below it, outputs, a summary. */
import { countActions, type Plan, type PlannedChange, type PlannedStep, sign } from "../plan/plan.ts";
import { changeText } from "./change.ts";
import { renderOutputs } from "./outputs.ts";
import { placeOf } from "./place.ts";
import { renderShown } from "./shown.ts";
import { type Style, wrap } from "./style.ts";

export const renderPlan = (plan: Plan, style: Style): string => {
  const { pipeline, instance } = plan.scope;
  const title = [
    style.strong(instance === pipeline ? pipeline : `${pipeline}/${instance}`),
    plan.command === "destroy" ? "destroy" : undefined,
    plan.offline ? style.faint("offline: as if nothing existed yet") : undefined,
  ];
  const width = Math.max(0, ...plan.steps.map((step) => step.id.length));
  const types = Math.max(0, ...plan.steps.map((step) => step.type.length));
  return [
    title.filter(Boolean).join("  "),
    "",
    ...plan.steps.flatMap((step) => stepLines(step, width, types, style)),
    ...orphanLines(plan, style),
    ...(Object.keys(plan.outputs).length > 0 && plan.command === "up"
      ? ["", "Outputs:", renderOutputs(plan.outputs, style).trimEnd()]
      : []),
    "",
    summary(plan, style),
    "",
  ].join("\n");
};

const stepLines = (step: PlannedStep, width: number, types: number, style: Style): readonly string[] => {
  const paint = paintOf(step, style);
  const place = placeOf(step);
  const room = style.columns - width - types - 6;
  const note =
    step.notes.join("; ") ||
    (step.action === "create" || step.action === "update" || step.action === "replace" ? place : "");
  // What does not fit behind the type stands below it, whole.
  const fits = note.length <= room;
  const facts = note === "" || !fits ? step.type : `${step.type.padEnd(types)}  ${note}`;
  return [
    `${paint(sign(step.action))} ${step.id.padEnd(width)}  ${style.faint(facts)}`,
    ...(fits ? [] : wrap(note, style.columns - 6).map((line) => `    ${style.faint(line)}`)),
    ...changesToShow(step).map((change) => changeLine(change, step, style)),
    ...step.problems.flatMap((problem) => [
      ...wrap(`${problem.code} ${problem.message}`, style.columns - 6).map(
        (line) => `    ${style.failure(line)}`,
      ),
      ...(problem.hint === undefined
        ? []
        : wrap(`hint: ${problem.hint}`, style.columns - 6).map((line) => `    ${line}`)),
    ]),
  ];
};

/** Of something new, only what is not obvious from its name: what is known later. Of the rest, all that changes. */
const changesToShow = (step: PlannedStep): readonly PlannedChange[] => {
  if (step.action === "update" || step.action === "replace") return step.changes;
  return step.changes.filter(({ after }) => after.kind === "unknown");
};

const changeLine = (change: PlannedChange, step: PlannedStep, style: Style): string => {
  const fresh = step.action === "create" || step.action === "decide-later";
  const text = fresh ? `${change.path}: ${renderShown(change.after, style)}` : changeText(change, style);
  return `    ${text}${effectNote(change, step, style)}`;
};

const effectNote = (change: PlannedChange, step: PlannedStep, style: Style): string => {
  if (step.action === "create") return "";
  switch (change.effect) {
    case "update":
      return "";
    case "disrupt":
      return style.warning("  (running work feels it)");
    case "replace":
      return style.failure("  (destroyed and made anew)");
    case "refuse":
      return style.failure("  (can't be changed)");
  }
};

const paintOf = (step: PlannedStep, style: Style) => {
  switch (step.action) {
    case "create":
      return style.success;
    case "update":
    case "decide-later":
      return style.warning;
    case "replace":
    case "delete":
      return style.failure;
    case "none":
    case "read":
    case "leave":
      return style.faint;
  }
};

const orphanLines = ({ orphans, command }: Plan, style: Style): readonly string[] => {
  if (orphans.length === 0) return [];
  const prune = orphans.some((orphan) => orphan.prune);
  return [
    "",
    orphanTitle(command, prune),
    ...orphans.map(
      (orphan) =>
        `${orphan.prune ? style.failure("-") : style.faint("=")} ${orphan.step}  ${style.faint(orphan.ref.type)}  ${style.faint(orphan.ref.id)}`,
    ),
  ];
};

const orphanTitle = (command: Plan["command"], prune: boolean): string => {
  if (command === "destroy") return "These carry the pipeline's marks, too; they go:";
  return prune
    ? "No step names these any more; they go:"
    : "No step names these any more (`--prune` removes them):";
};

const summary = (plan: Plan, style: Style): string => {
  const counts = countActions(plan);
  const parts = [
    counts.create > 0 ? style.success(`${counts.create} to create`) : undefined,
    counts.update > 0 ? style.warning(`${counts.update} to update`) : undefined,
    counts.replace > 0 ? style.failure(`${counts.replace} to replace`) : undefined,
    counts.delete > 0 ? style.failure(`${counts.delete} to delete`) : undefined,
    counts.undecided > 0 ? style.warning(`${counts.undecided} not known yet`) : undefined,
    counts.unchanged > 0 ? `${counts.unchanged} unchanged` : undefined,
  ];
  return `Plan: ${parts.filter(Boolean).join(", ") || "nothing"}.`;
};
