/** What the sandbox's directory knows: applications with their federated credentials, service principals, deleted ones. */
import { z } from "zod";

const credential = z.strictObject({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
  description: z.string().nullable(),
});

const application = z.strictObject({
  id: z.string(),
  appId: z.string(),
  uniqueName: z.string().nullable(),
  displayName: z.string(),
  notes: z.string().nullable(),
  signInAudience: z.string(),
  tags: z.array(z.string()),
  credentials: z.array(credential),
  createdAt: z.number(),
  /** Milliseconds since the epoch; an application that has it is in the deleted items. */
  deletedAt: z.number().nullable(),
  /** False until all of the directory's replicas know it. */
  replicated: z.boolean(),
});

const servicePrincipal = z.strictObject({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  accountEnabled: z.boolean(),
  appRoleAssignmentRequired: z.boolean(),
  notes: z.string().nullable(),
  tags: z.array(z.string()),
  createdAt: z.number(),
  replicated: z.boolean(),
});

export const graphState = z.strictObject({
  applications: z.array(application),
  servicePrincipals: z.array(servicePrincipal),
});

export type GraphState = z.infer<typeof graphState>;
export type Application = z.infer<typeof application>;
export type ServicePrincipal = z.infer<typeof servicePrincipal>;
export type Credential = z.infer<typeof credential>;

export const initialGraphState = (): GraphState => ({ applications: [], servicePrincipals: [] });
