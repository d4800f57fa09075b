import type { Family, Step } from "../step/step.ts";
export const steps: Readonly<Record<string, () => Promise<Step>>> = {};
export const families: readonly (() => Promise<Family>)[] = [];
