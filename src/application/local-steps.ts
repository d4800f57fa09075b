/**
 * Loads a pipeline's own steps (`uses: ./steps/announce.ts`). A local step file exports a function that is given
 * what it needs to define a step, so that it installs nothing beside a bundle.
 */
import { resolve } from "node:path";
import { z } from "zod";
import { isStep } from "../registry/erasure.ts";
import { Failure } from "../step/failure.ts";
import * as handles from "../step/handle.ts";
import { secret } from "../step/secret.ts";
import { defineStep, type Step } from "../step/step.ts";
import { reasonOf } from "./file-errors.ts";
import type { Machine } from "./machine.ts";

/** What a local step file is given: `export default (p: Provision) => p.defineStep({ … })`. */
export const provision = { defineStep, z, secret, Failure, handles };
export type Provision = typeof provision;

export const loadLocalSteps = async (
  machine: Machine,
  directory: string,
  paths: readonly string[],
  trusted: boolean,
): Promise<ReadonlyMap<string, Step>> => {
  const steps = new Map<string, Step>();
  for (const path of paths) {
    if (!trusted) {
      throw new Failure({
        kind: "rejected",
        code: "P0433",
        message: `${path} is code, and this pull request comes from a fork: it is not loaded`,
        hint: "pass `--trust-local-steps` if you have read it",
      });
    }
    steps.set(path, await loadLocalStep(machine, resolve(directory, path), path));
  }
  return steps;
};

const loadLocalStep = async (machine: Machine, path: string, shown: string): Promise<Step> => {
  const refuse = (message: string) =>
    new Failure({
      kind: "rejected",
      code: "P0434",
      message: `local step ${shown}: ${message}`,
      hint: "a local step file reads `export default (p) => p.defineStep({ … })`",
    });
  let exported: unknown;
  try {
    exported = await machine.importModule(path);
  } catch (error) {
    throw refuse(reasonOf(error));
  }
  if (typeof exported !== "function") throw refuse("its default export is not a function");
  const made: unknown = exported(provision);
  if (!isStep(made)) throw refuse("its default export does not return a step");
  return made;
};
