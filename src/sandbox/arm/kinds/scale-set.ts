/** Microsoft.Compute/virtualMachineScaleSets, of which a cluster's nodes are: one for each pool. */
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { derivedGuid } from "./derived-guid.ts";

export const scaleSetType = "Microsoft.Compute/virtualMachineScaleSets";

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  zones: z.array(z.string()).nullish(),
  sku: z.looseObject({ name: z.string(), capacity: z.int().optional() }).optional(),
  properties: z.looseObject({}).default({}),
});

type ScaleSet = z.infer<typeof schema>;

export const scaleSet = defineKind<ScaleSet>({
  type: scaleSetType,
  home: "group",
  located: true,
  schema,
  validate: () => undefined,
  create: ({ body }) => body,
  update: ({ body }) => body,
  asynchronous: { create: 60_000, update: 30_000, remove: 30_000 },
  show: ({ id, body }) => ({
    ...body,
    ...(body.sku ? { sku: { tier: "Standard", ...body.sku } } : {}),
    properties: {
      singlePlacementGroup: false,
      orchestrationMode: "Uniform",
      upgradePolicy: { mode: "Manual" },
      ...body.properties,
      uniqueId: derivedGuid(id, "resource"),
    },
  }),
});
