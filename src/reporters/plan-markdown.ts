/** A plan as Markdown, for a pull request or a job's summary: a table, the changes, the problems, the graph. */
import { countActions, type Plan, type PlannedChange, type PlannedStep, sign } from "../plan/plan.ts";
import { cell, code, fenced, folded, shownCell, table } from "./markdown.ts";
import { renderGraph, renderTree } from "./mermaid.ts";
import { placeOf } from "./place.ts";
import { createStyle } from "./style.ts";

export interface PlanMarkdownOptions {
  /** How the graph is drawn: for who renders Mermaid (GitHub), or as text (Azure Pipelines). Default: mermaid. */
  readonly graph?: "mermaid" | "text";
}

export const renderPlanMarkdown = (plan: Plan, { graph = "mermaid" }: PlanMarkdownOptions = {}): string => {
  const { pipeline, instance } = plan.scope;
  const name = instance === pipeline ? pipeline : `${pipeline}/${instance}`;
  const changed = plan.steps.filter((step) => step.changes.length > 0 && step.action !== "create");
  const created = plan.steps.filter((step) => step.changes.length > 0 && step.action === "create");
  const problems = plan.steps.filter((step) => step.problems.length > 0);
  const sections = [
    `### ${plan.command === "destroy" ? "Destroy" : "Plan"}: ${code(name)}`,
    `${summary(plan)}${plan.offline ? " Offline: as though nothing existed yet." : ""}`,
    ...(problems.length > 0 ? [problemList(problems)] : []),
    table(
      ["", "Step", "Type", "Name"],
      plan.steps.map((step) => [signCell(step), code(step.id), code(step.type), nameCell(step)]),
    ),
    ...(changed.length > 0 ? [changeTable(changed)] : []),
    ...(plan.orphans.length > 0 ? [orphanList(plan)] : []),
    ...(Object.keys(plan.outputs).length > 0 && plan.command === "up"
      ? [
          table(
            ["Output", "Value"],
            Object.entries(plan.outputs).map(([output, shown]) => [code(output), shownCell(shown)]),
          ),
        ]
      : []),
    ...(created.length > 0 ? [folded("Settings of what is new", settingTable(created))] : []),
    folded(
      "Graph",
      graph === "mermaid"
        ? fenced("mermaid", renderGraph(plan.steps))
        : fenced("", renderTree(plan.steps, plain)),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
};

const plain = createStyle({ color: false, columns: 200, unicode: true });

/** One sentence: how many of each, the loud ones first. */
const summary = (plan: Plan): string => {
  const counts = countActions(plan);
  const parts: [number, string][] = [
    [counts.replace, "to **replace**"],
    [counts.delete, "to **delete**"],
    [counts.create, "to create"],
    [counts.update, "to update"],
    [counts.undecided, "not known yet"],
    [counts.unchanged, "unchanged"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return `${told.join(", ") || "Nothing to do"}.`;
};

/** A note stands behind the name. What stays as it is has none, as in the plan on a terminal. */
const nameCell = (step: PlannedStep): string => {
  const place = ["create", "update", "replace", "delete"].includes(step.action) ? placeOf(step) : "";
  return [place === "" ? "" : code(place), cell(note(step))].filter(Boolean).join(": ");
};

const note = (step: PlannedStep): string => {
  const notes = [...step.notes];
  const disrupting = step.changes.filter(({ effect }) => effect === "disrupt").map(({ path }) => path);
  if (disrupting.length > 0 && step.action === "update")
    notes.push(`running work feels it: ${disrupting.join(", ")}`);
  return notes.join("; ");
};

const signCell = (step: PlannedStep): string => code(sign(step.action));

const changeTable = (steps: readonly PlannedStep[]): string => {
  const rows = steps.flatMap((step) =>
    step.changes.map((change) => [code(step.id), code(change.path), beforeCell(change), afterCell(change)]),
  );
  return `**Changes**\n\n${table(["Step", "Setting", "Before", "After"], rows)}`;
};

/** Of what was not there before; an empty column would push the values out of sight. */
const settingTable = (steps: readonly PlannedStep[]): string =>
  table(
    ["Step", "Setting", "Value"],
    steps.flatMap((step) =>
      step.changes.map((change) => [code(step.id), code(change.path), afterCell(change)]),
    ),
  );

const beforeCell = ({ before }: PlannedChange): string => shownCell(before);

const afterCell = ({ before, after, effect }: PlannedChange): string => {
  if (before.kind === "secret" && after.kind === "secret") return "(secret, changed)";
  return `${shownCell(after)}${effect === "replace" ? " **(replaces)**" : ""}`;
};

const problemList = (steps: readonly PlannedStep[]): string =>
  steps
    .flatMap((step) =>
      step.problems.flatMap(({ code: number, message, hint }) => [
        `- **${number}** ${code(step.id)}: ${cell(message)}`,
        ...(hint === undefined ? [] : [`  - ${cell(hint)}`]),
      ]),
    )
    .join("\n");

const orphanList = ({ orphans, command }: Plan): string =>
  [
    command === "destroy" ? "**These carry the pipeline's marks, too**" : "**No step names these any more**",
    "",
    ...orphans.map(
      ({ step, ref, prune }) =>
        `- ${code(prune ? "-" : "=")} ${code(step)} (${code(ref.type)}) ${code(ref.id)}`,
    ),
  ].join("\n");
