/** Where a step's thing lives, as short as a person knows it by. */
import type { PlannedStep } from "../plan/plan.ts";

/** The last part of an ARM id, all of every other; empty where it is not known. */
export const placeOf = ({ ref }: Pick<PlannedStep, "ref">): string => {
  if (!ref) return "";
  return ref.id.startsWith("/") ? (ref.id.split("/").filter(Boolean).at(-1) ?? "") : ref.id;
};
