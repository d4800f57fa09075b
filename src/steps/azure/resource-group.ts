/** A resource group. It dies with everything in it, so it refuses to die while it holds anything that is not ours. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { azure } from "../../clients/azure/client.ts";
import { resourceGroupId, sameArmId } from "../../clients/azure/id.ts";
import { tagsSetting } from "../../families/arm/entries.ts";
import { managing } from "../../families/arm/in-group.ts";
import { locationInput, tagsInput } from "../../families/arm/inputs.ts";
import { ownerOf, sameScope } from "../../families/arm/marks.ts";
import { textAt } from "../../families/arm/model.ts";
import { sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { resourceGroupHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";

const armType = "Microsoft.Resources/subscriptions/resourceGroups";

const input = z.object({
  name: z
    .string()
    .regex(/^[-\w._()]{0,89}[-\w_()]$/)
    .describe("Name of the group, 1 to 90 letters, digits and `-_.()`, not ending in a dot."),
  location: locationInput,
  tags: tagsInput,
});

const listed = z.object({
  id: z.string(),
  managedBy: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});

/** What AKS and others make beside a resource of ours is named after it in `managedBy`. */
const refuseForeignContent = async (context: StepContext, ref: Ref): Promise<void> => {
  const client = await context.use(azure);
  const resources = await client.list(`${ref.id}/resources`, apiVersions.resources, listed, context.signal);
  const isMarked = ({ tags }: z.output<typeof listed>): boolean => {
    const owner = ownerOf(tags ?? undefined);
    return owner !== undefined && sameScope(owner, context.owner);
  };
  const ours = resources.filter(isMarked);
  const foreign = resources.filter(
    (resource) => !isMarked(resource) && !ours.some(({ id }) => sameArmId(id, resource.managedBy ?? "")),
  );
  if (foreign.length === 0) return;
  throw new Failure({
    kind: "conflict",
    code: "P0813",
    message: `the group holds ${foreign.length === 1 ? "a resource" : `${foreign.length} resources`} that this pipeline did not make`,
    hint: "Move or remove them, or leave the group: `protect: true` on its step.",
    resource: ref.id,
    evidence: foreign.slice(0, 5).map(({ id }) => id),
  });
};

export default defineArmStep({
  type: "azure/resource-group",
  summary: "A resource group, which other Azure resources live in.",
  input,
  output: resourceGroupHandle,
  apiVersion: apiVersions.resources,
  locate: ({ name }, { subscription }) => ({
    type: "azure/resource-group",
    version: 1,
    id: resourceGroupId(subscription, name),
  }),
  predict: {
    kind: () => "resource-group" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
    location: ({ location }) => location,
  },
  requires: ({ name }) => {
    const scope = `/resourceGroups/${name}`;
    return [
      ...managing(armType, scope),
      // What is in it is looked at before it goes.
      { kind: "permission", action: `${armType}/resources/read`, scope, when: "removal" },
    ];
  },
  settings: [
    {
      path: "location",
      at: "location",
      desired: ({ location }) => location,
      effect: "replace",
      same: sameText,
    },
    tagsSetting(),
  ],
  outputs: (model, ref) => ({
    kind: "resource-group" as const,
    id: ref.id,
    name: textAt(model, "name") ?? "",
    location: textAt(model, "location") ?? "",
  }),
  mayDestroy: refuseForeignContent,
});
