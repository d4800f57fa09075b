/** Microsoft.ManagedIdentity/userAssignedIdentities and the federated credentials in them. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";
import type { Write } from "../kind.ts";

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({ principalId: z.string().optional() }).optional(),
});

type Identity = z.infer<typeof schema>;

/** An identity that is made anew is another principal, though its id is the same. */
const principalsOf = ({ before }: Write<Identity>): Identity["properties"] =>
  before?.properties ?? { principalId: randomUUID(), clientId: randomUUID() };

const complete = (write: Write<Identity>): Identity => ({
  ...write.body,
  properties: { tenantId: write.arm.settings.tenant, ...principalsOf(write) },
});

export const managedIdentity = defineKind<Identity>({
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  home: "group",
  located: true,
  groupSegment: "resourcegroups",
  schema,
  validate({ name }) {
    if (!/^[a-zA-Z0-9][-a-zA-Z0-9_]{2,127}$/.test(name)) {
      throw badRequest("BadRequest", `The resource name '${name}' is invalid.`);
    }
  },
  create: complete,
  update: complete,
  /** Until then a role assignment without `principalType` fails with PrincipalNotFound. */
  replication: 30_000,
});

const federated = z.looseObject({
  properties: z.looseObject({
    issuer: z.string(),
    subject: z.string(),
    audiences: z.array(z.string()).min(1),
  }),
});

export const federatedCredential = defineKind<z.infer<typeof federated>>({
  type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
  home: "group",
  located: false,
  groupSegment: "resourcegroups",
  schema: federated,
  validate() {},
  create: ({ body }) => body,
  update: ({ body }) => body,
});
