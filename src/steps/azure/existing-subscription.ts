/** The run's own subscription: looked up, never written. What a login needs to know, and what roles can be held on. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { textAt } from "../../families/arm/model.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { subscriptionHandle } from "../../step/handle.ts";

const type = "azure/existing-subscription";

export default defineArmStep({
  type,
  summary: "Looks up the run's subscription and its tenant.",
  input: z.object({}),
  output: subscriptionHandle,
  readOnly: true,
  apiVersion: apiVersions.subscriptions,
  locate: (_, { subscription }) => ({ type, version: 1, id: `/subscriptions/${subscription}` }),
  predict: {
    kind: () => "subscription" as const,
    id: (_, ref) => ref.id,
    subscriptionId: (_, ref) => ref.id.split("/")[2] ?? "",
  },
  requires: () => [
    { kind: "permission", action: "Microsoft.Resources/subscriptions/read", scope: "", when: "reading" },
  ],
  settings: [],
  outputs: (model, ref) => ({
    kind: "subscription" as const,
    id: ref.id,
    subscriptionId: ref.id.split("/")[2] ?? "",
    tenantId: textAt(model, "tenantId") ?? "",
    name: textAt(model, "displayName") ?? "",
  }),
});
