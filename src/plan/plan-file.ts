/**
 * The plan file: a Plan as JSON, which a later `up` asserts. It is never carried out itself: `up` plans again and
 * runs what it computed, as long as nothing has moved. Pure.
 */
import { z } from "zod";
import { refSchema } from "../step/ref.ts";
import type { Json, Plan, PlannedStep, Shown } from "./plan.ts";

const json: z.ZodType<Json> = z.json();

const shownSchema: z.ZodType<Shown> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), value: json }),
  z.object({ kind: z.literal("secret") }),
  z.object({ kind: z.literal("unknown"), after: z.array(z.string()) }),
  z.object({ kind: z.literal("nothing") }),
]);

const changeSchema = z.object({
  path: z.string(),
  before: shownSchema,
  after: shownSchema,
  effect: z.enum(["update", "disrupt", "replace", "refuse"]),
});

const stepSchema = z.object({
  id: z.string(),
  type: z.string(),
  action: z.enum(["create", "update", "replace", "delete", "none", "read", "leave", "decide-later"]),
  ref: refSchema.optional(),
  changes: z.array(changeSchema),
  notes: z.array(z.string()),
  problems: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional() })),
  after: z.array(z.string()),
});

export const planSchema: z.ZodType<Plan> = z.object({
  version: z.literal(1),
  command: z.enum(["up", "destroy"]),
  scope: z.object({ pipeline: z.string(), instance: z.string() }),
  file: z.string(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  offline: z.boolean(),
  binding: z.object({
    tool: z.string(),
    tenant: z.string().optional(),
    subscription: z.string().optional(),
    digest: z.string(),
  }),
  steps: z.array(stepSchema),
  orphans: z.array(z.object({ ref: refSchema, step: z.string(), prune: z.boolean() })),
  outputs: z.record(z.string(), shownSchema),
});

export const encodePlan = (plan: Plan): string => `${JSON.stringify(plan, undefined, 2)}\n`;

export type Decoded = { readonly plan: Plan } | { readonly problem: string };

export const decodePlan = (text: string): Decoded => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON" };
  }
  const version = z.object({ version: z.unknown() }).safeParse(data).data?.version;
  if (version !== undefined && version !== 1)
    return { problem: `it has version ${String(version)}, and this tool reads version 1` };
  const result = planSchema.safeParse(data);
  if (result.success) return { plan: result.data };
  const issue = result.error.issues[0];
  return {
    problem: `it is not a plan${issue ? ` (${issue.path.map(String).join(".")}: ${issue.message})` : ""}`,
  };
};

/** What differs between the plan that was shown and the one just made; empty where it still holds. */
export const comparePlans = (asserted: Plan, current: Plan): readonly string[] => {
  const moved: string[] = [];
  const bound: readonly [string, unknown, unknown][] = [
    ["the command", asserted.command, current.command],
    ["the instance", asserted.scope.instance, current.scope.instance],
    ["the tool's version", asserted.binding.tool, current.binding.tool],
    ["the tenant", asserted.binding.tenant, current.binding.tenant],
    ["the subscription", asserted.binding.subscription, current.binding.subscription],
    ["the pipeline's text or its inputs", asserted.binding.digest, current.binding.digest],
  ];
  for (const [what, before, after] of bound) {
    if (before === after) continue;
    moved.push(
      what.includes("text") ? `${what} changed` : `${what} changed: ${String(before)} → ${String(after)}`,
    );
  }
  const before = new Map(asserted.steps.map((step) => [step.id, step]));
  for (const step of current.steps) {
    const planned = before.get(step.id);
    before.delete(step.id);
    moved.push(...(planned ? compareSteps(planned, step) : [`step ${step.id} is new`]));
  }
  for (const id of before.keys()) moved.push(`step ${id} is gone`);
  const pruned = (plan: Plan) =>
    plan.orphans
      .map((orphan) => `${orphan.ref.id} ${orphan.prune}`)
      .sort()
      .join("\n");
  if (pruned(asserted) !== pruned(current)) moved.push("the orphans changed");
  return moved;
};

const compareSteps = (planned: PlannedStep, current: PlannedStep): readonly string[] => {
  if (planned.action !== current.action)
    return [`${current.id}: planned as ${planned.action}, now ${current.action}`];
  const before = new Map(
    planned.changes.map((change) => [
      change.path,
      JSON.stringify([change.before, change.after, change.effect]),
    ]),
  );
  const moved: string[] = [];
  for (const change of current.changes) {
    const same = before.get(change.path) === JSON.stringify([change.before, change.after, change.effect]);
    if (!same) moved.push(`${current.id}: ${change.path} differs`);
    before.delete(change.path);
  }
  for (const path of before.keys()) moved.push(`${current.id}: ${path} no longer changes`);
  return moved;
};
