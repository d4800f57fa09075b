/**
 * One pipeline opened for work: checked, with inputs and secrets, its request and its world. What every command of
 * every host begins with.
 */
import type { Diagnostic } from "../language/diagnostic.ts";
import { evaluate } from "../language/evaluate.ts";
import type { Pipeline } from "../language/pipeline.ts";
import type { Value } from "../language/value.ts";
import type { Registry } from "../registry/registry.ts";
import type { Request } from "../run/prepare.ts";
import { createUse, type RunWorld } from "../run/world.ts";
import type { Environment } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import { Secret } from "../step/secret.ts";
import type { Machine } from "./machine.ts";
import { type OpenOptions, openInputs, openPipeline } from "./open-pipeline.ts";
import { createRequest } from "./request.ts";
import { createEnvironment, createRunWorld, type WorldOptions } from "./run-world.ts";
import { readSecrets, secretHole } from "./secrets.ts";

export interface SessionOptions extends OpenOptions {
  /** Nothing is asked of anybody: secrets are holes, and no subscription is needed. */
  readonly offline: boolean;
  /** Secrets that can't be had stay holes: to destroy needs none. */
  readonly lenientSecrets: boolean;
  readonly toolVersion: string;
  readonly world: Omit<WorldOptions, "strange">;
}

export interface Session {
  readonly pipeline: Pipeline;
  readonly request: Request;
  readonly world: RunWorld;
  readonly warnings: readonly Diagnostic[];
}

/** The pipeline's text has errors: all of them, with the text to show them in. */
export class InvalidPipeline extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;

  constructor(diagnostics: readonly Diagnostic[], text: string) {
    super("the pipeline is not valid");
    this.diagnostics = diagnostics;
    this.text = text;
  }
}

/** Throws InvalidPipeline, or a Failure (no such file, missing secret, no subscription). */
export const openSession = async (
  machine: Machine,
  base: Registry,
  options: SessionOptions,
): Promise<Session> => {
  const opened = await openPipeline(machine, base, options);
  if (!opened.pipeline) throw new InvalidPipeline(opened.diagnostics, opened.text);
  const { pipeline, registry, directory, text } = opened;
  const given = await openInputs(machine, pipeline, options);
  if (given.diagnostics.some(({ severity }) => severity === "error"))
    throw new InvalidPipeline(given.diagnostics, text);

  const around = { ...options.world, strange: !options.trustLocalSteps };
  const bare = createEnvironment(machine, directory, around);
  const secrets = options.offline
    ? new Map<string, Value>()
    : await readSecrets(machine, directory, pipeline, createUse(bare), options.lenientSecrets);
  const secret = (name: string): Value => secrets.get(name) ?? secretHole(name);
  const environment = { ...bare, credentials: credentialsOf(pipeline, secret) };
  const request = await createRequest({
    text,
    pipeline,
    registry,
    inputs: given.inputs,
    secret,
    subscription: options.world.subscription,
    tenant: machine.variables.AZURE_TENANT_ID,
    toolVersion: options.toolVersion,
    offline: options.offline,
  });
  const world = createRunWorld(machine, registry, environment, around);
  return { pipeline, request, world, warnings: [...opened.diagnostics, ...given.diagnostics] };
};

/** The pipeline's `credentials:`; a secret that nobody has yet leaves the client to the environment. */
const credentialsOf = (pipeline: Pipeline, secret: (name: string) => Value): Environment["credentials"] => {
  const read = (name: "cloudflare" | "github"): Secret | undefined => {
    const template = pipeline.credentials.get(name);
    if (!template) return undefined;
    const value = evaluate(template, { inputs: new Map(), secrets: secret, outputs: () => undefined });
    return value instanceof Secret ? value : undefined;
  };
  return { cloudflare: read("cloudflare"), github: read("github") };
};

/** For hosts that read a number from text. */
export const positiveInteger = (text: string | undefined, fallback: number, what: string): number => {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Failure({
    kind: "rejected",
    code: "P0440",
    message: `${what} is not a whole number above 0: ${text}`,
  });
};
