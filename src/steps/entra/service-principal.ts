/** The service principal of an application: the application in its tenant, which roles are given to. */
import { z } from "zod";
import { type GraphClient, graph, keyed } from "../../clients/graph/client.ts";
import {
  belowApplication,
  findApplication,
  models,
  notYet,
  type PrincipalModel,
  refuseForeign,
  requireOurs,
  waitUntilSeen,
} from "../../families/entra/directory.ts";
import { applicationNameOf, entraFamily, principalRef } from "../../families/entra/family.ts";
import { ownerOfTags, withMarks } from "../../families/entra/marks.ts";
import type { StepContext } from "../../step/context.ts";
import { applicationHandle, servicePrincipalHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep } from "../../step/step.ts";

const type = "entra/service-principal";

const input = z.object({
  application: applicationHandle.describe("The application that it is for."),
});
type Input = z.output<typeof input>;
type Output = z.output<typeof servicePrincipalHandle>;

const pathOf = (clientId: string): string => keyed("servicePrincipals", "appId", clientId);

const read = (
  context: StepContext,
  client: GraphClient,
  clientId: string,
): Promise<PrincipalModel | undefined> => client.get(pathOf(clientId), models.principal, context.signal);

const find = async (context: StepContext, ref: Ref): Promise<PrincipalModel | undefined> => {
  const application = await findApplication(context, ref);
  return application && read(context, await context.use(graph), application.appId);
};

/** The same before anything exists, so that the name of a role assignment follows from it. */
const idOf = (ref: Ref): string => `entra:applications/${applicationNameOf(ref)}/servicePrincipal`;

export default defineStep<Input, Output, PrincipalModel>({
  type,
  version: 1,
  summary: "The service principal of an application, which roles are given to.",
  family: entraFamily,
  input,
  output: servicePrincipalHandle,
  locate: ({ application }) => principalRef(application.name),
  predict: {
    kind: () => "service-principal",
    id: (_, ref) => idOf(ref),
    name: ({ application }) => application.name,
    clientId: ({ application }) => application.clientId,
  },

  observe: async (context, ref) => {
    const found = await find(context, ref);
    if (!found) return { state: "absent" };
    return {
      state: "present",
      actual: found,
      output: {
        kind: "service-principal",
        id: idOf(ref),
        name: applicationNameOf(ref),
        principalId: found.id,
        clientId: found.appId,
        tenantId: found.appOwnerOrganizationId ?? "",
      },
      owner: ownerOfTags(found.tags)?.owner,
    };
  },

  fields: (_, actual) => [
    {
      path: "accountEnabled",
      desired: () => true,
      actual: actual?.accountEnabled ?? undefined,
      effect: "update",
    },
  ],

  apply: async (context, ref, { application }) => {
    const client = await context.use(graph);
    const { clientId } = application;
    const present = await read(context, client, clientId);
    refuseForeign(context, ref, present && ownerOfTags(present.tags)?.owner);
    await context.fence();
    const tags = withMarks(present?.tags ?? [], context.owner, type);
    await belowApplication(ref, () =>
      client.upsert(pathOf(clientId), { accountEnabled: true, tags }, context.signal),
    );
    await waitUntilSeen(context, ref, async () => {
      const found = await find(context, ref);
      return found !== undefined && ownerOfTags(found.tags) !== undefined;
    });
  },

  verify: async (context, ref) => {
    const found = await find(context, ref);
    if (!found) return { ready: false, reason: notYet(ref).message, worthWaiting: true };
    return { ready: true, detail: `object id ${found.id}` };
  },

  destroy: async (context, ref) => {
    const found = await find(context, ref);
    if (!found) return;
    requireOurs(context, ref, ownerOfTags(found.tags)?.owner);
    const client = await context.use(graph);
    await context.fence();
    await client.delete(`servicePrincipals/${found.id}`, context.signal);
  },
});
