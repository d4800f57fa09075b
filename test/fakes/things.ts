/** A cloud of plain things, for tests of planning and running: a step type, and what it does to the things. */
import { z } from "zod";
import { erased } from "../../src/registry/erasure.ts";
import { Failure } from "../../src/step/failure.ts";
import type { Owner, Ref } from "../../src/step/ref.ts";
import type { StepManifest } from "../../src/step/shape.ts";
import {
  type Discovered,
  defineStep,
  type Family,
  type Observation,
  type Step,
  type Verdict,
} from "../../src/step/step.ts";

export interface Thing {
  owner: Owner | undefined;
  size: number;
  label: string;
  busy?: string;
}

/** The things by id, what was asked of them, and how the next requests go wrong. */
export interface Cloud {
  readonly things: Map<string, Thing>;
  /** What removals that were cut short left behind, with its marks, by the id of the thing that is gone. */
  readonly remains: Map<string, Discovered>;
  readonly calls: string[];
  /** Thrown by the next calls, one each. */
  readonly faults: Failure[];
  /** Verdicts of the next verifications, by id; ready where none is left. */
  readonly verdicts: Map<string, Verdict[]>;
}

export const createCloud = (): Cloud => ({
  things: new Map(),
  remains: new Map(),
  calls: [],
  faults: [],
  verdicts: new Map(),
});

const input = z.object({
  name: z.string().describe("Name."),
  size: z.number().default(1).describe("Size."),
  label: z.string().default("").describe("Label."),
  color: z.string().default("red").describe("Color."),
});
const output = z.object({
  kind: z.literal("thing").describe("Always `thing`."),
  id: z.string().describe("Id."),
  address: z.string().describe("Address, chosen by the cloud."),
});
type Input = z.output<typeof input>;

export const thingManifest: StepManifest = {
  type: "test/thing",
  version: 1,
  summary: "A thing.",
  readOnly: false,
  input: {
    kind: "object",
    properties: {
      name: { shape: { kind: "string" }, required: true },
      size: { shape: { kind: "number", default: 1 }, required: false },
      label: { shape: { kind: "string", default: "" }, required: false },
      color: { shape: { kind: "string", default: "red" }, required: false },
    },
  },
  output: {
    kind: "object",
    handle: "thing",
    properties: {
      kind: { shape: { kind: "literal", value: "thing" }, required: true },
      id: { shape: { kind: "string" }, required: true },
      address: { shape: { kind: "string" }, required: true },
    },
  },
  volatile: [],
};

export const thingFamily = (cloud: Cloud): Family => ({
  name: "things",
  discover: async (_context, scope) =>
    [
      ...[...cloud.things].flatMap(([id, { owner }]) =>
        owner ? [{ ref: { type: "test/thing", version: 1, id }, owner }] : [],
      ),
      ...cloud.remains.values(),
    ].filter(({ owner }) => owner.pipeline === scope.pipeline && owner.instance === scope.instance),
});

export const thingStep = (cloud: Cloud): Step => {
  const call = (what: string, ref: Ref): void => {
    cloud.calls.push(`${what} ${ref.id}`);
    const fault = cloud.faults.shift();
    if (fault) throw fault;
  };
  const step = defineStep<Input, z.output<typeof output>, Thing>({
    type: "test/thing",
    version: 1,
    summary: "A thing.",
    input,
    output,
    family: thingFamily(cloud),
    locate: ({ name }) => ({ type: "test/thing", version: 1, id: name }),
    predict: { id: (_input, ref) => ref.id },
    observe: async (_context, ref): Promise<Observation<Thing, z.output<typeof output>>> => {
      call("observe", ref);
      const thing = cloud.things.get(ref.id);
      if (!thing) return { state: "absent" };
      if (thing.busy) return { state: "busy", operation: thing.busy };
      return {
        state: "present",
        actual: thing,
        output: { kind: "thing", id: ref.id, address: `address-of-${ref.id}` },
        owner: thing.owner,
      };
    },
    fields: (wanted, actual) => [
      { path: "size", desired: () => wanted.size, actual: actual?.size, effect: "replace" },
      { path: "label", desired: () => wanted.label, actual: actual?.label, effect: "update" },
    ],
    apply: async (context, ref, wanted) => {
      await context.fence();
      call("apply", ref);
      cloud.things.set(ref.id, { owner: context.owner, size: wanted.size, label: wanted.label });
    },
    verify: async (_context, ref) => {
      call("verify", ref);
      return cloud.verdicts.get(ref.id)?.shift() ?? { ready: true };
    },
    destroy: async (_context, ref) => {
      call("destroy", ref);
      cloud.things.delete(ref.id);
      cloud.remains.delete(ref.id);
    },
  });
  return erased(step);
};

export const passing = (kind: "throttled" | "transient" | "busy", retryAfter?: number): Failure =>
  new Failure({
    kind,
    code: "Test",
    message: `a ${kind} answer`,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
