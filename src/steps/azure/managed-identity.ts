/** A user-assigned managed identity: known before the cluster exists, so that its roles are in place by then. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { tagsSetting } from "../../families/arm/entries.ts";
import { locateInGroup, requiresInGroup } from "../../families/arm/in-group.ts";
import { regionInGroup, tagsInput } from "../../families/arm/inputs.ts";
import { textAt, without } from "../../families/arm/model.ts";
import { locationSetting } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { identityHandle, resourceGroupHandle } from "../../step/handle.ts";

const type = "azure/managed-identity";
const armType = "Microsoft.ManagedIdentity/userAssignedIdentities";

const input = z.object({
  group: resourceGroupHandle.describe("The group to make the identity in."),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][-\w]{2,127}$/)
    .describe("Name of the identity, 3 to 128 letters, digits and `-_`."),
  location: regionInGroup,
  tags: tagsInput,
});
type Input = z.output<typeof input>;

export default defineArmStep({
  type,
  summary: "A user-assigned managed identity, which a cluster acts as.",
  input,
  output: identityHandle,
  apiVersion: apiVersions.identities,
  locate: locateInGroup(type, armType),
  predict: {
    kind: () => "identity" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
  },
  requires: (given) => requiresInGroup(armType, given),
  settings: [locationSetting<Input>(), tagsSetting<Input>()],
  // Whatever is in there the service alone writes.
  prepare: (body) => without(body, ["properties"]),
  outputs: (model, ref) => ({
    kind: "identity" as const,
    id: ref.id,
    name: ref.id.split("/").at(-1) ?? "",
    principalId: textAt(model, "properties.principalId") ?? "",
    clientId: textAt(model, "properties.clientId") ?? "",
  }),
});
