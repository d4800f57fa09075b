/**
 * The Plan: plain, serialisable data that says what a run would do. It is shown, written to a file, asserted by a
 * later run, and carried out. It holds no secret and no digest of one.
 */
import type { Ref, Scope } from "../step/ref.ts";
import type { Scalar } from "../step/shape.ts";
import type { Effect } from "../step/step.ts";

export type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** A value as a plan may show it. */
export type Shown =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "secret" }
  /** Not known before these steps are done (or, offline, before these secrets are given). */
  | { readonly kind: "unknown"; readonly after: readonly string[] }
  | { readonly kind: "nothing" };

export interface PlannedChange {
  readonly path: string;
  readonly before: Shown;
  readonly after: Shown;
  readonly effect: Effect;
}

export type Action =
  | "create"
  | "update"
  /** Destroyed and made anew. */
  | "replace"
  | "delete"
  /** As wanted; still verified. */
  | "none"
  /** A look-up. */
  | "read"
  /** Switched off by `if`, or protected from a destroy: left as it is. */
  | "leave"
  /** Where it lives is not known yet, so nobody can say whether it exists. */
  | "decide-later";

/** Why a plan can't be carried out as it stands. */
export interface PlanProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface PlannedStep {
  readonly id: string;
  readonly type: string;
  readonly action: Action;
  readonly ref?: Ref | undefined;
  /** Empty for `none`, `read`, `leave`. For `create`: every setting that the step owns. */
  readonly changes: readonly PlannedChange[];
  /** Facts worth a line: "adopted", "an operation is running: Updating". */
  readonly notes: readonly string[];
  readonly problems: readonly PlanProblem[];
  /** Steps that it waits for. */
  readonly after: readonly string[];
}

/**
 * Something that carries this pipeline's marks and that no step of it names any more. For a destroy also what is left
 * of a step's thing that is gone itself: its removal was cut short.
 */
export interface Orphan {
  readonly ref: Ref;
  /** The step that made it. */
  readonly step: string;
  readonly prune: boolean;
}

/** What a plan was made of. An assertion holds only where all of it is the same. */
export interface Binding {
  readonly tool: string;
  readonly tenant?: string | undefined;
  readonly subscription?: string | undefined;
  /** SHA-256 of the pipeline's text, its inputs, and every file that steps read. Never of a secret. */
  readonly digest: string;
}

export interface Plan {
  readonly version: 1;
  readonly command: "up" | "destroy";
  readonly scope: Scope;
  /** The pipeline file, as it was given. */
  readonly file: string;
  /** Values of the pipeline's inputs, so that `up plan.json` needs no more. */
  readonly inputs: Readonly<Record<string, Scalar>>;
  /** True where nothing was observed: everything is shown as if it did not exist yet. */
  readonly offline: boolean;
  readonly binding: Binding;
  /** In the order of the graph. */
  readonly steps: readonly PlannedStep[];
  readonly orphans: readonly Orphan[];
  readonly outputs: Readonly<Record<string, Shown>>;
}

/** Signs of the plan, one a step. */
export const sign = (action: Action): "+" | "~" | "±" | "-" | "=" | "?" => {
  switch (action) {
    case "create":
      return "+";
    case "update":
      return "~";
    case "replace":
      return "±";
    case "delete":
      return "-";
    case "none":
    case "read":
    case "leave":
      return "=";
    case "decide-later":
      return "?";
  }
};

export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly unchanged: number;
  readonly undecided: number;
}

export const countActions = (plan: Plan): PlanCounts => {
  const count = (...actions: Action[]) => plan.steps.filter((step) => actions.includes(step.action)).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete") + plan.orphans.filter((orphan) => orphan.prune).length,
    unchanged: count("none", "read", "leave"),
    undecided: count("decide-later"),
  };
};

export const hasChanges = (plan: Plan): boolean => {
  const counts = countActions(plan);
  return counts.create + counts.update + counts.replace + counts.delete + counts.undecided > 0;
};

export const problemsOf = (plan: Plan): readonly (PlanProblem & { readonly step: string })[] =>
  plan.steps.flatMap((step) => step.problems.map((problem) => ({ ...problem, step: step.id })));
