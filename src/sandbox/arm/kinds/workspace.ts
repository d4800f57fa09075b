/** Microsoft.OperationalInsights/workspaces: Log Analytics. */
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";
import type { Write } from "../kind.ts";
import { derivedGuid } from "./derived-guid.ts";

const schema = z.looseObject({
  location: z.string(),
  properties: z
    .looseObject({
      retentionInDays: z.number().optional(),
      sku: z.looseObject({ name: z.string() }).optional(),
    })
    .default({}),
});

type Workspace = z.infer<typeof schema>;

const complete = ({ id, body }: Write<Workspace>): Workspace => ({
  ...body,
  properties: {
    retentionInDays: 30,
    sku: { name: "PerGB2018" },
    publicNetworkAccessForIngestion: "Enabled",
    publicNetworkAccessForQuery: "Enabled",
    ...body.properties,
    customerId: derivedGuid(id, "workspace"),
  },
});

export const workspace = defineKind<Workspace>({
  type: "Microsoft.OperationalInsights/workspaces",
  home: "group",
  located: true,
  schema,
  validate({ name, body }) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/.test(name)) {
      throw badRequest("InvalidResourceName", `The workspace name '${name}' is invalid.`);
    }
    const days = body.properties.retentionInDays;
    if (days !== undefined && (days < 30 || days > 730)) {
      throw badRequest(
        "InvalidParameter",
        `'RetentionInDays' property doesn't match the SKU limits: ${days}.`,
      );
    }
  },
  create: complete,
  update: complete,
  asynchronous: { create: 10_000, update: 3_000, remove: 5_000 },
});
