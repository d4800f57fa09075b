/** What a run's events (`--json`, one a line) say of its length: the critical path of its own steps. */
import { z } from "zod";
import { buildGraph, criticalPath } from "../../src/graph/graph.ts";

const started = z.object({
  kind: z.literal("run-started"),
  steps: z.array(z.object({ id: z.string(), after: z.array(z.string()) })),
});
const done = z.object({
  kind: z.literal("step-done"),
  step: z.string(),
  action: z.string(),
  took: z.number(),
});
const ended = z.object({ kind: z.literal("run-ended"), outcome: z.string(), took: z.number() });

export interface RunLog {
  /** Milliseconds from the run's start to its end. */
  readonly makespan: number;
  /** Milliseconds of the longest chain of steps, each as long as it took; and the chain. */
  readonly criticalPath: number;
  readonly path: readonly string[];
  /** What was done to each step: `create`, `none`. */
  readonly actions: ReadonlyMap<string, string>;
}

/** @throws where the run did not end as done. */
export const readRunLog = (stdout: string): RunLog => {
  const edges = new Map<string, readonly string[]>();
  const took = new Map<string, number>();
  const actions = new Map<string, string>();
  let makespan: number | undefined;
  for (const line of stdout.split("\n").filter((text) => text.startsWith("{"))) {
    const event: unknown = JSON.parse(line);
    const start = started.safeParse(event);
    if (start.success) for (const { id, after } of start.data.steps) edges.set(id, after);
    const step = done.safeParse(event);
    if (step.success) {
      took.set(step.data.step, step.data.took);
      actions.set(step.data.step, step.data.action);
    }
    const end = ended.safeParse(event);
    if (end.success && end.data.outcome === "done") makespan = end.data.took;
  }
  if (makespan === undefined) throw new Error(`the run did not end as done:\n${stdout.slice(-4000)}`);
  const { length, steps } = criticalPath(buildGraph(edges), took);
  return { makespan, criticalPath: length, path: steps, actions };
};
