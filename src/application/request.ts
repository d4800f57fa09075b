/** Puts together what planning and running work on: pipeline, inputs, secrets, loaded steps, graph. */
import { createHash } from "node:crypto";
import { buildGraph } from "../graph/graph.ts";
import { evaluate } from "../language/evaluate.ts";
import type { Pipeline } from "../language/pipeline.ts";
import type { Value } from "../language/value.ts";
import type { Binding } from "../plan/plan.ts";
import type { Setting } from "../plan/resolve.ts";
import type { Registry } from "../registry/registry.ts";
import type { Request } from "../run/prepare.ts";
import { Failure } from "../step/failure.ts";
import type { Site } from "../step/ref.ts";
import type { Scalar } from "../step/shape.ts";
import type { Step } from "../step/step.ts";

export interface RequestParts {
  readonly text: string;
  readonly pipeline: Pipeline;
  readonly registry: Registry;
  readonly inputs: ReadonlyMap<string, Scalar>;
  readonly secret: (name: string) => Value;
  /** Undefined where none was given. */
  readonly subscription: string | undefined;
  readonly tenant: string | undefined;
  readonly toolVersion: string;
  readonly offline: boolean;
}

/** Shown in place of a subscription that an offline plan was not given. */
export const unknownSubscription = "{subscription}";

export const createRequest = async (parts: RequestParts): Promise<Request> => {
  const { pipeline, registry, inputs, secret } = parts;
  const site = siteOf(parts);
  const steps = await loadSteps(pipeline, registry);
  const setting: Setting = { pipeline, steps, inputs, secret, site };
  const graph = buildGraph(
    new Map([...pipeline.steps.values()].map((step) => [step.id, step.dependencies.keys()])),
  );
  return { setting, graph, binding: bindingOf(parts), load: registry.load };
};

/** The instance is an expression over inputs alone, so it is known as soon as they are. */
export const instanceOf = (pipeline: Pipeline, inputs: ReadonlyMap<string, Scalar>): string => {
  const value = evaluate(pipeline.instance, {
    inputs,
    secrets: () => {
      throw new Error("the instance was checked to read inputs alone");
    },
    outputs: () => undefined,
    name: pipeline.name,
  });
  return String(value);
};

const siteOf = ({ pipeline, inputs, subscription, offline }: RequestParts): Site => {
  const azure = [...pipeline.steps.values()].find((step) => step.uses.startsWith("azure/"));
  if (azure && subscription === undefined && !offline) {
    throw new Failure({
      kind: "rejected",
      code: "P0421",
      message: `step \`${azure.id}\` needs an Azure subscription, and none is given`,
      hint: "set AZURE_SUBSCRIPTION_ID or pass `--subscription ID` (`az account show --query id`); `plan --offline` and `--sandbox` need none",
    });
  }
  return {
    pipeline: pipeline.name,
    instance: instanceOf(pipeline, inputs),
    subscription: subscription ?? unknownSubscription,
  };
};

const loadSteps = async (pipeline: Pipeline, registry: Registry): Promise<ReadonlyMap<string, Step>> => {
  const types = [...new Set([...pipeline.steps.values()].map((step) => step.uses))];
  return new Map(await Promise.all(types.map(async (type) => [type, await registry.load(type)] as const)));
};

const bindingOf = ({ text, inputs, subscription, tenant, toolVersion }: RequestParts): Binding => {
  const digest = createHash("sha256");
  digest.update(text);
  digest.update("\0");
  digest.update(JSON.stringify([...inputs].sort(([a], [b]) => (a < b ? -1 : 1))));
  return { tool: toolVersion, tenant, subscription, digest: digest.digest("hex") };
};
