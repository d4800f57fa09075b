/** How a run ended, as Markdown for a job's summary: each step with its time, what failed and why, the outputs. */
import type { Action, Shown } from "../plan/plan.ts";
import type { FailureReport, TimedEvent } from "../run/event.ts";
import { cell, code, fenced, folded, shownCell, table } from "./markdown.ts";
import { duration, printable } from "./style.ts";

/** What a summary needs of a run, gathered from its events. */
export interface RunTally {
  readonly command: "up" | "destroy" | "status" | undefined;
  readonly outcome: "done" | "failed" | "cancelled" | undefined;
  readonly took: number;
  readonly steps: ReadonlyMap<string, StepTally>;
  readonly outputs: Readonly<Record<string, Shown>>;
}

export interface StepTally {
  readonly type: string;
  readonly action: Action | undefined;
  readonly state: "done" | "failed" | "skipped" | "not begun";
  /** Milliseconds. */
  readonly took?: number | undefined;
  readonly detail?: string | undefined;
  readonly failure?: FailureReport | undefined;
}

export const noTally: RunTally = {
  command: undefined,
  outcome: undefined,
  took: 0,
  steps: new Map(),
  outputs: {},
};

/** Pure: a tally with one more event. */
export const tally = (so: RunTally, event: TimedEvent): RunTally => {
  const one = (id: string, change: Partial<StepTally>): RunTally => {
    const known = so.steps.get(id) ?? { type: "", action: undefined, state: "not begun" };
    return { ...so, steps: new Map(so.steps).set(id, { ...known, ...change }) };
  };
  switch (event.kind) {
    case "run-started":
      return {
        ...noTally,
        command: event.command,
        steps: new Map(event.steps.map(({ id, type, action }) => [id, { type, action, state: "not begun" }])),
      };
    case "step-done":
      return one(event.step, { state: "done", took: event.took, detail: event.detail });
    case "step-failed":
      return one(event.step, { state: "failed", took: event.took, failure: event.failure });
    case "step-skipped":
      return one(event.step, { state: "skipped", detail: `not begun (${event.because})` });
    case "run-ended":
      return { ...so, outcome: event.outcome, took: event.took, outputs: event.outputs };
    case "observing":
    case "observed":
    case "planned":
    case "finding":
    case "step-started":
    case "operation":
    case "waiting":
    case "retrying":
    case "notice":
    case "warning":
    case "verifying":
    case "lease":
    case "cancelling":
      return so;
  }
};

/** `next`: the one thing that a person does now, as Markdown. */
export const renderResultMarkdown = (run: RunTally, next?: string): string => {
  const failures = [...run.steps].filter(([, { failure }]) => failure !== undefined);
  const outputs = Object.entries(run.outputs);
  const sections = [
    `### ${title(run)}`,
    ...failures.map(([id, { failure }]) => (failure ? failureBlock(id, failure) : "")),
    table(
      ["", "Step", "", "Took", ""],
      [...run.steps].map(([id, step]) => [
        sign(step.state),
        code(id),
        verb(step.action),
        step.took === undefined ? "" : duration(step.took),
        cell(printable(step.detail ?? step.failure?.message ?? "")),
      ]),
    ),
    ...(outputs.length > 0 && run.command === "up"
      ? [
          table(
            ["Output", "Value"],
            outputs.map(([name, shown]) => [code(name), shownCell(shown)]),
          ),
        ]
      : []),
    ...(next === undefined ? [] : [next]),
  ];
  return `${sections.join("\n\n")}\n`;
};

const title = ({ command, outcome, took, steps }: RunTally): string => {
  const done = [...steps.values()].filter(({ state }) => state === "done").length;
  const time = duration(took);
  switch (outcome) {
    case "done":
      return command === "destroy" ? `Destroyed in ${time}` : `${done} steps verified in ${time}`;
    case "failed":
      return `Failed after ${time}: ${done} of ${steps.size} steps done`;
    case "cancelled":
      return `Cancelled after ${time}: ${done} of ${steps.size} steps done`;
    case undefined:
      return "Did not end";
  }
};

/** What was to be done; of what only was looked at, nothing. */
const verb = (action: Action | undefined): string => {
  switch (action) {
    case undefined:
    case "none":
    case "read":
    case "leave":
      return "";
    case "decide-later":
      return "create or update";
    case "create":
    case "update":
    case "replace":
    case "delete":
      return action;
  }
};

/** Symbols that both hosts' fonts have. */
const sign = (state: StepTally["state"]): string => {
  switch (state) {
    case "done":
      return "✅";
    case "failed":
      return "❌";
    case "skipped":
    case "not begun":
      return "⏸️";
  }
};

const failureBlock = (id: string, failure: FailureReport): string =>
  [
    `**${cell(failure.code)}** ${code(id)}: ${cell(printable(failure.message))}`,
    ...(failure.hint === undefined ? [] : [`> ${cell(printable(failure.hint))}`]),
    ...(failure.evidence.length === 0
      ? []
      : [folded("Evidence", fenced("", failure.evidence.map(printable).join("\n")))]),
  ].join("\n\n");
