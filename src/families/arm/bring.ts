/**
 * Brings an ARM resource to what is desired: reads it again, looks at its owner again, and puts the whole desired
 * body over what is there. The same for a resource that exists and one that does not.
 */
import { azure } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import type { Observation, Outputs } from "../../step/step.ts";
import { marksOf, ownerOf, sameScope } from "./marks.ts";
import { type Model, tagsOf, withValue } from "./model.ts";
import { finish } from "./operation.ts";
import { type ArmStep, busyWith, conditionOf, etagOf, notOurs, readModel } from "./resource.ts";
import { bodyOf, equal, type Setting } from "./setting.ts";

/** So often a write that lost a race for the ETag is made anew from what is there then. */
const races = 3;

export const bring = async <Input, Output extends Outputs>(
  context: StepContext,
  definition: ArmStep<Input, Output>,
  ref: Ref,
  input: Input,
  observed: Observation<Model, Output>,
): Promise<void> => {
  const stages = [...new Set(definition.settings.map(({ stage = 0 }) => stage))].sort((a, b) => a - b);
  for (const stage of stages.length === 0 ? [0] : stages) {
    const settings = definition.settings.filter((setting) => (setting.stage ?? 0) <= stage);
    await bringSettings(context, definition, ref, input, observed, settings);
  }
};

const bringSettings = async <Input, Output extends Outputs>(
  context: StepContext,
  definition: ArmStep<Input, Output>,
  ref: Ref,
  input: Input,
  observed: Observation<Model, Output>,
  settings: readonly Setting<Input>[],
): Promise<void> => {
  for (let race = 1; ; race += 1) {
    const model = await readModel(context, ref.id, definition.apiVersion);
    const condition = model ? conditionOf(model) : undefined;
    if (condition?.state === "busy") throw busyWith(ref, condition.operation);
    if (model) refuseForeign(context.owner, ref, model, observed);
    const body = marked(bodyOf(settings, input, model), context.owner, ref);
    if (model && condition?.state === "settled" && equal(body, model)) return;
    try {
      return await write(context, definition, ref, body, model);
    } catch (error) {
      if (
        !(error instanceof Failure) ||
        error.kind !== "conflict" ||
        !definition.conditional ||
        race >= races
      ) {
        throw error;
      }
    }
  }
};

const write = async <Input, Output extends Outputs>(
  context: StepContext,
  definition: ArmStep<Input, Output>,
  ref: Ref,
  body: Model,
  model: Model | undefined,
): Promise<void> => {
  const client = await context.use(azure);
  const condition = definition.conditional ? { match: model && etagOf(model), absent: !model } : {};
  await context.fence();
  const begun = await client.put(
    ref.id,
    definition.apiVersion,
    withoutServerWritten(body, definition.serverWritten ?? []),
    condition,
    context.signal,
  );
  await finish(context, client, begun, model ? "Updating" : "Creating", ref.id);
};

/** The runner has judged what it observed; this is about what came between. */
const refuseForeign = (owner: Owner, ref: Ref, model: Model, observed: Observation<Model, Outputs>): void => {
  const found = ownerOf(tagsOf(model));
  if (found && sameScope(found, owner)) return;
  // Unmarked then and now: the runner would not be here without `adopt`.
  if (!found && observed.state === "present" && observed.owner === undefined) return;
  throw notOurs(ref);
};

const marked = (body: Model, owner: Owner, ref: Ref): Model =>
  withValue(body, "tags", { ...tagsOf(body), ...marksOf(owner, ref) });

const envelope = ["id", "name", "type", "systemData", "etag", "eTag", "properties.provisioningState"];

const withoutServerWritten = (body: Model, paths: readonly string[]): Model =>
  [...envelope, ...paths].reduce((kept, path) => withValue(kept, path, undefined), body);
