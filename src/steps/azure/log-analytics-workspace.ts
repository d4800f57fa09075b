/** A Log Analytics workspace, which a cluster's container insights write to. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { tagsSetting } from "../../families/arm/entries.ts";
import { locateInGroup, requiresInGroup } from "../../families/arm/in-group.ts";
import { regionInGroup, tagsInput } from "../../families/arm/inputs.ts";
import { textAt, without } from "../../families/arm/model.ts";
import { locationSetting, sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { resourceGroupHandle, workspaceHandle } from "../../step/handle.ts";

const type = "azure/log-analytics-workspace";
const armType = "Microsoft.OperationalInsights/workspaces";

const input = z.object({
  group: resourceGroupHandle.describe("The group to make the workspace in."),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/)
    .describe("Name of the workspace, 4 to 63 letters, digits and `-`."),
  location: regionInGroup,
  retention: z.number().int().min(30).max(730).default(30).describe("Days that data is kept; 30 by default."),
  tags: tagsInput,
});
type Input = z.output<typeof input>;

const output = workspaceHandle.extend({
  customerId: z.string().describe("Workspace id (GUID), which queries and agents name."),
});

export default defineArmStep({
  type,
  summary: "A Log Analytics workspace for logs and metrics of clusters.",
  input,
  output,
  apiVersion: apiVersions.workspaces,
  locate: locateInGroup(type, armType),
  predict: {
    kind: () => "workspace" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
  },
  requires: (given) => requiresInGroup(armType, given),
  settings: [
    locationSetting<Input>(),
    // The service writes `pergb2018` in whatever case it likes.
    { path: "sku.name", desired: () => "PerGB2018", effect: "update", same: sameText },
    { path: "retentionInDays", desired: ({ retention }) => retention, effect: "update" },
    tagsSetting<Input>(),
  ],
  prepare: (body) =>
    without(body, ["properties.customerId", "properties.createdDate", "properties.modifiedDate"]),
  outputs: (model, ref) => ({
    kind: "workspace" as const,
    id: ref.id,
    name: ref.id.split("/").at(-1) ?? "",
    customerId: textAt(model, "properties.customerId") ?? "",
  }),
});
