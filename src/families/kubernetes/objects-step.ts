/**
 * A step on a few objects whose names follow from its input: locate, observe, compare, apply and destroy are done
 * here. The step declares its objects as Drafts, its outputs, and what ready means.
 */
import type { z } from "zod";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { clusterRef } from "../../step/handle.ts";
import type { Owner, Ref, Site } from "../../step/ref.ts";
import type { Requirement } from "../../step/requirement.ts";
import { defineStep, type Observation, type Outputs, type Step, type Verdict } from "../../step/step.ts";
import { type ComparisonOptions, draftFields } from "./compare.ts";
import { built, type Draft, draftName } from "./draft.ts";
import { kubernetesFamily } from "./family.ts";
import { marksOf, ownerOf, withMarks } from "./marks.ts";
import { namesIn, objectId, objectsId } from "./object-id.ts";
import { heldBy, removeObjects } from "./removal.ts";

/** The step's objects as they are, by `objectId`; what is not there is not in it. */
export type LiveObjects = ReadonlyMap<string, KubernetesObject>;

export interface ObjectsStep<Input, Output extends Outputs> {
  readonly type: string;
  readonly version: number;
  readonly summary: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly volatile?: readonly (keyof Output & string)[];
  readonly predict: Step<Input, Output, LiveObjects>["predict"];
  requires?(input: Input): readonly Requirement[];
  /** Id of the cluster, from its handle. */
  cluster(input: Input): string;
  /** Every object that the step may make, in the order in which they are applied. They alone make up the Ref. */
  names(input: Input, site: Site): readonly ObjectName[];
  /** What shall be, of those names; one that is left out shall not be. */
  drafts(input: Input): readonly Draft[];
  /** Called when at least one of the objects is there. */
  outputs(live: LiveObjects, ref: Ref): Output;
  readonly effect?: ComparisonOptions["effect"];
  /** What ready means; all objects are there. `input` is complete. */
  check(context: StepContext, client: KubernetesClient, live: LiveObjects, input: Input): Promise<Verdict>;
}

/** The cluster that a Ref of this family lives in. */
export const clusterIn = (ref: Ref): Ref => {
  if (ref.within) return ref.within;
  throw new Failure({
    kind: "unexpected",
    code: "P0706",
    message: `${ref.id} names no cluster that it lives in`,
  });
};

/** Reads objects side by side. */
export const readObjects = async (
  client: KubernetesClient,
  names: readonly ObjectName[],
): Promise<LiveObjects> => {
  const found = await Promise.all(names.map((name) => client.get(name)));
  const entries = names.flatMap((name, index): [string, KubernetesObject][] => {
    const live = found[index];
    return live ? [[objectId(name), live]] : [];
  });
  return new Map(entries);
};

/** One that is not marked makes all of them unowned: nothing of it may be written before somebody agrees. */
const ownerOfAll = (live: LiveObjects): Owner | undefined => {
  const owners = [...live.values()].map(ownerOf);
  return owners.some((owner) => owner === undefined) ? undefined : owners[0];
};

/** An observation from objects as read: absent, on their way out, or there. */
export const observationOf = <Output extends Outputs>(
  live: LiveObjects,
  outputs: () => Output,
): Observation<LiveObjects, Output> => {
  if (live.size === 0) return { state: "absent" };
  for (const object of live.values()) {
    const { deletionTimestamp } = object.metadata;
    if (deletionTimestamp === undefined) continue;
    const held = heldBy(object)[0];
    return {
      state: "busy",
      operation: held ? `Terminating, held by ${held}` : "Terminating",
      since: Date.parse(deletionTimestamp) || undefined,
    };
  }
  return { state: "present", actual: live, output: outputs(), owner: ownerOfAll(live) };
};

export const defineObjectsStep = <Input, Output extends Outputs>(
  step: ObjectsStep<Input, Output>,
): Step<Input, Output, LiveObjects> => {
  const client = (context: StepContext, ref: Ref) => context.use(kubernetes(clusterIn(ref)));

  return defineStep<Input, Output, LiveObjects>({
    type: step.type,
    version: step.version,
    summary: step.summary,
    input: step.input,
    output: step.output,
    family: kubernetesFamily,
    predict: step.predict,
    ...(step.timeout !== undefined && { timeout: step.timeout }),
    ...(step.volatile && { volatile: step.volatile }),
    ...(step.requires && { requires: (input) => step.requires?.(input) ?? [] }),
    render: async (_, input) => ({ objects: step.drafts(input).map(draftName) }),

    locate: (input, site) => ({
      type: step.type,
      version: step.version,
      id: objectsId(step.names(input, site)),
      within: clusterRef({ id: step.cluster(input) }),
    }),

    observe: async (context, ref) => {
      const live = await readObjects(await client(context, ref), namesIn(ref.id));
      return observationOf(live, () => step.outputs(live, ref));
    },

    fields: (input, actual) => {
      const drafts = step.drafts(input);
      return drafts.flatMap((draft) =>
        draftFields(draft, actual?.get(objectId(draftName(draft))), {
          ...(drafts.length === 1 && { prefix: "" }),
          ...(step.effect && { effect: step.effect }),
        }),
      );
    },

    apply: async (context, ref, input, observed) => {
      const api = await client(context, ref);
      const marks = marksOf(context.owner, ref);
      const drafts = step.drafts(input);
      for (const draft of drafts) {
        await context.fence();
        await api.apply(withMarks(built(draft), marks), { force: true });
      }
      if (observed.state !== "present") return;
      const wanted = new Set(drafts.map((draft) => objectId(draftName(draft))));
      await removeObjects(
        context,
        api,
        ref,
        namesIn(ref.id).filter((name) => !wanted.has(objectId(name))),
      );
    },

    verify: async (context, ref, input) => {
      const api = await client(context, ref);
      const live = await readObjects(api, namesIn(ref.id));
      const missing = step.drafts(input).find((draft) => !live.has(objectId(draftName(draft))));
      if (missing) {
        return {
          ready: false,
          reason: `${objectId(draftName(missing))} is not there`,
          worthWaiting: false,
          hint: "Run `provision up` again: it makes what is missing.",
        };
      }
      return step.check(context, api, live, input);
    },

    destroy: async (context, ref) => {
      const names = namesIn(ref.id).toReversed();
      await removeObjects(context, await client(context, ref), ref, names, "Foreground");
    },
  });
};
