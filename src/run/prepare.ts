/** From a checked pipeline to a Plan: offline from the text alone, online by looking at the world. */
import type { Graph } from "../graph/graph.ts";
import type { Binding, Orphan, Plan } from "../plan/plan.ts";
import { assemble, createPlanner } from "../plan/planner.ts";
import type { Setting } from "../plan/resolve.ts";
import { clusterHandle, clusterRef } from "../step/handle.ts";
import { type Ref, refKey } from "../step/ref.ts";
import type { Step } from "../step/step.ts";
import { clusterOf, createHolds } from "./holds.ts";
import { type Observed, observeAll } from "./observe.ts";
import { findOrphans } from "./orphans.ts";
import type { RunWorld } from "./world.ts";

/** One pipeline with its inputs, ready to be planned. */
export interface Request {
  readonly setting: Setting;
  readonly graph: Graph;
  readonly binding: Binding;
  /** Loads the step of a type that the pipeline may no longer use, for orphans. */
  readonly load: (type: string) => Promise<Step>;
}

export interface Prepared {
  readonly plan: Plan;
  readonly observed: ReadonlyMap<string, Observed>;
  /** Clusters that are there, by their Ref. */
  readonly clusters: readonly Ref[];
}

export interface PrepareOptions {
  readonly command: "up" | "destroy";
  /** Wait for running operations to end. */
  readonly join: boolean;
  readonly prune: boolean;
}

/** Nothing is asked of anybody: everything is shown as if it did not exist. */
export const planOffline = ({ setting, graph, binding }: Request): Plan =>
  assemble(setting, graph, { command: "up", offline: true, binding }, new Map());

export const prepare = async (
  world: RunWorld,
  request: Request,
  options: PrepareOptions,
): Promise<Prepared> => {
  const { setting, graph, binding } = request;
  const planner = createPlanner(setting, graph, { command: options.command, offline: false, binding });
  const observed = await observeAll(world, setting, graph, planner, options.join);
  const clusters = presentClusters(observed);
  const places = new Map([...clusters, ...madeClusters(observed)].map((ref) => [refKey(ref), ref]));
  const orphans = await orphansOf(world, request, observed, [...places.values()], options);
  const plan = planner.plan(orphans);
  world.emit({ kind: "planned", plan });
  return { plan, observed, clusters };
};

/** Clusters with something of ours in them, or in which a look found something. */
const presentClusters = (observed: ReadonlyMap<string, Observed>): readonly Ref[] => {
  const present = new Set<string>();
  for (const { resolved, observation } of observed.values()) {
    if (observation?.state === "present" && resolved.ref) present.add(refKey(resolved.ref));
  }
  const clusters = new Map<string, Ref>();
  for (const { resolved } of observed.values()) {
    const cluster = resolved.ref && clusterOf(resolved.ref);
    if (!cluster) continue;
    const key = refKey(cluster);
    if (present.has(key) || present.has(key.replace(/#[^#]*$/, ""))) clusters.set(key, cluster);
  }
  return [...clusters.values()];
};

/** Clusters that a step made or looked up: what steps that are gone left in one is found though no step lives there now. */
const madeClusters = (observed: ReadonlyMap<string, Observed>): readonly Ref[] =>
  [...observed.values()].flatMap(({ observation }) => {
    const made =
      observation?.state === "present" ? clusterHandle.safeParse(observation.output).data : undefined;
    return made ? [clusterRef(made)] : [];
  });

const orphansOf = async (
  world: RunWorld,
  { setting }: Request,
  observed: ReadonlyMap<string, Observed>,
  clusters: readonly Ref[],
  options: PrepareOptions,
): Promise<readonly Orphan[]> => {
  const steps = [...observed.values()];
  // A place that is not known yet may be any of those found: nothing is called an orphan then.
  if (steps.some(({ resolved }) => !resolved.ref)) return [];
  const named = options.command === "up" ? steps : steps.filter((step) => !isGone(step));
  const located = named.flatMap(({ resolved }) => resolved.ref ?? []);
  const scope = { pipeline: setting.site.pipeline, instance: setting.site.instance };
  const families = new Set(steps.map(({ resolved }) => resolved.step.family.name));
  return findOrphans(world, createHolds(world, []), {
    scope,
    clusters,
    located,
    prune: options.prune,
    families,
  });
};

/**
 * True where a destroy finds nothing, and so does nothing: marks that are found there all the same are on what a removal
 * left behind that was cut short, and nobody else comes back for it.
 */
const isGone = ({ resolved: { step, declaration }, observation }: Observed): boolean =>
  observation?.state === "absent" && !step.readOnly && !declaration.protect;
