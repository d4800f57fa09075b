/** Makes the context of one step from the run's world: its owner, its fence, its progress as events. */
import type { StepContext } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import type { Owner, Ref } from "../step/ref.ts";
import type { Holds } from "./holds.ts";
import type { RunWorld } from "./world.ts";

export interface ContextParts {
  readonly world: RunWorld;
  readonly owner: Owner;
  readonly ref: Ref;
  readonly holds: Holds;
  readonly dies: (ref: Ref) => boolean;
}

export const createContext = ({ world, owner, ref, holds, dies }: ContextParts): StepContext => ({
  use: world.use,
  environment: world.environment,
  signal: AbortSignal.any([world.signal, holds.lost]),
  clock: world.clock,
  owner,
  dies,
  fence: async () => {
    if (world.signal.aborted) throw new Failure({ kind: "cancelled", code: "P0520", message: "cancelled" });
    await holds.fence(ref);
  },
  report: (progress) => {
    switch (progress.kind) {
      case "operation":
      case "waiting":
      case "notice":
      case "warning":
        world.emit({ ...progress, step: owner.step });
    }
  },
});
