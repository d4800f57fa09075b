/** Loads every step of src/steps, checks that each is what the contract says, and finds where its family lives. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isStep } from "../../src/registry/erasure.ts";
import type { Family, Step } from "../../src/step/step.ts";

export interface LoadedStep {
  /** Below the root, with `/`: `src/steps/azure/public-ip.ts`. */
  readonly path: string;
  readonly step: Step;
  /** The file's `export const example`, YAML for its reference page. */
  readonly example: string | undefined;
}

/** What a module exports, by name. */
export type Exports = ReadonlyMap<string, unknown>;

/** Paths below `root` of all TypeScript files of a folder and its subfolders, sorted. */
export const sourcesIn = async (root: string, folder: string): Promise<readonly string[]> => {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
};

export const exportsOf = async (root: string, path: string): Promise<Exports> => {
  const loaded: object = await import(pathToFileURL(join(root, path)).href);
  return new Map(Object.entries(loaded));
};

/**
 * Every step, sorted by type. A file without a default export is not a step.
 * @throws where a default export is not a step, or its type is not its path.
 */
export const loadSteps = async (root: string): Promise<readonly LoadedStep[]> => {
  const steps: LoadedStep[] = [];
  for (const path of await sourcesIn(root, "src/steps")) {
    const exports = await exportsOf(root, path);
    const step = exports.get("default");
    if (step === undefined) continue;
    if (!isStep(step))
      throw new Error(`${path}: the default export is not a step; make it with defineStep({...})`);
    const expected = path.replace("src/steps/", "").replace(/\.ts$/, "");
    if (step.type !== expected)
      throw new Error(`${path}: its type is \`${step.type}\`, but its path says \`${expected}\``);
    const example = exports.get("example");
    steps.push({ path, step, example: typeof example === "string" ? example : undefined });
  }
  return steps.sort((a, b) => (a.step.type < b.step.type ? -1 : 1));
};

/** Where a family can be imported from: by an export of src/families, else through a step that has it. */
export interface FamilyPlace {
  readonly path: string;
  readonly expression: string;
}

/**
 * The place of every distinct family of the steps, sorted by the family's name.
 * @throws where two different families have the same name.
 */
export const familyPlaces = async (
  root: string,
  steps: readonly LoadedStep[],
): Promise<ReadonlyMap<string, FamilyPlace>> => {
  const exported = new Map<unknown, FamilyPlace>();
  for (const path of await sourcesIn(root, "src/families")) {
    for (const [name, value] of await exportsOf(root, path)) {
      if (!exported.has(value)) exported.set(value, { path, expression: name });
    }
  }
  const byName = new Map<string, { family: Family; place: FamilyPlace }>();
  for (const { path, step } of steps) {
    const known = byName.get(step.family.name);
    if (known && known.family !== step.family) {
      throw new Error(
        `${path}: another family is named \`${step.family.name}\`, too; a family is one object`,
      );
    }
    const place = exported.get(step.family) ?? { path, expression: "default.family" };
    if (!known) byName.set(step.family.name, { family: step.family, place });
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, { place }]) => [name, place]));
};
