/** From a path on disk to a checked pipeline with its inputs, or to what is wrong with them. */
import { dirname, resolve } from "node:path";
import { checkPipeline, usesLocalSteps } from "../language/check.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import { resolveInputs } from "../language/inputs.ts";
import { limits } from "../language/limits.ts";
import type { Pipeline } from "../language/pipeline.ts";
import { type Registry, withLocalSteps } from "../registry/registry.ts";
import { Failure } from "../step/failure.ts";
import type { Scalar } from "../step/shape.ts";
import { reasonOf } from "./file-errors.ts";
import { parseInputs, readInputsFile } from "./inputs-file.ts";
import { loadLocalSteps } from "./local-steps.ts";
import type { Machine } from "./machine.ts";

export interface OpenOptions {
  /** As the person wrote it. */
  readonly file: string;
  /** `k=v` of the command line, later ones winning. */
  readonly inputs: readonly string[];
  /** A YAML or JSON file of inputs. */
  readonly inputsFile?: string | undefined;
  /** The same as text, over those of the file: a host's `inputs` block. */
  readonly inputsText?: string | undefined;
  /** Whether `uses: ./…` may be loaded: it is code. */
  readonly trustLocalSteps: boolean;
}

export interface Opened {
  readonly text: string;
  /** Absolute folder of the pipeline file. */
  readonly directory: string;
  readonly registry: Registry;
  readonly pipeline: Pipeline | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const openPipeline = async (
  machine: Machine,
  base: Registry,
  options: OpenOptions,
): Promise<Opened> => {
  const path = resolve(machine.directory, options.file);
  const text = await readPipelineText(machine, path, options.file);
  const directory = dirname(path);
  const local = await loadLocalSteps(machine, directory, usesLocalSteps(text), options.trustLocalSteps);
  const registry = local.size > 0 ? withLocalSteps(base, local) : base;
  const { pipeline, diagnostics } = checkPipeline(text, { file: options.file, manifest: registry.manifest });
  return { text, directory, registry, pipeline, diagnostics };
};

/** How a pipeline's file is named by custom. One that was named outright may be called as people like. */
export const hasPipelineName = (file: string): boolean => /\.ya?ml$/.test(file);

const readPipelineText = async (machine: Machine, path: string, shown: string): Promise<string> => {
  try {
    // A file that is far too large is refused unread; the language says so for anything that reaches it.
    if ((await machine.size(path)) > 4 * limits.textLength) {
      throw new Failure({
        kind: "rejected",
        code: "P0001",
        message: `${shown} is larger than ${limits.textLength / 1024 / 1024} MB`,
        hint: "split it into several pipelines",
      });
    }
    return await machine.readText(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure({
      kind: "rejected",
      code: "P0430",
      message: `can't read ${shown}: ${reasonOf(error)}`,
      hint: "give the path of a pipeline file, as in `provision plan pipelines/static-ip.yaml`; `provision init` writes one",
    });
  }
};

/** Values for the pipeline's inputs: from the file first, then from the command line. */
export const openInputs = async (
  machine: Machine,
  pipeline: Pipeline,
  options: OpenOptions,
): Promise<{ readonly inputs: ReadonlyMap<string, Scalar>; readonly diagnostics: readonly Diagnostic[] }> => {
  const given = new Map<string, { value: unknown; from: string }>();
  if (options.inputsFile !== undefined) {
    for (const [name, value] of await readInputsFile(machine, options.inputsFile)) {
      given.set(name, { value, from: options.inputsFile });
    }
  }
  if (options.inputsText !== undefined) {
    for (const [name, value] of parseInputs(options.inputsText, "the block `inputs`"))
      given.set(name, { value, from: "`inputs`" });
  }
  for (const pair of options.inputs) {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new Failure({
        kind: "rejected",
        code: "P0431",
        message: `--input ${pair} has no value`,
        hint: "write it as `--input name=value`",
      });
    }
    given.set(pair.slice(0, at), { value: pair.slice(at + 1), from: "--input" });
  }
  return resolveInputs(pipeline, given);
};
