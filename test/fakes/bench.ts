/** A workbench: a pipeline's text over the cloud of plain things, planned and run with no network and no real clock. */

import { instanceOf } from "../../src/application/request.ts";
import { buildGraph } from "../../src/graph/graph.ts";
import { checkPipeline } from "../../src/language/check.ts";
import { resolveInputs } from "../../src/language/inputs.ts";
import { Hole } from "../../src/language/value.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { destroy } from "../../src/run/destroy.ts";
import type { Event } from "../../src/run/event.ts";
import { prepare, type Request } from "../../src/run/prepare.ts";
import { status } from "../../src/run/status.ts";
import { type RunResult, up } from "../../src/run/up.ts";
import { createUse, type Hold, type RunWorld } from "../../src/run/world.ts";
import { type QuickClock, quickClock } from "./quick-clock.ts";
import { type Cloud, createCloud, thingFamily, thingManifest, thingStep } from "./things.ts";

export interface Bench {
  readonly cloud: Cloud;
  readonly clock: QuickClock;
  readonly events: Event[];
  readonly world: RunWorld;
  readonly stop: () => void;
  readonly request: (text: string, inputs?: Record<string, string>) => Request;
  readonly plan: (text: string, options?: { destroy?: boolean; prune?: boolean }) => Promise<Plan>;
  readonly up: (text: string, options?: { prune?: boolean }) => Promise<RunResult>;
  readonly destroy: (text: string) => Promise<RunResult>;
  readonly status: (text: string) => ReturnType<typeof status>;
}

export const createBench = (cloud: Cloud = createCloud()): Bench => {
  const clock = quickClock();
  const events: Event[] = [];
  let stopping = false;
  const environment = {
    variables: {},
    credentials: {},
    azure: {},
    directory: "/",
    sandbox: false,
    pollInterval: 1_000,
  };
  const world: RunWorld = {
    environment,
    use: createUse(environment),
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    stopping: () => stopping,
    hold: async (): Promise<Hold> => ({
      lost: new AbortController().signal,
      loss: () => undefined,
      release: async () => {},
    }),
    families: async () => [thingFamily(cloud)],
    concurrency: 10,
  };
  const step = thingStep(cloud);

  const request = (text: string, inputs: Record<string, string> = {}): Request => {
    const { pipeline, diagnostics } = checkPipeline(text, {
      file: "p.yaml",
      manifest: { "test/thing": thingManifest },
    });
    if (!pipeline) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
    const given = new Map(Object.entries(inputs).map(([name, value]) => [name, { value, from: "--input" }]));
    const resolved = resolveInputs(pipeline, given);
    return {
      setting: {
        pipeline,
        steps: new Map([["test/thing", step]]),
        inputs: resolved.inputs,
        secret: (name) => new Hole([{ kind: "secret", name }], true),
        site: { pipeline: pipeline.name, instance: instanceOf(pipeline, resolved.inputs), subscription: "s" },
      },
      graph: buildGraph(
        new Map([...pipeline.steps.values()].map(({ id, dependencies }) => [id, dependencies.keys()])),
      ),
      binding: { tool: "0", digest: text },
      load: async () => step,
    };
  };

  return {
    cloud,
    clock,
    events,
    world,
    stop: () => {
      stopping = true;
    },
    request,
    plan: async (text, options = {}) =>
      (
        await prepare(world, request(text), {
          command: options.destroy ? "destroy" : "up",
          join: false,
          prune: options.prune ?? false,
        })
      ).plan,
    up: async (text, options = {}) => {
      const asked = request(text);
      return up(
        world,
        asked,
        await prepare(world, asked, { command: "up", join: true, prune: options.prune ?? false }),
      );
    },
    destroy: async (text) => {
      const asked = request(text);
      return destroy(
        world,
        asked,
        await prepare(world, asked, { command: "destroy", join: true, prune: true }),
      );
    },
    status: async (text) => {
      const asked = request(text);
      return status(world, asked, await prepare(world, asked, { command: "up", join: false, prune: false }));
    },
  };
};
