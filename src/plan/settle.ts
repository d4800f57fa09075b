/**
 * What will happen to one step's thing, from what is wanted and what was observed. Pure: the two functions here
 * are the whole judgement of a plan, one for `up` and one for `destroy`.
 */
import { Failure } from "../step/failure.ts";
import type { Scope } from "../step/ref.ts";
import type { Observation, Present } from "../step/step.ts";
import { compareFields } from "./compare.ts";
import type { Action, PlannedChange, PlannedStep, PlanProblem } from "./plan.ts";
import type { ResolvedStep } from "./resolve.ts";
import { waitedFor } from "./show.ts";
import { attempt, view } from "./view.ts";

type Outcome = Pick<PlannedStep, "action" | "changes" | "notes" | "problems">;

const outcome = (action: Action, rest: Partial<Outcome> = {}): Outcome => ({
  action,
  changes: rest.changes ?? [],
  notes: rest.notes ?? [],
  problems: rest.problems ?? [],
});

/** `observation` is undefined where nothing was asked: offline, or a place that is not known yet. */
export const settleUp = (
  resolved: ResolvedStep,
  observation: Observation | undefined,
  scope: Scope,
  offline: boolean,
): Outcome => {
  if (!resolved.enabled) return outcome("leave", { notes: ["switched off by `if`"] });
  if (resolved.problems.length > 0) return outcome("decide-later", { problems: resolved.problems });
  if (resolved.step.readOnly) return settleLookUp(resolved, observation, offline);
  if (!resolved.ref)
    return outcome("decide-later", {
      notes: [`its place is known after ${waitedFor(resolved.waitsFor).join(", ")}`],
    });
  if (observation === undefined || observation.state === "absent") {
    const { changes, refusals } = changesOf(resolved, undefined);
    return outcome("create", { changes, problems: refusals });
  }
  if (observation.state === "busy") {
    return outcome("decide-later", { notes: [`an operation is running: ${observation.operation}`] });
  }
  return settlePresent(resolved, observation, scope);
};

const settleLookUp = (
  resolved: ResolvedStep,
  observation: Observation | undefined,
  offline: boolean,
): Outcome => {
  if (offline || observation === undefined || observation.state !== "absent") return outcome("read");
  const problem = {
    code: "P0410",
    message: `${resolved.ref?.id ?? resolved.id} does not exist, or the login may not see it`,
    hint: `\`${resolved.declaration.uses}\` only looks it up: check the name and what the login or token may see, or use the step that makes it`,
  };
  return outcome("read", { problems: [problem] });
};

const settlePresent = (resolved: ResolvedStep, present: Present<unknown, object>, scope: Scope): Outcome => {
  const problem = foreignOwner(resolved, present, scope);
  if (problem) return outcome("decide-later", { problems: [problem] });
  const { changes, refusals } = changesOf(resolved, present.actual);
  const notes: string[] = [];
  if (!present.owner) notes.push("exists without our marks: taken over (`adopt: true`)");
  else if (present.owner.step !== resolved.id) notes.push(`was step \`${present.owner.step}\`: marked anew`);
  if (present.failed) notes.push(present.failed);
  const problems: PlanProblem[] = [...refusals];
  const replaced = changes.filter((change) => change.effect === "replace").map((change) => change.path);
  if (replaced.length > 0) {
    if (resolved.declaration.protect) {
      problems.push({
        code: "P0416",
        message: `${replaced.join(", ")} can only be changed by destroying ${resolved.id}, which is protected`,
        hint: `restore the old value, or take \`protect\` off step \`${resolved.id}\` first`,
      });
    } else if (!resolved.declaration.replace) {
      problems.push({
        code: "P0412",
        message: `${replaced.join(", ")} can only be changed by destroying ${resolved.id} and making it anew`,
        hint: `set \`replace: allowed\` on step \`${resolved.id}\` if that is what you want, or restore the old value`,
      });
    }
    return outcome("replace", { changes, notes, problems });
  }
  const changed = changes.length > 0 || notes.length > 0;
  return outcome(changed ? "update" : "none", { changes, notes, problems });
};

const foreignOwner = (
  resolved: ResolvedStep,
  present: Present<unknown, object>,
  scope: Scope,
): PlanProblem | undefined => {
  const place = resolved.ref?.id ?? resolved.id;
  if (!present.owner) {
    if (resolved.declaration.adopt) return undefined;
    return {
      code: "P0413",
      message: `${place} exists already and carries no marks of ours`,
      hint: `set \`adopt: true\` on step \`${resolved.id}\` to take it over, look it up with an \`existing-…\` step, or choose another name`,
    };
  }
  if (present.owner.pipeline === scope.pipeline && present.owner.instance === scope.instance)
    return undefined;
  return {
    code: "P0414",
    message: `${place} belongs to pipeline \`${present.owner.pipeline}\`, instance \`${present.owner.instance}\`, step \`${present.owner.step}\``,
    hint: "look it up with an `existing-…` step, choose another name, or destroy it with its own pipeline first",
  };
};

interface Changes {
  readonly changes: readonly PlannedChange[];
  readonly refusals: readonly PlanProblem[];
}

/** A step that refuses its input altogether (two inputs that do not go together) does so by a Failure. */
const changesOf = (resolved: ResolvedStep, actual: unknown): Changes => {
  try {
    const fields = attempt(() => resolved.step.fields(view(resolved.input), actual));
    if (fields.known) {
      const { changes, refusals } = compareFields(fields.value, actual !== undefined);
      const problems = refusals.map(({ path, reason }) => ({
        code: "P0411",
        message: `${path} can't be changed: ${reason}`,
      }));
      return { changes, refusals: problems };
    }
    const after = { kind: "unknown", after: waitedFor(fields.origins) } as const;
    const change = { path: "settings", before: { kind: "nothing" }, after, effect: "update" } as const;
    return { changes: [change], refusals: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint } = error;
    return { changes: [], refusals: [{ code, message, hint }] };
  }
};

/** For `destroy`: what is there and ours goes, all else stays. */
export const settleDestroy = (
  resolved: ResolvedStep,
  observation: Observation | undefined,
  scope: Scope,
): Outcome => {
  if (resolved.step.readOnly) return outcome("leave", { notes: ["only looked up"] });
  if (observation === undefined || observation.state === "absent")
    return outcome("none", { notes: ["not there"] });
  if (resolved.declaration.protect) return outcome("leave", { notes: ["protected"] });
  if (observation.state === "busy") {
    return outcome("delete", { notes: [`after the running operation: ${observation.operation}`] });
  }
  if (!observation.owner) return outcome("leave", { notes: ["carries no marks of ours"] });
  const problem = foreignOwner(resolved, observation, scope);
  return problem ? outcome("leave", { notes: [problem.message] }) : outcome("delete");
};
