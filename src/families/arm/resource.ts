/** An ARM resource as a step on the family describes it, and what its JSON says of its state. */
import type { z } from "zod";
import { azure } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref, Site } from "../../step/ref.ts";
import type { Requirement } from "../../step/requirement.ts";
import type { Outputs, Step, Verdict } from "../../step/step.ts";
import type { Marks } from "./marks.ts";
import { jsonObject, type Model, textAt } from "./model.ts";
import type { Setting } from "./setting.ts";

export interface ArmStep<Input, Output extends Outputs> {
  readonly type: string;
  readonly summary: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly volatile?: readonly (keyof Output & string)[];
  readonly readOnly?: boolean;
  /** API version of this resource type. */
  readonly apiVersion: string;
  /** Whether the service honours If-Match and If-None-Match. */
  readonly conditional?: boolean;
  /**
   * The service changes nothing of it in place, and nothing hangs on it: an update deletes it and makes it anew.
   * A run that is killed in between leaves it absent, and the next one makes it.
   */
  readonly immutable?: boolean;
  /** Where the resource is, from names alone. */
  locate(input: Input, site: Site): Ref;
  readonly predict: Step<Input, Output>["predict"];
  requires?(input: Input): readonly Requirement[];
  readonly settings: readonly Setting<Input>[];
  /** Where the marks are; in `tags` unless said otherwise. */
  readonly marks?: Marks;
  /** Settings that the service keeps in a resource of its own below this one. */
  readonly companions?: readonly Companion[];
  /** Takes out of a body what the service alone writes, and would refuse or misread in a PUT. */
  prepare?(body: Model): Model;
  /** What makes an input impossible although each part of it is possible. Asked before the first write. */
  check?(input: Input): Failure | undefined;
  /** Outputs from the resource as it is. */
  outputs(model: Model, ref: Ref): Output;
  /** Asked once `provisioningState` is `Succeeded`; ready where left out. */
  ready?(model: Model, input: Input): Verdict;
  /** Throws a Failure where it may not go: a group that holds things of others. */
  mayDestroy?(context: StepContext, ref: Ref): Promise<void>;
}

/** A resource below another that holds part of its settings. It has no marks, and dies with it. */
export interface Companion {
  /** Where its JSON is in the model: `companions.<name>`. */
  readonly name: string;
  /** Its id below the resource's: `/maintenanceConfigurations/default`. */
  readonly suffix: string;
}

type Condition =
  | { readonly state: "settled" }
  | { readonly state: "busy"; readonly operation: string; readonly since?: number | undefined }
  | { readonly state: "failed"; readonly reason: string };

/** What `provisioningState` says; resources without one are settled. */
export const conditionOf = (model: Model): Condition => {
  const state = textAt(model, "properties.provisioningState") ?? "Succeeded";
  switch (state.toLowerCase()) {
    case "succeeded":
      return { state: "settled" };
    case "failed":
    case "canceled":
    case "cancelled":
      return { state: "failed", reason: `its last operation ended as ${state}` };
    default: {
      const since = Date.parse(textAt(model, "systemData.lastModifiedAt") ?? "");
      return { state: "busy", operation: state, since: Number.isNaN(since) ? undefined : since };
    }
  }
};

/** The resource as it is, its companions' JSON below `companions`; undefined where it is not there. */
export const readModel = async (
  context: StepContext,
  definition: Pick<ArmStep<never, Outputs>, "apiVersion" | "companions">,
  id: string,
): Promise<Model | undefined> => {
  const client = await context.use(azure);
  const read = (path: string) => client.get(path, definition.apiVersion, jsonObject, context.signal);
  const model = await read(id);
  const { companions = [] } = definition;
  if (!model || companions.length === 0) return model;
  const bodies = await Promise.all(
    companions.map(
      async ({ name, suffix }) => [name, await read(`${id}${suffix}`).catch(unknownType)] as const,
    ),
  );
  return { ...model, companions: Object.fromEntries(bodies) };
};

/** A cloud that does not know a companion's type (Azure Stack, an emulator) has none; a write to it says so. */
const unknownType = (error: unknown): undefined => {
  if (error instanceof Failure && /^InvalidResourceType$/i.test(error.code)) return undefined;
  throw error;
};

export const etagOf = (model: Model): string | undefined =>
  textAt(model, "eTag") ?? textAt(model, "etag") ?? textAt(model, "properties.eTag");

export const notOurs = (ref: Ref): Failure =>
  new Failure({
    kind: "conflict",
    code: "P0810",
    message: "it does not carry this pipeline's marks, so it is left alone",
    resource: ref.id,
  });

export const busyWith = (ref: Ref, operation: string): Failure =>
  new Failure({ kind: "busy", code: "P0811", message: `${operation} is running on it`, resource: ref.id });
