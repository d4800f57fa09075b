/** The family of what is only asked over HTTP: nothing of ours is left anywhere, so nothing is ever found. */
import type { Family } from "../../step/step.ts";

export const httpFamily: Family = { name: "http", discover: async () => [] };
