/** Collects what the steps of a plan need from the world, and asks for all of it before the first write. */
import { ownToken } from "../clients/cloudflare/cloudflare.ts";
import type { Value } from "../language/value.ts";
import { plannedOutputs } from "../plan/outputs.ts";
import type { Plan } from "../plan/plan.ts";
import { resolveStep } from "../plan/resolve.ts";
import { attempt, view } from "../plan/view.ts";
import type { Asked } from "../preflight/check.ts";
import { checkRequirements } from "../preflight/preflight.ts";
import type { Request } from "../run/prepare.ts";
import type { RunWorld } from "../run/world.ts";
import type { Finding } from "../step/finding.ts";

/** What the steps that will write require, each with its step; a requirement that rests on an unknown is left out. */
export const requirementsOf = ({ setting, graph }: Request, plan: Plan): readonly Asked[] => {
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const outputs = new Map<string, Value>();
  const asked: Asked[] = [];
  for (const id of graph.order) {
    const declaration = setting.pipeline.steps.get(id);
    if (!declaration) continue;
    const resolved = resolveStep(setting, declaration, (step) => outputs.get(step));
    if (!resolved.enabled) continue;
    const action = actions.get(id) ?? "create";
    outputs.set(id, plannedOutputs(resolved, action, undefined));
    if (!["create", "update", "replace", "decide-later"].includes(action)) continue;
    const needed = attempt(() => resolved.step.requires?.(view(resolved.input)) ?? []);
    if (!needed.known) continue;
    // An update takes no further share of a quota that the thing has its share of already.
    const due = needed.value.filter(({ kind }) => action !== "update" || kind !== "public-ip");
    asked.push(...due.map((requirement) => ({ ...requirement, step: id })));
  }
  return asked;
};

export const preflight = async (world: RunWorld, request: Request, plan: Plan): Promise<readonly Finding[]> =>
  checkRequirements(requirementsOf(request, plan), {
    use: world.use,
    signal: world.signal,
    cloudflareOrigin: ownToken(world.environment)?.origin,
  });
