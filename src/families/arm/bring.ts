/**
 * Brings an ARM resource to what is desired: reads it again, looks at its owner again, and puts the whole desired
 * body over what is there. The same for a resource that exists and one that does not.
 */
import { azure, type Condition } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import type { Observation, Outputs } from "../../step/step.ts";
import { sameScope, tagMarks } from "./marks.ts";
import { at, isObject, type Model, without } from "./model.ts";
import { finish, removeResource } from "./operation.ts";
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
  const impossible = definition.check?.(input);
  if (impossible) throw impossible;
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
  const { marks = tagMarks("tags") } = definition;
  for (let race = 1; ; race += 1) {
    const model = await readModel(context, definition, ref.id);
    const condition = model ? conditionOf(model) : undefined;
    if (condition?.state === "busy") throw busyWith(ref, condition.operation);
    if (model) refuseForeign(context.owner, ref, marks.read(model), observed);
    const body = marks.write(bodyOf(settings, input, model), context.owner, ref);
    try {
      if (model && definition.immutable) {
        if (equal(body, model)) return;
        await removeResource(context, ref.id, definition.apiVersion, {});
        const anew = marks.write(bodyOf(settings, input, undefined), context.owner, ref);
        await put(context, ref.id, definition.apiVersion, anew, {}, "Creating");
        return;
      }
      await writeResource(context, definition, ref, body, model, condition?.state === "failed");
      await writeCompanions(context, definition, ref, body, model);
      return;
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

const writeResource = async <Input, Output extends Outputs>(
  context: StepContext,
  definition: ArmStep<Input, Output>,
  ref: Ref,
  body: Model,
  model: Model | undefined,
  isBroken: boolean,
): Promise<void> => {
  const wanted = without(body, ["companions"]);
  if (model && !isBroken && equal(wanted, without(model, ["companions"]))) return;
  const condition = definition.conditional ? { match: model && etagOf(model), absent: !model } : {};
  const prepared = definition.prepare?.(wanted) ?? wanted;
  await put(
    context,
    ref.id,
    definition.apiVersion,
    without(prepared, envelope),
    condition,
    model ? "Updating" : "Creating",
  );
};

const writeCompanions = async <Input, Output extends Outputs>(
  context: StepContext,
  { apiVersion, companions = [] }: ArmStep<Input, Output>,
  ref: Ref,
  body: Model,
  model: Model | undefined,
): Promise<void> => {
  for (const { name, suffix } of companions) {
    const wanted = at(body, `companions.${name}`);
    if (!isObject(wanted) || equal(wanted, at(model, `companions.${name}`))) continue;
    await put(context, `${ref.id}${suffix}`, apiVersion, without(wanted, envelope), {}, "Updating");
  }
};

const put = async (
  context: StepContext,
  id: string,
  apiVersion: string,
  body: Model,
  condition: Condition,
  operation: string,
): Promise<void> => {
  const client = await context.use(azure);
  await context.fence();
  const begun = await client.put(id, apiVersion, body, condition, context.signal);
  await finish(context, client, begun, operation, id);
};

/** The runner has judged what it observed; this is about what came between. */
const refuseForeign = (
  owner: Owner,
  ref: Ref,
  found: Owner | undefined,
  observed: Observation<Model, Outputs>,
): void => {
  if (found && sameScope(found, owner)) return;
  // Unmarked then and now: the runner would not be here without `adopt`.
  if (!found && observed.state === "present" && observed.owner === undefined) return;
  throw notOurs(ref);
};

/** What ARM itself writes into every resource. */
const envelope = [
  "id",
  "name",
  "type",
  "systemData",
  "etag",
  "eTag",
  "properties.eTag",
  "properties.provisioningState",
];
