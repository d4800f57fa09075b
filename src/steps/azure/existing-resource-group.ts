/** A resource group that is already there and stays: looked up, never written or deleted. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { resourceGroupId } from "../../clients/azure/id.ts";
import { textAt } from "../../families/arm/model.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { resourceGroupHandle } from "../../step/handle.ts";

const input = z.object({
  name: z.string().min(1).max(90).describe("Name of the group, in the run's subscription."),
});

export default defineArmStep({
  type: "azure/existing-resource-group",
  summary: "Looks up a resource group that somebody else made.",
  input,
  output: resourceGroupHandle,
  readOnly: true,
  apiVersion: apiVersions.resources,
  locate: ({ name }, { subscription }) => ({
    type: "azure/existing-resource-group",
    version: 1,
    id: resourceGroupId(subscription, name),
  }),
  predict: {
    kind: () => "resource-group" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
  },
  requires: ({ name }) => [
    {
      kind: "permission",
      action: "Microsoft.Resources/subscriptions/resourceGroups/read",
      scope: `/resourceGroups/${name}`,
    },
  ],
  settings: [],
  outputs: (model, ref) => ({
    kind: "resource-group" as const,
    id: ref.id,
    name: ref.id.split("/").at(-1) ?? "",
    location: textAt(model, "location") ?? "",
  }),
});
