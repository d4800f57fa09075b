/**
 * A federated credential: jobs of a CI host log in as the application with the host's own token, and no secret is
 * kept anywhere. An application takes 20 of them.
 */
import { z } from "zod";
import { graph } from "../../clients/graph/client.ts";
import { descriptionOf, ownerOfDescription } from "../../families/arm/marks.ts";
import { sameSet } from "../../families/arm/setting.ts";
import {
  belowApplication,
  type CredentialModel,
  findApplication,
  models,
  notYet,
  refuseForeign,
  requireOurs,
  waitUntilSeen,
} from "../../families/entra/directory.ts";
import { credentialRef, entraFamily } from "../../families/entra/family.ts";
import { audience, issuerOf, subjectOf, trustInput } from "../../families/entra/trust.ts";
import type { StepContext } from "../../step/context.ts";
import { applicationHandle, handle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep } from "../../step/step.ts";

const type = "entra/federated-credential";

const input = z.object({
  application: applicationHandle.describe("The application that jobs log in as."),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/)
    .describe(
      "Name of the credential in the application, 3 to 120 letters, digits and `-_`; it can't change.",
    ),
  trust: trustInput.describe("Whose tokens are taken: exactly one issuer and subject."),
});
type Input = z.output<typeof input>;

const output = handle("federated-credential", {
  name: z.string().describe("Name of the credential."),
  issuer: z.string().describe("`iss` of the tokens that it takes."),
  subject: z.string().describe("`sub` of the tokens that it takes."),
});

const pathsOf = (objectId: string, ref: Ref) => {
  const collection = `applications/${objectId}/federatedIdentityCredentials`;
  const name = ref.id.slice(ref.id.indexOf("/") + 1);
  return { one: `${collection}/${name}`, keyed: `${collection}(name='${name}')` };
};

const find = async (
  context: StepContext,
  ref: Ref,
): Promise<{ readonly application: string; readonly credential: CredentialModel } | undefined> => {
  const application = await findApplication(context, ref);
  if (!application) return undefined;
  const client = await context.use(graph);
  const credential = await client.get(pathsOf(application.id, ref).one, models.credential, context.signal);
  return credential && { application: application.id, credential };
};

export default defineStep<Input, z.output<typeof output>, CredentialModel>({
  type,
  version: 1,
  summary: "Lets jobs of a CI host log in as an application without a secret.",
  family: entraFamily,
  input,
  output,
  locate: ({ application, name }) => credentialRef(application.name, name),
  predict: {
    kind: () => "federated-credential",
    name: ({ name }) => name,
    issuer: ({ trust }) => issuerOf(trust),
    subject: ({ trust }) => subjectOf(trust),
  },

  observe: async (context, ref) => {
    const credential = (await find(context, ref))?.credential;
    if (!credential) return { state: "absent" };
    const { name, issuer, subject, description } = credential;
    return {
      state: "present",
      actual: credential,
      output: { kind: "federated-credential", name, issuer, subject },
      owner: ownerOfDescription(description)?.owner,
    };
  },

  fields: ({ trust }, actual) => [
    { path: "issuer", desired: () => issuerOf(trust), actual: actual?.issuer, effect: "update" },
    { path: "subject", desired: () => subjectOf(trust), actual: actual?.subject, effect: "update" },
    {
      path: "audiences",
      desired: () => [audience],
      actual: actual?.audiences,
      effect: "update",
      same: sameSet,
    },
  ],

  apply: async (context, ref, { application, trust }) => {
    const client = await context.use(graph);
    const present = (await find(context, ref))?.credential;
    refuseForeign(context, ref, ownerOfDescription(present?.description)?.owner);
    const body = {
      issuer: issuerOf(trust),
      subject: subjectOf(trust),
      audiences: [audience],
      description: descriptionOf(context.owner, type),
    };
    await context.fence();
    await belowApplication(ref, () =>
      client.upsert(pathsOf(application.objectId, ref).keyed, body, context.signal),
    );
    await waitUntilSeen(
      context,
      ref,
      async () => (await find(context, ref))?.credential.subject === body.subject,
    );
  },

  verify: async (context, ref) => {
    const credential = (await find(context, ref))?.credential;
    if (credential) return { ready: true, detail: credential.subject };
    return { ready: false, reason: notYet(ref).message, worthWaiting: true };
  },

  destroy: async (context, ref) => {
    const found = await find(context, ref);
    if (!found) return;
    requireOurs(context, ref, ownerOfDescription(found.credential.description)?.owner);
    const client = await context.use(graph);
    await context.fence();
    await client.delete(pathsOf(found.application, ref).one, context.signal);
  },
});
