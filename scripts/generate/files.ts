/** Every generated file with its text: what `scripts/generate.ts` writes and the drift test compares. */

import { codes } from "../../src/language/codes.ts";
import { pipelineSchema } from "../../src/language/schema.ts";
import { manifestOf } from "../../src/registry/step-manifest.ts";
import type { Manifest } from "../../src/step/shape.ts";
import { behavioursModule } from "./behaviours-module.ts";
import { codesPage } from "./codes-page.ts";
import { kindsModule } from "./kinds-module.ts";
import { loadSteps } from "./load-steps.ts";
import { loadersModule, manifestModule } from "./registry-modules.ts";
import { indexPage, pageName, stepPage } from "./step-page.ts";

/** Folders in which every file is generated. */
export const ownedFolders: readonly string[] = ["docs/steps"];

/**
 * From path (below `root`, with `/`) to text. Sorted and free of times, so that it is the same everywhere.
 * @throws where a step is not as the contract says, or its schemas are outside the closed subset of zod.
 */
export const generatedFiles = async (root: string): Promise<ReadonlyMap<string, string>> => {
  const steps = await loadSteps(root);
  const entries = steps.map(({ step, example }) => ({ step: manifestOf(step), example }));
  const manifests = entries.map((entry) => entry.step);
  const manifest: Manifest = Object.fromEntries(manifests.map((step) => [step.type, step]));
  const files = new Map<string, string>([
    ["src/registry/manifest.generated.ts", manifestModule(manifest)],
    ["src/registry/loaders.generated.ts", await loadersModule(root, steps)],
    ["src/sandbox/kubernetes/behaviours.generated.ts", await behavioursModule(root)],
    ["src/sandbox/arm/kinds.generated.ts", await kindsModule(root)],
    ["docs/steps/README.md", indexPage(manifests)],
    ["docs/codes.md", codesPage(codes)],
    ["schema.json", `${JSON.stringify(pipelineSchema(manifest), undefined, 2)}\n`],
  ]);
  for (const { step, example } of entries) {
    files.set(`docs/steps/${pageName(step.type)}`, stepPage(step, manifests, example));
  }
  return files;
};
