/** Microsoft.Network/privateLinkServices: a cloud provider looks whether one is on a frontend before it drops it. */
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { derivedGuid } from "./derived-guid.ts";

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z
    .looseObject({
      loadBalancerFrontendIpConfigurations: z.array(z.looseObject({ id: z.string() })).optional(),
    })
    .default({}),
});

type PrivateLinkService = z.infer<typeof schema>;

export const privateLinkService = defineKind<PrivateLinkService>({
  type: "Microsoft.Network/privateLinkServices",
  home: "group",
  located: true,
  schema,
  validate: () => undefined,
  create: ({ body }) => body,
  update: ({ body }) => body,
  creating: "Updating",
  asynchronous: { create: 5_000, update: 3_000, remove: 5_000 },
  etag: { field: "etag", conditional: true },
  show: ({ id, body }) => ({
    ...body,
    properties: {
      ipConfigurations: [],
      privateEndpointConnections: [],
      ...body.properties,
      resourceGuid: derivedGuid(id, "resource"),
    },
  }),
});
