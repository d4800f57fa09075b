/**
 * An application in Entra: what CI logs in as, without a secret. It is found by its unique name, which no two
 * applications of a tenant share. Removing it moves it to the deleted items, where it keeps that name for 30 days: an
 * `up` in that time brings the same application back, with the client id it had.
 */
import { z } from "zod";
import { graph, keyed } from "../../clients/graph/client.ts";
import { sameScope } from "../../families/arm/marks.ts";
import {
  type ApplicationModel,
  findApplication,
  findDeleted,
  refuseForeign,
  requireOurs,
  waitUntilSeen,
} from "../../families/entra/directory.ts";
import { applicationRef, entraFamily } from "../../families/entra/family.ts";
import { ownerOfTags, withMarks } from "../../families/entra/marks.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { applicationHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep } from "../../step/step.ts";

const type = "entra/application";

const input = z.object({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,119}$/)
    .describe(
      "Unique name of the application in the tenant, 1 to 120 letters, digits and `-._`; it can't change.",
    ),
  displayName: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("Name that people see in the portal; the unique name by default."),
});
type Input = z.output<typeof input>;

const displayNameOf = ({ name, displayName }: Input): string => displayName ?? name;

/** Accounts of this tenant alone: nobody else's CI logs in as it. */
const audience = "AzureADMyOrg";

/** What a taken name means: an application of ours in the deleted items comes back, anybody else's stays there. */
const restore = async (context: StepContext, ref: Ref, name: string, refusal: Failure): Promise<void> => {
  const client = await context.use(graph);
  const deleted = await findDeleted(context, client, name);
  if (!deleted) throw refusal;
  const owner = ownerOfTags(deleted.tags)?.owner;
  if (!owner || !sameScope(owner, context.owner)) {
    throw new Failure({
      kind: "conflict",
      code: "P0834",
      message: `an application in Entra's deleted items has the unique name ${name}, and it is not this pipeline's`,
      hint: `Choose another name, or delete that one for good: \`az rest --method delete --url https://graph.microsoft.com/v1.0/directory/deletedItems/${deleted.id}\`.`,
      resource: ref.id,
    });
  }
  context.report({
    kind: "notice",
    message: "it was in Entra's deleted items and is restored, with the client id it had",
  });
  await context.fence();
  await client.act(`directory/deletedItems/${deleted.id}/restore`, context.signal);
};

const apply = async (context: StepContext, ref: Ref, wanted: Input): Promise<void> => {
  const client = await context.use(graph);
  const present = await findApplication(context, ref);
  refuseForeign(context, ref, present && ownerOfTags(present.tags)?.owner);
  const path = keyed("applications", "uniqueName", wanted.name);
  const write = async (tags: readonly string[]): Promise<void> => {
    await context.fence();
    const body = {
      displayName: displayNameOf(wanted),
      signInAudience: audience,
      tags: withMarks(tags, context.owner, type),
    };
    await client.upsert(path, body, context.signal);
  };
  const seen = async (): Promise<boolean> => {
    const found = await findApplication(context, ref);
    const owner = found && ownerOfTags(found.tags)?.owner;
    return owner !== undefined && sameScope(owner, context.owner);
  };
  try {
    await write(present?.tags ?? []);
  } catch (error) {
    if (present || !(error instanceof Failure) || error.kind !== "conflict") throw error;
    await restore(context, ref, wanted.name, error);
    await waitUntilSeen(context, ref, seen);
    await write((await findApplication(context, ref))?.tags ?? []);
  }
  await waitUntilSeen(context, ref, seen);
};

export default defineStep<Input, z.output<typeof applicationHandle>, ApplicationModel>({
  type,
  version: 1,
  summary: "An application in Entra, which CI logs in as.",
  family: entraFamily,
  input,
  output: applicationHandle,
  locate: ({ name }) => applicationRef(name),
  predict: { kind: () => "application", name: ({ name }) => name },

  observe: async (context, ref) => {
    const found = await findApplication(context, ref);
    if (!found) return { state: "absent" };
    return {
      state: "present",
      actual: found,
      output: {
        kind: "application",
        name: found.uniqueName ?? "",
        clientId: found.appId,
        objectId: found.id,
      },
      owner: ownerOfTags(found.tags)?.owner,
    };
  },

  fields: (wanted, actual) => [
    {
      path: "displayName",
      desired: () => displayNameOf(wanted),
      actual: actual?.displayName,
      effect: "update",
    },
    {
      path: "signInAudience",
      desired: () => audience,
      actual: actual?.signInAudience ?? undefined,
      effect: "update",
    },
  ],

  apply,

  verify: async (context, ref) => {
    const found = await findApplication(context, ref);
    if (found) return { ready: true, detail: `client id ${found.appId}` };
    return { ready: false, reason: "Entra does not show the application", worthWaiting: true };
  },

  destroy: async (context, ref) => {
    const found = await findApplication(context, ref);
    if (!found) return;
    requireOurs(context, ref, ownerOfTags(found.tags)?.owner);
    const client = await context.use(graph);
    await context.fence();
    await client.delete(`applications/${found.id}`, context.signal);
    context.report({
      kind: "notice",
      message:
        "it is in Entra's deleted items for 30 days: nobody logs in as it, its unique name stays taken, and `up` brings it back",
    });
  },
});
