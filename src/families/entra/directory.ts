/**
 * Reading and writing the directory as a step does: objects by names that are known beforehand, our marks on each, and
 * after a write a look until all of the directory shows it.
 */
import { z } from "zod";
import { type GraphClient, graph, keyed } from "../../clients/graph/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import { sameScope } from "../arm/marks.ts";
import { applicationNameOf } from "./family.ts";

const applicationModel = z.object({
  id: z.string(),
  appId: z.string(),
  uniqueName: z.string().nullish(),
  displayName: z.string(),
  signInAudience: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
export type ApplicationModel = z.output<typeof applicationModel>;

const principalModel = z.object({
  id: z.string(),
  appId: z.string(),
  accountEnabled: z.boolean().nullish(),
  appOwnerOrganizationId: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
export type PrincipalModel = z.output<typeof principalModel>;

const credentialModel = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
  description: z.string().nullish(),
});
export type CredentialModel = z.output<typeof credentialModel>;

export const models = {
  application: applicationModel,
  principal: principalModel,
  credential: credentialModel,
};

/** The application that a Ref names, or that what it names lives in. */
export const findApplication = async (
  context: StepContext,
  ref: Ref,
): Promise<ApplicationModel | undefined> => {
  const client = await context.use(graph);
  return client.get(
    keyed("applications", "uniqueName", applicationNameOf(ref)),
    applicationModel,
    context.signal,
  );
};

/** A deleted application keeps its unique name for 30 days, and nobody else can have it meanwhile. */
export const findDeleted = async (
  context: StepContext,
  client: GraphClient,
  uniqueName: string,
): Promise<ApplicationModel | undefined> => {
  const path = "directory/deletedItems/microsoft.graph.application";
  const deleted = await client.list(path, applicationModel, context.signal);
  return deleted.find((each) => each.uniqueName === uniqueName);
};

/** The runner has judged what it observed; this is about what came between. Unmarked is its to allow by `adopt`. */
export const refuseForeign = (context: StepContext, ref: Ref, found: Owner | undefined): void => {
  if (!found || sameScope(found, context.owner)) return;
  throw notOurs(ref);
};

/** Throws where something may not be removed: without our marks, or with another pipeline's. */
export const requireOurs = (context: StepContext, ref: Ref, found: Owner | undefined): void => {
  if (!found || !sameScope(found, context.owner)) throw notOurs(ref);
};

const notOurs = (ref: Ref): Failure =>
  new Failure({
    kind: "conflict",
    code: "P0832",
    message: "it does not carry this pipeline's marks, so it is left alone",
    resource: ref.id,
  });

/** So many looks after a write, each a poll interval apart, before the runner is told to come back. */
const looks = 10;

/** Looks until what was just written is seen. @throws Failure `replicating` where it is not, after all the looks. */
export const waitUntilSeen = async (
  context: StepContext,
  ref: Ref,
  seen: () => Promise<boolean>,
): Promise<void> => {
  for (let look = 1; look <= looks; look += 1) {
    if (await seen()) return;
    if (look === 1) context.report({ kind: "waiting", reason: "Entra does not show it everywhere yet" });
    await context.clock.sleep(context.environment.pollInterval, context.signal);
  }
  throw notYet(ref);
};

/** What a 404 of an application means to a step that was handed it: it exists, and is not seen yet. */
export const notYet = (ref: Ref): Failure =>
  new Failure({
    kind: "replicating",
    code: "P0833",
    message: "what was made a moment ago is not known everywhere in Entra yet",
    resource: ref.id,
  });

/** A write below an application that the next replica does not know is one to be repeated. */
export const belowApplication = async (ref: Ref, write: () => Promise<void>): Promise<void> => {
  try {
    await write();
  } catch (error) {
    if (error instanceof Failure && error.kind === "not-found") throw notYet(ref);
    throw error;
  }
};
