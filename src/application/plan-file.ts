/** Plans on disk: written for a person or a later job to approve, read back, and held against what is planned now. */
import { extname, resolve } from "node:path";
import type { Plan } from "../plan/plan.ts";
import { comparePlans, decodePlan, encodePlan } from "../plan/plan-file.ts";
import { Failure } from "../step/failure.ts";
import { reasonOf } from "./file-errors.ts";
import type { Machine } from "./machine.ts";
import { hasPipelineName } from "./open-pipeline.ts";

/** Whole or not at all. Fails with P0441 where it can't be written. */
export const writePlanFile = async (machine: Machine, file: string, plan: Plan): Promise<void> => {
  try {
    await machine.writeText(resolve(machine.directory, file), encodePlan(plan));
  } catch (error) {
    throw new Failure({
      kind: "rejected",
      code: "P0441",
      message: `can't write the plan to ${file}: ${reasonOf(error)}`,
      hint: "nothing was changed, and no half-written file is left; choose another place with --out",
      resource: file,
    });
  }
};

/**
 * The plan in a file that may be a pipeline's, too; undefined where it is one. A plan is known by its `.json`, or by
 * what it holds.
 */
export const readPlanOrPipeline = async (
  machine: Machine,
  file: string | undefined,
): Promise<Plan | undefined> => {
  if (file === undefined || hasPipelineName(file)) return undefined;
  if (extname(file) === ".json") return readPlanFile(machine, file);
  const path = resolve(machine.directory, file);
  // What comes through a pipe (no size) can be read once only, and is left for the pipeline.
  if ((await machine.size(path).catch(() => 0)) === 0) return undefined;
  const decoded = await machine.readText(path).then(decodePlan, () => undefined);
  return decoded && "plan" in decoded ? assertable(file, decoded.plan) : undefined;
};

/** Fails with P0442 where the file holds no plan that `up` can assert. */
export const readPlanFile = async (machine: Machine, file: string): Promise<Plan> => {
  const decoded = await machine.readText(resolve(machine.directory, file)).then(
    (text) => decodePlan(text),
    (error: unknown) => ({ problem: reasonOf(error) }),
  );
  if ("problem" in decoded) throw unusable(file, decoded.problem);
  return assertable(file, decoded.plan);
};

const assertable = (file: string, plan: Plan): Plan => {
  if (plan.offline) throw unusable(file, "it was made offline, so it asserts nothing about the world");
  if (plan.command !== "up") throw unusable(file, "it is a plan to destroy");
  return plan;
};

const unusable = (file: string, why: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0442",
    message: `can't use ${file} as a plan: ${why}`,
    hint: "make one with `provision plan --out plan.json PIPELINE`",
  });

/** Fails with P0443, naming what moved, where the plan that was approved is not what would be done now. */
export const assertPlan = (asserted: Plan, current: Plan): void => {
  const moved = comparePlans(asserted, current);
  if (moved.length === 0) return;
  throw new Failure({
    kind: "conflict",
    code: "P0443",
    message: "the plan no longer holds; nothing was changed",
    hint: "plan again, look, and approve the new plan",
    evidence: moved,
  });
};
