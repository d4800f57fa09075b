/**
 * The registry: every step type's manifest entry at once, and its code on demand, so that checking a pipeline loads
 * no SDK. Made of generated parts (`node scripts/generate.ts`); handed to everything by the hosts.
 */
import type { Manifest } from "../step/shape.ts";
import type { Family, Step } from "../step/step.ts";
import { families, steps } from "./loaders.generated.ts";
import { manifest } from "./manifest.generated.ts";
import { manifestOf } from "./step-manifest.ts";

export interface Registry {
  readonly manifest: Manifest;
  /** Loads a step's code. Rejects for a type that is not in the manifest, which a checked pipeline never names. */
  load(type: string): Promise<Step>;
  /** Loads every family, each once: what finding orphans asks. */
  families(): Promise<readonly Family[]>;
}

/** All steps that come with the product. */
export const registry: Registry = {
  manifest,
  load: async (type) => {
    const loader = Object.hasOwn(steps, type) ? steps[type] : undefined;
    if (!loader) throw new Error(`There is no step type \`${type}\`.`);
    return loader();
  },
  families: () => Promise.all(Object.values(families).map((load) => load())),
};

/**
 * The registry with a pipeline's own steps in it.
 * @param local from `uses` as the pipeline writes it (`./steps/announce.ts`) to the step that the file exports.
 * @throws UnsupportedSchema where a local step's schemas are outside the closed subset of zod.
 */
export const withLocalSteps = (base: Registry, local: ReadonlyMap<string, Step>): Registry => {
  const entries = [...local].map(([uses, step]) => [uses, manifestOf(step)] as const);
  return {
    manifest: { ...base.manifest, ...Object.fromEntries(entries) },
    load: async (type) => local.get(type) ?? base.load(type),
    families: async () => {
      const known = await base.families();
      return [...new Set([...known, ...[...local.values()].map((step) => step.family)])];
    },
  };
};
