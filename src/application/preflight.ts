/** Collects what the steps of a plan need from the world, and asks for all of it before the first write. */
import { ownToken } from "../clients/cloudflare/cloudflare.ts";
import { Hole, type Value } from "../language/value.ts";
import { plannedOutputs } from "../plan/outputs.ts";
import type { Action, Plan } from "../plan/plan.ts";
import { resolveStep } from "../plan/resolve.ts";
import { type Attempt, attempt, view } from "../plan/view.ts";
import type { Asked } from "../preflight/check.ts";
import { checkRequirements } from "../preflight/preflight.ts";
import type { Request } from "../run/prepare.ts";
import type { RunWorld } from "../run/world.ts";
import type { Finding } from "../step/finding.ts";
import type { Ref } from "../step/ref.ts";
import type { Requirement } from "../step/requirement.ts";
import { Secret } from "../step/secret.ts";
import type { Step } from "../step/step.ts";

/** What the steps that will write require, each with its step; a requirement that rests on an unknown is left out. */
export const requirementsOf = (request: Request, plan: Plan): readonly Asked[] => {
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const writes = ["create", "update", "replace", "decide-later"];
  return needsOf(request, (id) => actions.get(id) ?? "create").flatMap(({ step, action, needed }) =>
    writes.includes(action)
      ? needed
          // An update takes no further share of a quota that the thing has its share of already.
          .filter(({ kind }) => action !== "update" || kind !== "public-ip")
          .filter((requirement) => requirement.kind !== "permission" || requirement.when === undefined)
          .map((requirement) => ({ ...requirement, step }))
      : [],
  );
};

export interface Needs {
  readonly step: string;
  readonly action: Action;
  /** Where the step's thing is; undefined where that is not known yet. */
  readonly ref: Ref | undefined;
  readonly readOnly: boolean;
  /** Name of the step's family. */
  readonly family: string;
  readonly needed: readonly Requirement[];
  /** False where the step's requirements rest on something that nobody knows yet. */
  readonly known: boolean;
}

/**
 * What every step that is switched on requires if it is to do `actionOf` itself, in the order of the graph.
 * @param standIn put in the place of what nobody knows yet, where a step's requirements rest on it: some of them may
 * not hold it, and are known all the same. Without it such a step's requirements are left out.
 */
export const needsOf = (
  { setting, graph }: Request,
  actionOf: (id: string) => Action,
  standIn?: string,
): readonly Needs[] => {
  const outputs = new Map<string, Value>();
  const all: Needs[] = [];
  for (const id of graph.order) {
    const declaration = setting.pipeline.steps.get(id);
    if (!declaration) continue;
    const resolved = resolveStep(setting, declaration, (step) => outputs.get(step));
    if (!resolved.enabled) continue;
    const action = actionOf(id);
    outputs.set(id, plannedOutputs(resolved, action, undefined));
    const { step, ref } = resolved;
    const known = attempt(() => step.requires?.(view(resolved.input)) ?? []);
    const needed = known.known || standIn === undefined ? known : filledIn(step, resolved.input, standIn);
    all.push({
      step: id,
      action,
      ref,
      readOnly: step.readOnly ?? false,
      family: step.family.name,
      needed: needed.known ? needed.value : [],
      known: needed.known,
    });
  }
  return all;
};

const filledIn = (step: Step, input: Value, standIn: string): Attempt<readonly Requirement[]> => {
  try {
    return { known: true, value: step.requires?.(filled(input, standIn)) ?? [] };
  } catch {
    // What is unknown was more than a text.
    return { known: false, origins: [] };
  }
};

const filled = (value: Value | undefined, standIn: string): unknown => {
  if (value instanceof Hole) return standIn;
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  if (Array.isArray(value)) return value.map((item: Value) => filled(item, standIn));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, standIn)]));
};

export const preflight = async (world: RunWorld, request: Request, plan: Plan): Promise<readonly Finding[]> =>
  checkRequirements(requirementsOf(request, plan), {
    use: world.use,
    signal: world.signal,
    cloudflareOrigin: ownToken(world.environment)?.origin,
  });
