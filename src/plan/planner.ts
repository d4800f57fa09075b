/**
 * Assembles a Plan. A planner is asked, in the order of the graph, where each step's thing lives (`resolve`) and
 * told what was observed there (`settle`); `assemble` does so from observations that are all there already. Both
 * are synchronous and pure: looking is the runner's part.
 */

import type { Graph } from "../graph/graph.ts";
import { evaluate } from "../language/evaluate.ts";
import { Hole, type Value } from "../language/value.ts";
import { type Ref, refKey } from "../step/ref.ts";
import { Secret } from "../step/secret.ts";
import type { Observation } from "../step/step.ts";
import { plannedOutputs } from "./outputs.ts";
import type { Action, Binding, Orphan, Plan, PlannedStep, Shown } from "./plan.ts";
import { keepHolders } from "./protect.ts";
import { type ResolvedStep, resolveStep, type Setting, scopeOf } from "./resolve.ts";
import { settleDestroy, settleUp } from "./settle.ts";
import { shown } from "./show.ts";

export interface Planner {
  /** Resolves a step whose dependencies are all settled. */
  resolve(id: string): Resolution;
  /** Tells what was observed; `undefined` where nobody looked. */
  settle(id: string, observation: Observation | undefined): PlannedStep;
  /** A settled step's outputs, as far as known. */
  outputs(id: string): Value | undefined;
  /** All steps settled: the Plan. */
  plan(orphans: readonly Orphan[]): Plan;
}

export interface Resolution {
  readonly resolved: ResolvedStep;
  /**
   * What is to be done to learn about it: look; nothing, since what it lives in is absent and so it is; nothing,
   * since its place is not known.
   */
  readonly look: "observe" | "absent" | "unknown";
}

export interface PlanOptions {
  readonly command: "up" | "destroy";
  readonly offline: boolean;
  readonly binding: Binding;
}

export const createPlanner = (setting: Setting, graph: Graph, options: PlanOptions): Planner => {
  const resolutions = new Map<string, ResolvedStep>();
  const settled = new Map<string, PlannedStep>();
  const outputs = new Map<string, Value>();
  const actions = new Map<string, Action>();
  const disabled = new Set<string>();

  const outputsOf = (step: string): Value | undefined => (disabled.has(step) ? undefined : outputs.get(step));

  /** What becomes of the thing that a Ref lives in, where a step of this pipeline makes that. */
  const fateOfParent = (ref: Ref): Action | undefined => {
    if (!ref.within) return undefined;
    const key = refKey(ref.within);
    return actions.get(key) ?? actions.get(key.replace(/#[^#]*$/, ""));
  };

  const lookFor = (resolved: ResolvedStep): Resolution["look"] => {
    if (!resolved.ref || options.offline) return "unknown";
    const fate = fateOfParent(resolved.ref);
    if (options.command === "destroy") return fate === "none" ? "absent" : "observe";
    return fate === "create" || fate === "replace" || fate === "decide-later" ? "absent" : "observe";
  };

  return {
    resolve: (id) => {
      const declaration = setting.pipeline.steps.get(id);
      if (!declaration) throw new Error(`no step ${id} in the pipeline`);
      const resolved = resolveStep(setting, declaration, outputsOf);
      resolutions.set(id, resolved);
      return { resolved, look: lookFor(resolved) };
    },
    settle: (id, observation) => {
      const resolved = resolutions.get(id);
      if (!resolved) throw new Error(`step ${id} was settled before it was resolved`);
      const outcome =
        options.command === "up"
          ? settleUp(resolved, observation, setting.site, options.offline)
          : settleDestroy(resolved, observation, setting.site);
      const planned: PlannedStep = {
        id,
        type: resolved.declaration.uses,
        ref: resolved.ref,
        after: graph.dependencies.get(id) ?? [],
        ...outcome,
      };
      settled.set(id, planned);
      if (!resolved.enabled) disabled.add(id);
      if (resolved.ref && !resolved.step.readOnly) actions.set(refKey(resolved.ref), planned.action);
      outputs.set(id, plannedOutputs(resolved, planned.action, observation));
      return planned;
    },
    outputs: (id) => outputsOf(id),
    plan: (orphans) => ({
      version: 1,
      command: options.command,
      scope: { pipeline: setting.site.pipeline, instance: setting.site.instance },
      file: setting.pipeline.file,
      inputs: Object.fromEntries(setting.inputs),
      offline: options.offline,
      binding: options.binding,
      steps: keepHolders(
        orderFor(graph, options.command).flatMap((id) => settled.get(id) ?? []),
        new Set(options.command === "destroy" ? protectedSteps(setting, settled) : []),
      ),
      orphans,
      outputs: options.command === "up" ? pipelineOutputs(setting, outputsOf) : {},
    }),
  };
};

/** Protected steps whose thing is there. */
const protectedSteps = (setting: Setting, settled: ReadonlyMap<string, PlannedStep>): readonly string[] =>
  [...setting.pipeline.steps.values()]
    .filter(({ id, protect }) => protect && settled.get(id)?.action === "leave")
    .map(({ id }) => id);

const orderFor = (graph: Graph, command: PlanOptions["command"]): readonly string[] =>
  command === "up" ? graph.order : graph.order.toReversed();

/** The pipeline's own outputs, as they may be shown. */
export const pipelineOutputs = (
  setting: Setting,
  outputsOf: (step: string) => Value | undefined,
): Readonly<Record<string, Shown>> => {
  const scope = scopeOf(setting, outputsOf);
  return Object.fromEntries(
    [...setting.pipeline.outputs].map(([name, declaration]): [string, Shown] => {
      if (declaration.secret) return [name, { kind: "secret" }];
      const value = evaluate(declaration.value, scope);
      return [name, value instanceof Hole || value !== undefined ? shown(value) : { kind: "nothing" }];
    }),
  );
};

/** The pipeline's outputs that are secrets, with their texts: for a host that has a place for them. */
export const secretOutputs = (
  setting: Setting,
  outputsOf: (step: string) => Value | undefined,
): ReadonlyMap<string, Secret> => {
  const scope = scopeOf(setting, outputsOf);
  return new Map(
    [...setting.pipeline.outputs].flatMap(([name, declaration]): [string, Secret][] => {
      const value = declaration.secret ? evaluate(declaration.value, scope) : undefined;
      return value instanceof Secret ? [[name, value]] : [];
    }),
  );
};

/** The whole of planning over observations that were already made. */
export const assemble = (
  setting: Setting,
  graph: Graph,
  options: PlanOptions,
  observations: ReadonlyMap<string, Observation>,
  orphans: readonly Orphan[] = [],
): Plan => {
  const planner = createPlanner(setting, graph, options);
  for (const id of graph.order) {
    const { look } = planner.resolve(id);
    planner.settle(id, look === "absent" ? { state: "absent" } : observations.get(id));
  }
  return planner.plan(orphans);
};
