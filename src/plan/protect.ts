/** What holds a protected thing stays with it: destroying a group would destroy all that is in it. Pure. */
import { livesIn } from "../step/ref.ts";
import type { PlannedStep } from "./plan.ts";

/** `kept`: ids of steps whose things must stay. Each thing that holds one of them, at any depth, is left as well. */
export const keepHolders = (
  steps: readonly PlannedStep[],
  kept: ReadonlySet<string>,
): readonly PlannedStep[] => {
  const staying = new Set(kept);
  let planned = steps;
  for (let before = -1; before !== staying.size; ) {
    before = staying.size;
    planned = planned.map((step): PlannedStep => {
      const { ref } = step;
      if (step.action !== "delete" || !ref) return step;
      const held = planned.find((other) => staying.has(other.id) && other.ref && livesIn(other.ref, ref));
      if (!held) return step;
      staying.add(step.id);
      return { ...step, action: "leave", changes: [], notes: [`holds \`${held.id}\`, which stays`] };
    });
  }
  return planned;
};
