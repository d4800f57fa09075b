/**
 * The step contract, once for every ARM resource: one id, get, put and delete, tags for our marks, and
 * `provisioningState` for what is going on. A step on it says what is desired, setting by setting, what its
 * outputs are, and what ready means.
 */
import type { Observation, Outputs, Step, Verdict } from "../../step/step.ts";
import { bring } from "./bring.ts";
import { armFamily } from "./family.ts";
import { sameScope, tagMarks } from "./marks.ts";
import type { Model } from "./model.ts";
import { removeResource } from "./operation.ts";
import { type ArmStep, busyWith, conditionOf, etagOf, notOurs, readModel } from "./resource.ts";
import { fieldsOf } from "./setting.ts";

export const defineArmStep = <Input, Output extends Outputs>(
  definition: ArmStep<Input, Output>,
): Step<Input, Output, Model> => {
  const { apiVersion, settings, marks = tagMarks("tags") } = definition;
  return {
    type: definition.type,
    version: 1,
    summary: definition.summary,
    input: definition.input,
    output: definition.output,
    family: armFamily,
    readOnly: definition.readOnly ?? false,
    volatile: definition.volatile ?? [],
    locate: definition.locate,
    predict: definition.predict,
    requires: (input) => definition.requires?.(input) ?? [],

    observe: async (context, ref): Promise<Observation<Model, Output>> => {
      const model = await readModel(context, definition, ref.id);
      if (!model) return { state: "absent" };
      const condition = conditionOf(model);
      if (condition.state === "busy") return condition;
      return {
        state: "present",
        actual: model,
        output: definition.outputs(model, ref),
        owner: marks.read(model),
        etag: etagOf(model),
        failed: condition.state === "failed" ? condition.reason : undefined,
      };
    },

    fields: (input, actual) => fieldsOf(settings, input, actual),

    apply: (context, ref, input, observed) => bring(context, definition, ref, input, observed),

    verify: async (context, ref, input): Promise<Verdict> => {
      const model = await readModel(context, definition, ref.id);
      if (!model) return { ready: false, reason: "it is not there", worthWaiting: !definition.readOnly };
      const condition = conditionOf(model);
      switch (condition.state) {
        case "busy":
          return { ready: false, reason: `${condition.operation} is running`, worthWaiting: true };
        case "failed":
          return { ready: false, reason: condition.reason, worthWaiting: false, hint: activityLog(ref.id) };
        case "settled":
          return definition.ready?.(model, input) ?? { ready: true };
      }
    },

    destroy: async (context, ref) => {
      if (definition.readOnly) return;
      const model = await readModel(context, definition, ref.id);
      if (!model) return;
      const owner = marks.read(model);
      if (!owner || !sameScope(owner, context.owner)) throw notOurs(ref);
      const condition = conditionOf(model);
      if (condition.state === "busy" && condition.operation !== "Deleting")
        throw busyWith(ref, condition.operation);
      await definition.mayDestroy?.(context, ref);
      const match = definition.conditional ? etagOf(model) : undefined;
      await removeResource(context, ref.id, apiVersion, { match });
    },
  };
};

const activityLog = (id: string): string =>
  `See why: \`az monitor activity-log list --resource-id ${id} --status Failed\`.`;
