/** Removes one thing: waits for what runs on it, checks again whose it is, destroys it, and sees it gone. */
import type { StepContext } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import type { Owner, Ref, Scope } from "../step/ref.ts";
import type { Step } from "../step/step.ts";
import type { Holds } from "./holds.ts";
import { lookWhenIdle, perseverance } from "./look.ts";
import { defaultTimeout } from "./observe.ts";
import { persevere } from "./persevere.ts";
import type { RunWorld } from "./world.ts";

export interface Destruction {
  readonly world: RunWorld;
  readonly holds: Holds;
  readonly context: StepContext;
  readonly step: Step;
  readonly ref: Ref;
  readonly scope: Scope;
  /** Milliseconds, from the pipeline. */
  readonly timeout?: number | undefined;
  /**
   * It was found by its marks, which say whose it is: what they are on goes even where a look finds the thing itself
   * no more, as after a removal that was cut short. Default: false.
   */
  readonly marked?: boolean;
}

/** Absent is success. Throws a Failure where the thing is not ours or will not go. */
export const destroyThing = async (destruction: Destruction): Promise<void> => {
  const { world, holds, context, step, ref, scope } = destruction;
  const deadline = world.clock.now() + (destruction.timeout ?? step.timeout ?? defaultTimeout);
  const looking = { world, context, step, ref, deadline };
  await persevere(
    async () => {
      const observation = await lookWhenIdle(looking);
      if (observation.state === "present") requireOurs(observation.owner, ref, scope);
      else if (!destruction.marked) return;
      await context.fence();
      await holds.leave(ref);
      await step.destroy(context, ref);
    },
    perseverance(world, context.owner.step, deadline),
  );
};

const requireOurs = (owner: Owner | undefined, ref: Ref, scope: Scope): void => {
  if (owner?.pipeline === scope.pipeline && owner.instance === scope.instance) return;
  throw new Failure({
    kind: "conflict",
    code: "P0415",
    message: `${ref.id} is not destroyed: it carries ${owner ? `the marks of ${owner.pipeline}/${owner.instance}` : "no marks of ours"}`,
    resource: ref.id,
  });
};
